"""The way back: a step returns the matter, or the office that sent it takes it back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.flow.models import RouteRun, RouteStep, subject_of_kind
from duikou.flow.rules import AUTHOR, StepRule
from duikou.flow.selectors.entitled import Doers, delegations_to, may_do
from duikou.flow.selectors.routes import may_withdraw, run_known
from duikou.flow.services.route_hold import (
    act_written,
    behalf,
    rule_of,
    run_end,
    run_held,
    step_opened,
    steps_counting,
    too_late,
    words_checked,
)
from duikou.flow.services.route_steps import items_close, steps_end, steps_open
from duikou.flow.services.route_tellings import author_told
from duikou.flow.states import RunState, StepState, Verb
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid
from duikou.kernel.facts import announce


@transaction.atomic
def step_return(*, actor: Actor, step_id: int, to: str, reason: str) -> RouteRun:
    """Send the matter back from an open step to an earlier one, or to the author (which ends the run).

    What was done from there on is void and must be done again; all of it stays in the history. A reason is a must.
    """
    run, step, kind = step_opened(actor, step_id)
    definition = run.rules
    steps = steps_counting(run)
    verdict, standing = may_do(actor, run, step, Doers.of(run, steps), delegations_to(actor))
    verdict.or_raise()
    rule = rule_of(definition, step)
    if to not in definition.returns_from(rule):
        raise Invalid(fields={"to": [_("不能退回到这一环节。")]})
    reason = words_checked(reason, "reason", needed=True)
    target = None if to == AUTHOR else definition.step(to)
    void = [one for one in steps if one.pk != step.pk and (target is None or _undone_by(one, target))]
    undone = [one.title for one in void if one.state == StepState.DONE]
    RouteStep.objects.filter(pk=step.pk, state=StepState.OPEN).update(
        state=StepState.RETURNED,
        done_at=now(),
        account_id=actor.account_id,
        on_behalf_of_id=standing.giver_id,
        returned_to=to,
    )
    step.state, step.returned_to = StepState.RETURNED, to
    items_close(actor, step)
    steps_end(actor, void, StepState.VOID)
    after = {"step": step.title, "to": to if target is None else target.title, "void": undone, **behalf(standing)}
    act_written(
        actor,
        run,
        step,
        Verb.RETURN,
        seen=run.digest,
        note=reason,
        standing=standing,
        to=to,
        after=after,
        reason=reason,
    )
    if target is None:
        run_end(run, RunState.RETURNED)
        author_told(actor, run, reason)
    else:
        RouteRun.objects.filter(pk=run.pk).update(stage=target.stage)
        run.stage = target.stage
        steps_open(actor, run, [target])
    kind.on_return(actor=actor, run=run, step=step, reason=reason)
    announce("flow.run.returned", run_id=run.pk, step_id=step.pk)
    return run


def _undone_by(step: RouteStep, target: StepRule) -> bool:
    """Whether a step that counts is void when the matter goes back to `target`: that step, and all later stages."""
    return step.code == target.code or step.stage > target.stage


@transaction.atomic
def run_withdraw(*, actor: Actor, run_id: int, reason: str) -> RouteRun:
    """Take a running matter back, by the office that sent it, before the last signature. A reason is a must."""
    run, is_held = run_held(run_known(actor=actor, run_id=run_id))
    kind = subject_of_kind(run.subject_kind)
    if not is_held:
        raise too_late(actor, run, None)
    may_withdraw(actor, run).or_raise()
    reason = words_checked(reason, "reason", needed=True)
    steps = steps_counting(run)
    undone = [one.title for one in steps if one.state == StepState.DONE]
    steps_end(actor, steps, StepState.VOID)
    run_end(run, RunState.WITHDRAWN)
    act_written(actor, run, None, Verb.WITHDRAW, seen=run.digest, note=reason, after={"void": undone}, reason=reason)
    kind.on_withdraw(actor=actor, run=run, reason=reason)
    announce("flow.run.withdrawn", run_id=run.pk)
    return run
