"""Doing a step: signing, confirming, receiving, recording a consent, issuing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.flow.models import RouteRun, RouteStep, Subject
from duikou.flow.rules import Definition, StepRule
from duikou.flow.selectors.entitled import Doers, delegations_to, may_do
from duikou.flow.selectors.routes import EVIDENCE_KIND
from duikou.flow.services.route_given import answers_checked, consent_checked
from duikou.flow.services.route_hold import (
    Consent,
    act_written,
    behalf,
    rule_of,
    run_end,
    step_opened,
    steps_counting,
    words_checked,
)
from duikou.flow.services.route_steps import items_close, stage_done, steps_end, steps_open
from duikou.flow.states import RunState, StepState, Verb
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, Stale
from duikou.kernel.facts import announce
from duikou.records.models import Evidence
from duikou.records.services.audit import SubjectRef
from duikou.records.services.evidence import evidence_add


@transaction.atomic
def step_act(
    *,
    actor: Actor,
    step_id: int,
    seen: str,
    note: str = "",
    consent: Consent | None = None,
    given: Mapping[str, Any] | None = None,
    evidence: UploadedFile[Any] | None = None,
) -> RouteRun:
    """Do an open step. `seen` is the digest of what the actor was shown; another one than the run's is `Stale`.

    `given` answers what the step asks for, by code. The file is kept as evidence of the step. Raises `NotFound` for
    strangers, `Forbidden` with the reason, `AlreadyDone` for the same person again, `Conflict` naming who was first,
    `Invalid` at the field (`ask_CODE` for an answer).
    """
    run, step, kind = step_opened(actor, step_id)
    definition = run.rules
    steps = steps_counting(run)
    verdict, standing = may_do(actor, run, step, Doers.of(run, steps), delegations_to(actor))
    verdict.or_raise()
    _refuse_stale(run, kind, seen)
    rule = rule_of(definition, step)
    note = words_checked(note, "note")
    agreed, answers = consent_checked(run, rule, consent), answers_checked(run, rule, given or {})
    if evidence is not None:
        ref = SubjectRef(EVIDENCE_KIND, str(step.pk), f"{run.subject_label} · {step.title}"[:300])
        evidence_add(actor=actor, subject=ref, file=evidence)
    _refuse_without_evidence(rule, step)
    at = now()
    values = {"state": StepState.DONE, "done_at": at, "account_id": actor.account_id}
    changed = RouteStep.objects.filter(pk=step.pk, state=StepState.OPEN).update(
        **values, on_behalf_of_id=standing.giver_id
    )
    if not changed:
        raise Conflict
    for name, value in {**values, "on_behalf_of_id": standing.giver_id}.items():
        setattr(step, name, value)
    after = {"step": step.title, "seen": seen, **behalf(standing)}
    if agreed:
        after["consent"] = f"{agreed.name}（{agreed.post}，{agreed.on:%Y-%m-%d}）"
    after |= {f"given_{one['code']}": one["value"] for one in answers}
    said: dict[str, Any] = {"seen": seen, "note": note, "standing": standing, "consent": agreed, "given": answers}
    act_written(actor, run, step, Verb(step.act), after=after, **said)
    items_close(actor, step)
    _advance(actor, run, kind, definition, [step if one.pk == step.pk else one for one in steps])
    announce("flow.step.done", run_id=run.pk, step_id=step.pk)
    return run


def _refuse_stale(run: RouteRun, kind: Subject, seen: str) -> None:
    present = kind.digest(run.subject_id) if kind.digest is not None else run.digest
    if seen != run.digest or present != run.digest:
        raise Stale(_("内容与您看到的不一致，请刷新后重新核对再办理。"))


def _refuse_without_evidence(rule: StepRule, step: RouteStep) -> None:
    if rule.evidence and not Evidence.objects.filter(subject_kind=EVIDENCE_KIND, subject_id=str(step.pk)).exists():
        raise Invalid(fields={"evidence": [_("请上传签署件。")]})


def _advance(actor: Actor, run: RouteRun, kind: Subject, definition: Definition, steps: Sequence[RouteStep]) -> None:
    """When the stage is complete: skip what was optional, tell the owner, open the next stage or finish."""
    if not stage_done(definition, run.stage, steps):
        return
    stage = definition.stages[run.stage]
    left = [one for one in steps if one.stage == run.stage and one.state == StepState.OPEN]
    steps_end(actor, left, StepState.SKIPPED)
    if run.stage + 1 < len(definition.stages):
        RouteRun.objects.filter(pk=run.pk).update(stage=run.stage + 1)
        kind.on_stage(actor=actor, run=run, stage_code=stage.code)
        run.stage += 1
        done = {one.code for one in steps if one.stage == run.stage}
        steps_open(actor, run, [rule for rule in definition.stages[run.stage].steps if rule.code not in done])
        announce("flow.run.advanced", run_id=run.pk, stage=stage.code)
        return
    kind.on_stage(actor=actor, run=run, stage_code=stage.code)
    run_end(run, RunState.FINISHED)
    kind.on_finish(actor=actor, run=run)
    announce("flow.run.finished", run_id=run.pk)
