"""Holding a run for one act, and what every act leaves behind: its line of history, its event, its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from duikou.flow.models import LIVE, RouteAct, RouteRun, RouteStep, Subject, subject_of_kind
from duikou.flow.rules import Definition, StepRule
from duikou.flow.selectors.entitled import Standing
from duikou.flow.selectors.routes import step_known
from duikou.flow.services.route_steps import subject_ref
from duikou.flow.states import RunState, StepState, Verb
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.text import clean
from duikou.records.services.audit import SubjectRef, record

LONGEST = 1000
"""Characters of a note or a reason."""


class AlreadyDone(Conflict):
    """The same person did this already (a double click, a second tab): nothing is done again."""

    code = "already_done"


@dataclass(frozen=True, slots=True)
class Consent:
    """Who agreed without an account: name, post, and the day."""

    name: str
    post: str
    on: dt.date | None


def step_opened(actor: Actor, step_id: int) -> tuple[RouteRun, RouteStep, Subject]:
    """A step that still waits, with its run held until the transaction ends."""
    known = step_known(actor=actor, step_id=step_id)
    run, is_held = run_held(known.run)
    step = RouteStep.objects.get(pk=step_id)
    if is_held and step.state == StepState.OPEN:
        return run, step, subject_of_kind(run.subject_kind)
    raise too_late(actor, run, step)


def run_held(run: RouteRun) -> tuple[RouteRun, bool]:
    """The run as it is now and whether it runs; a conditional update lets others at it wait for this transaction."""
    is_held = RouteRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(revision=F("revision") + 1) == 1
    run.refresh_from_db(fields=["state", "stage", "revision", "digest", "ended_at"])
    return run, is_held


def too_late(actor: Actor, run: RouteRun, step: RouteStep | None) -> Conflict:
    """Why nothing can be done here any more, and who was first."""
    act = RouteAct.objects.filter(run=run, step=step).order_by("-id").first() if step is not None else None
    if act is None and run.state != RunState.RUNNING:
        act = RouteAct.objects.filter(run=run).order_by("-id").first()
    if act is None:
        return Conflict(_("这一步已作废，请刷新后再看。"))
    verb = act.get_verb_display()
    if actor.account_id is not None and act.account_id == actor.account_id:
        return AlreadyDone(_("您已经办理过（%(verb)s），不必重复。") % {"verb": verb})
    return Conflict(_("%(name)s已先办理（%(verb)s）。") % {"name": act.name, "verb": verb})


def steps_counting(run: RouteRun) -> list[RouteStep]:
    """The run's steps that count, in order."""
    return list(RouteStep.objects.filter(run=run, state__in=LIVE).order_by("id"))


def rule_of(definition: Definition, step: RouteStep) -> StepRule:
    """What the definition says of the step."""
    rule = definition.step(step.code)
    if rule is None:
        raise Conflict
    return rule


def words_checked(text: str, field: str, *, needed: bool = False) -> str:
    """A note or reason as it is kept; `Invalid` at `field` when it is too long, or `needed` and missing."""
    text = clean(text)
    if needed and not text:
        raise Invalid(fields={field: [_("请写明理由。")]})
    if len(text) > LONGEST:
        raise Invalid(fields={field: [_("最多%(limit)s个字。") % {"limit": LONGEST}]})
    return text


def behalf(standing: Standing) -> dict[str, str]:
    """For the trail: whom the actor stood in for."""
    return {"on_behalf_of": standing.giver_name} if standing.delegation else {}


def run_end(run: RouteRun, state: RunState) -> None:
    """Nothing more is done at the run."""
    run.state, run.ended_at = state, now()
    RouteRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(state=state, ended_at=run.ended_at)


def act_written(
    actor: Actor,
    run: RouteRun,
    step: RouteStep | None,
    verb: Verb,
    *,
    seen: str,
    note: str = "",
    standing: Standing | None = None,
    consent: Consent | None = None,
    to: str = "",
    given: Sequence[Mapping[str, str]] = (),
    after: Mapping[str, Any],
    reason: str = "",
) -> None:
    """One act, one event of the trail."""
    standing = standing or Standing()
    RouteAct.objects.create(
        run=run,
        step=step,
        verb=verb,
        at=now(),
        account_id=actor.account_id,
        name=actor.name[:150],
        role=actor.role.value,
        organisation_name=actor.organisation_name[:200],
        delegation=standing.delegation,
        on_behalf_of_name=standing.giver_name[:150],
        seen=seen,
        note=note,
        to=to,
        consent_name=consent.name if consent else "",
        consent_post=consent.post if consent else "",
        consent_on=consent.on if consent else None,
        given=list(given),
    )
    ref = SubjectRef("flow.routerun", str(run.pk), subject_ref(run).label)
    whole = {**after, "subject": f"{run.subject_kind} {run.subject_id}"}
    record(actor=actor, action=f"flow.route.{verb.value}", subject=ref, after=whole, reason=reason or note)
