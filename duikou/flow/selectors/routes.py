"""How far something is on its route, what was done, and what the actor may do there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from duikou.flow.models import LIVE, RouteAct, RouteRun, RouteStep, subject_of_kind
from duikou.flow.rules import AUTHOR, Definition, StageRule, StepRule
from duikou.flow.selectors.entitled import Doers, Standing, delegations_to, may_do, standing_of
from duikou.flow.states import RunState, StepState, Verb
from duikou.kernel.actor import OFFICE, Actor
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.programme.models.localised import in_language
from duikou.records.models import Evidence
from duikou.records.selectors.wording import role_label

EVIDENCE_KIND = "flow.routestep"
"""The subject under which files of a step are kept."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the definition and how it stands; `row` is what counts of it, None before it is opened."""

    rule: StepRule
    where: str
    row: RouteStep | None = None
    act: RouteAct | None = None
    files: tuple[Evidence, ...] = ()

    @property
    def title(self) -> str:
        """In the reader's language."""
        return in_language(self.rule.title, self.rule.title_en)

    @property
    def state(self) -> str:
        """open, done, skipped, or "" before it is opened."""
        return self.row.state if self.row else ""

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(StepState(self.row.state).label) if self.row else _("未到")

    @property
    def role_label(self) -> str:
        """Whose step it is, in words."""
        return role_label(self.rule.role)

    @property
    def who(self) -> str:
        """Who did it: "李某" or "李某代王某"."""
        return act_name(self.act) if self.act else ""

    @property
    def since(self) -> dt.datetime | None:
        """Since when it waits, or when it was done."""
        return (self.row.done_at or self.row.opened_at) if self.row else None

    @property
    def due_on(self) -> dt.date | None:
        """The day it is due."""
        return self.row.due_on if self.row else None

    @property
    def is_late(self) -> bool:
        """Whether it is overdue, or was done late."""
        return self.row.is_late if self.row else False


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage: `state` is done, now or later."""

    rule: StageRule
    state: str
    steps: tuple[StepView, ...]

    @property
    def title(self) -> str:
        """In the reader's language."""
        return in_language(self.rule.title, self.rule.title_en)


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as a page shows it; `history` has every act on the subject, of earlier runs too, newest first."""

    run: RouteRun
    definition: Definition
    stages: tuple[StageView, ...]
    history: tuple[RouteAct, ...]
    rows: tuple[RouteStep, ...] = field(default=())

    @property
    def steps(self) -> tuple[StepView, ...]:
        """All steps in order."""
        return tuple(step for stage in self.stages for step in stage.steps)

    @property
    def is_running(self) -> bool:
        """Whether somebody still has to do something."""
        return self.run.state == RunState.RUNNING

    @property
    def state_label(self) -> str:
        """The run's state in words."""
        return str(RunState(self.run.state).label)


@dataclass(frozen=True, slots=True)
class ActView:
    """Something one could do: `verb` is the step's act, "return" or "withdraw"; `allowed` says why not.

    `is_theirs`: the post would allow it, whatever else speaks against it. `targets`: where to send back, with titles.
    """

    verb: str
    step: StepView | None
    allowed: Verdict
    is_theirs: bool
    targets: tuple[tuple[str, str], ...] = ()
    standing: Standing = field(default_factory=Standing)

    @property
    def label(self) -> str:
        """The verb in words."""
        return str(Verb(self.verb).label)


def act_name(act: RouteAct) -> str:
    """Who did it, and for whom."""
    if not act.on_behalf_of_name:
        return act.name
    return _("%(name)s代%(giver)s") % {"name": act.name, "giver": act.on_behalf_of_name}


def run_of(subject_kind: str, subject_id: str | int) -> RunView | None:
    """The last run of a subject with stages, steps and history (four queries); the caller has judged who may see."""
    runs = RouteRun.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id))
    run = runs.select_related("route", "programme", "first_region", "second_region").order_by("-id").first()
    if run is None:
        return None
    history = RouteAct.objects.filter(run__subject_kind=subject_kind, run__subject_id=str(subject_id))
    acts = tuple(history.select_related("step").order_by("-id"))
    rows = tuple(run.steps.order_by("id"))
    files = _files([row.pk for row in rows])
    definition = run.rules
    counting = {row.code: row for row in rows if row.state in LIVE}
    by_step = {act.step_id: act for act in acts if act.step_id is not None and act.verb != Verb.RETURN}
    stages = []
    for number, stage in enumerate(definition.stages):
        steps = []
        for rule in stage.steps:
            row = counting.get(rule.code)
            region = run.region_of(rule.party)
            where = region.short_label if region else ""
            pk = row.pk if row else 0
            steps.append(StepView(rule, where, row, by_step.get(pk), files.get(pk, ())))
        stages.append(StageView(stage, _stage_state(run, number), tuple(steps)))
    return RunView(run, definition, tuple(stages), acts, rows)


def _stage_state(run: RouteRun, number: int) -> str:
    if run.state == RunState.FINISHED or number < run.stage:
        return "done" if run.state in (RunState.FINISHED, RunState.RUNNING) else "later"
    return "now" if number == run.stage and run.state == RunState.RUNNING else "later"


def _files(step_ids: Sequence[int]) -> dict[int, tuple[Evidence, ...]]:
    found = Evidence.objects.filter(subject_kind=EVIDENCE_KIND, subject_id__in=[str(pk) for pk in step_ids])
    kept: dict[int, tuple[Evidence, ...]] = {}
    for one in found.order_by("id"):
        kept[int(one.subject_id)] = (*kept.get(int(one.subject_id), ()), one)
    return kept


def acts_open_to(*, actor: Actor, run: RunView) -> list[ActView]:
    """Everything that can be done at the run now, each allowed or with the reason why not (one query)."""
    if not run.is_running or not actor.is_person:
        return []
    delegations = delegations_to(actor)
    doers = Doers.of(run.run, run.rows)
    found = []
    for step in run.steps:
        if step.row is None or step.row.state != StepState.OPEN:
            continue
        allowed, standing = may_do(actor, run.run, step.row, doers, delegations)
        theirs = standing_of(actor, step.row, delegations) is not None
        found.append(ActView(step.rule.act, step, allowed, theirs, standing=standing))
        targets = tuple((code, _target(run, code)) for code in run.definition.returns_from(step.rule))
        if targets:
            found.append(ActView(Verb.RETURN.value, step, allowed, theirs, targets, standing))
    if run.definition.withdrawable:
        withdraw = may_withdraw(actor, run.run)
        found.append(ActView(Verb.WITHDRAW.value, None, withdraw, is_starters_office(actor, run.run)))
    return found


def _target(run: RunView, code: str) -> str:
    if code == AUTHOR:
        return _("送签人（%(name)s）") % {"name": run.run.starter_name}
    return next((step.title for step in run.steps if step.rule.code == code), code)


def is_starters_office(actor: Actor, run: RouteRun) -> bool:
    """Whether the actor belongs to the office that sent the matter."""
    if not actor.is_person or actor.account_id is None or actor.admin_mode_id is not None:
        return False
    if run.started_by_id == actor.account_id and actor.organisation_id == run.starter_organisation_id:
        return True
    same_office = actor.role in OFFICE and bool(actor.region_path) and actor.region_path == run.starter_region_path
    return same_office and actor.organisation_id == run.starter_organisation_id


def may_withdraw(actor: Actor, run: RouteRun) -> Verdict:
    """May the actor take the running matter back?"""
    definition = run.rules
    if not definition.withdrawable:
        return Verdict.no(_("这条流程不能撤回。"))
    if not is_starters_office(actor, run):
        return Verdict.no(_("只有送签的办公室可以撤回。"))
    if run.stage > definition.last_signature:
        return Verdict.no(_("双方已经签署完毕，不能撤回。"))
    return Verdict.yes()


def step_known(*, actor: Actor, step_id: int) -> RouteStep:
    """A step of something the actor may know of, with its run; `NotFound` otherwise."""
    step = (
        RouteStep.objects.select_related("run__first_region", "run__second_region", "run__route")
        .filter(pk=step_id)
        .first()
    )
    if step is None or not _sees(actor, step.run):
        raise NotFound
    return step


def run_known(*, actor: Actor, run_id: int) -> RouteRun:
    """A run of something the actor may know of; `NotFound` otherwise."""
    run = RouteRun.objects.select_related("first_region", "second_region", "route").filter(pk=run_id).first()
    if run is None or not _sees(actor, run):
        raise NotFound
    return run


def _sees(actor: Actor, run: RouteRun) -> bool:
    return bool(subject_of_kind(run.subject_kind).may_see(actor=actor, subject_id=run.subject_id))


def step_sees(actor: Actor, subject_id: str) -> Verdict:
    """Whether the actor may know of the step with this id (files of steps)."""
    try:
        step_known(actor=actor, step_id=_number(subject_id))
    except NotFound as missing:
        return Verdict.no(missing.message)
    return Verdict.yes()


def step_files_by(actor: Actor, subject_id: str) -> Verdict:
    """Whether the actor may add or take away files of the step: while it is open, those who may do it."""
    step = step_known(actor=actor, step_id=_number(subject_id))
    if step.state != StepState.OPEN:
        return Verdict.no(_("这一步已经办理，材料不再变动。"))
    rows = RouteStep.objects.filter(run=step.run, state__in=LIVE)
    return may_do(actor, step.run, step, Doers.of(step.run, list(rows)), delegations_to(actor))[0]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
