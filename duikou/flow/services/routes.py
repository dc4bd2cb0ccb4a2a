"""The acts on a route: start, do a step, send back, withdraw. Each is one transaction, and happens once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from duikou.flow.models import LIVE, RouteAct, RouteRun, RouteStep, Subject, subject_of_kind
from duikou.flow.rules import AUTHOR, Definition, StepRule
from duikou.flow.selectors.entitled import Doers, Standing, delegations_to, may_do
from duikou.flow.selectors.routes import EVIDENCE_KIND, may_withdraw, run_known, step_known
from duikou.flow.services.inbox import item_close
from duikou.flow.services.route_steps import items_close, stage_done, steps_end, steps_open, subject_ref
from duikou.flow.services.route_tellings import author_told, returned_key
from duikou.flow.states import Party, RunState, StepState, Verb
from duikou.kernel.actor import Actor
from duikou.kernel.clock import SHANGHAI, now, today
from duikou.kernel.errors import Conflict, Invalid, Stale
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, clean_name
from duikou.programme.models import Programme, Region, Route
from duikou.records.models import Evidence
from duikou.records.services.audit import SubjectRef, record
from duikou.records.services.evidence import evidence_add

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


@transaction.atomic
def run_start(
    *,
    actor: Actor,
    route: Route,
    subject: SubjectRef,
    parties: Mapping[str, Region],
    digest: str,
    programme: Programme,
) -> RouteRun:
    """Send `subject` on its way; the run keeps the definition as it is now. The caller has judged that the actor may.

    Raises `AlreadyDone`/`Conflict` while a run of the subject is running, `Invalid` when the route needs a side that
    `parties` ("first", "second" → region) lacks.
    """
    kind = subject_of_kind(subject.kind)
    definition = Definition.read(route.definition)
    if missing := definition.parties - parties.keys():
        names = _("、").join(str(Party(code).label) for code in sorted(missing))
        raise Invalid(_("这条流程需要双方地区，缺少：%(parties)s。") % {"parties": names})
    _refuse_running(actor, subject)
    run = RouteRun(
        programme=programme,
        route=route,
        edition=programme.version,
        definition=route.definition,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_label=subject.label[:300],
        first_region=parties.get("first"),
        second_region=parties.get("second"),
        digest=digest,
        started_at=now(),
        started_by_id=actor.account_id,
        starter_name=actor.name[:150],
        starter_organisation_id=actor.organisation_id,
        starter_region_path=actor.region_path,
    )
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        _refuse_running(actor, subject)
        raise
    _written(actor, run, None, Verb.START, seen=digest, after={"route": route.label, "seen": digest})
    last = (
        RouteRun.objects.filter(subject_kind=subject.kind, subject_id=subject.id, pk__lt=run.pk).order_by("-id").first()
    )
    if last is not None:
        item_close(actor=actor, key=returned_key(last.pk))
    steps_open(actor, run, definition.stages[0].steps)
    kind.on_start(actor=actor, run=run)
    announce("flow.run.started", run_id=run.pk)
    return run


def _refuse_running(actor: Actor, subject: SubjectRef) -> None:
    running = RouteRun.objects.filter(subject_kind=subject.kind, subject_id=subject.id, state=RunState.RUNNING).first()
    if running is None:
        return
    if running.started_by_id is not None and running.started_by_id == actor.account_id:
        raise AlreadyDone(_("您已经送签，正在办理中。"))
    raise Conflict(_("%(name)s已经送签，正在办理中。") % {"name": running.starter_name})


@transaction.atomic
def step_act(
    *,
    actor: Actor,
    step_id: int,
    seen: str,
    note: str = "",
    consent: Consent | None = None,
    evidence: UploadedFile[Any] | None = None,
) -> RouteRun:
    """Do an open step. `seen` is the digest of what the actor was shown; another one than the run's is `Stale`.

    Raises `NotFound` for strangers, `Forbidden` with the reason, `AlreadyDone` for the same person again, `Conflict`
    naming who was first, `Invalid` at the field. The file is kept as evidence of the step.
    """
    run, step, kind = _opened(actor, step_id)
    definition = run.rules
    steps = _counting(run)
    verdict, standing = may_do(actor, run, step, Doers.of(run, steps), delegations_to(actor))
    verdict.or_raise()
    _refuse_stale(run, kind, seen)
    rule = _rule(definition, step)
    note = _words(note, "note")
    agreed = _consent(run, rule, consent)
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
    after = {"step": step.title, "seen": seen, **_behalf(standing)}
    if agreed:
        after["consent"] = f"{agreed.name}（{agreed.post}，{agreed.on:%Y-%m-%d}）"
    _written(actor, run, step, Verb(step.act), seen=seen, note=note, standing=standing, consent=agreed, after=after)
    items_close(actor, step)
    _advance(actor, run, kind, definition, [step if one.pk == step.pk else one for one in steps])
    announce("flow.step.done", run_id=run.pk, step_id=step.pk)
    return run


@transaction.atomic
def step_return(*, actor: Actor, step_id: int, to: str, reason: str) -> RouteRun:
    """Send the matter back from an open step to an earlier one, or to the author (which ends the run).

    What was done from there on is void and must be done again; all of it stays in the history. A reason is a must.
    """
    run, step, kind = _opened(actor, step_id)
    definition = run.rules
    steps = _counting(run)
    verdict, standing = may_do(actor, run, step, Doers.of(run, steps), delegations_to(actor))
    verdict.or_raise()
    rule = _rule(definition, step)
    if to not in definition.returns_from(rule):
        raise Invalid(fields={"to": [_("不能退回到这一环节。")]})
    reason = _words(reason, "reason", needed=True)
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
    after = {"step": step.title, "to": to if target is None else target.title, "void": undone, **_behalf(standing)}
    _written(
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
        _end(run, RunState.RETURNED)
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
    run, is_held = _held(run_known(actor=actor, run_id=run_id))
    kind = subject_of_kind(run.subject_kind)
    if not is_held:
        raise _too_late(actor, run, None)
    may_withdraw(actor, run).or_raise()
    reason = _words(reason, "reason", needed=True)
    steps = _counting(run)
    undone = [one.title for one in steps if one.state == StepState.DONE]
    steps_end(actor, steps, StepState.VOID)
    _end(run, RunState.WITHDRAWN)
    _written(actor, run, None, Verb.WITHDRAW, seen=run.digest, note=reason, after={"void": undone}, reason=reason)
    kind.on_withdraw(actor=actor, run=run)
    announce("flow.run.withdrawn", run_id=run.pk)
    return run


def _opened(actor: Actor, step_id: int) -> tuple[RouteRun, RouteStep, Subject]:
    """A step that still waits, with its run held until the transaction ends."""
    known = step_known(actor=actor, step_id=step_id)
    run, is_held = _held(known.run)
    step = RouteStep.objects.get(pk=step_id)
    if is_held and step.state == StepState.OPEN:
        return run, step, subject_of_kind(run.subject_kind)
    raise _too_late(actor, run, step)


def _held(run: RouteRun) -> tuple[RouteRun, bool]:
    """The run as it is now and whether it runs; a conditional update lets others at it wait for this transaction."""
    is_held = RouteRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(revision=F("revision") + 1) == 1
    run.refresh_from_db(fields=["state", "stage", "revision", "digest", "ended_at"])
    return run, is_held


def _too_late(actor: Actor, run: RouteRun, step: RouteStep | None) -> Conflict:
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


def _counting(run: RouteRun) -> list[RouteStep]:
    """The run's steps that count, in order."""
    return list(RouteStep.objects.filter(run=run, state__in=LIVE).order_by("id"))


def _rule(definition: Definition, step: RouteStep) -> StepRule:
    rule = definition.step(step.code)
    if rule is None:
        raise Conflict
    return rule


def _refuse_stale(run: RouteRun, kind: Subject, seen: str) -> None:
    present = kind.digest(run.subject_id) if kind.digest is not None else run.digest
    if seen != run.digest or present != run.digest:
        raise Stale(_("内容与您看到的不一致，请刷新后重新核对再办理。"))


def _words(text: str, field: str, *, needed: bool = False) -> str:
    text = clean(text)
    if needed and not text:
        raise Invalid(fields={field: [_("请写明理由。")]})
    if len(text) > LONGEST:
        raise Invalid(fields={field: [_("最多%(limit)s个字。") % {"limit": LONGEST}]})
    return text


def _consent(run: RouteRun, rule: StepRule, consent: Consent | None) -> Consent | None:
    """Who agreed, checked; None where the step records no consent."""
    if not rule.records_consent:
        if consent is not None:
            raise Invalid(_("这一步不登记同意意见。"))
        return None
    given = consent or Consent("", "", None)
    name, post = clean_name(given.name), clean_name(given.post)
    faults: dict[str, list[str]] = {}
    for field, text, limit in (("consent_name", name, 60), ("consent_post", post, 100)):
        if not text:
            faults[field] = [_("请填写。")]
        elif len(text) > limit:
            faults[field] = [_("最多%(limit)s个字。") % {"limit": limit}]
    if given.on is None:
        faults["consent_on"] = [_("请填写。")]
    elif given.on > today():
        faults["consent_on"] = [_("日期不能晚于今天。")]
    elif given.on < run.started_at.astimezone(SHANGHAI).date():
        faults["consent_on"] = [_("日期不能早于送签之日。")]
    if faults:
        raise Invalid(fields=faults)
    return Consent(name, post, given.on)


def _refuse_without_evidence(rule: StepRule, step: RouteStep) -> None:
    if rule.evidence and not Evidence.objects.filter(subject_kind=EVIDENCE_KIND, subject_id=str(step.pk)).exists():
        raise Invalid(fields={"evidence": [_("请上传签署件。")]})


def _behalf(standing: Standing) -> dict[str, str]:
    return {"on_behalf_of": standing.giver_name} if standing.delegation else {}


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
    _end(run, RunState.FINISHED)
    kind.on_finish(actor=actor, run=run)
    announce("flow.run.finished", run_id=run.pk)


def _end(run: RouteRun, state: RunState) -> None:
    run.state, run.ended_at = state, now()
    RouteRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(state=state, ended_at=run.ended_at)


def _written(
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
    )
    ref = SubjectRef("flow.routerun", str(run.pk), subject_ref(run).label)
    whole = {**after, "subject": f"{run.subject_kind} {run.subject_id}"}
    record(actor=actor, action=f"flow.route.{verb.value}", subject=ref, after=whole, reason=reason or note)
