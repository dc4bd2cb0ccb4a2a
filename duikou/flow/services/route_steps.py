"""Opening, closing and voiding the steps of a run: what the acts are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from duikou.flow.models import RouteRun, RouteStep, subject_of_kind
from duikou.flow.rules import Definition, StepRule
from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_close, item_open
from duikou.flow.states import STEP_WAITS, StepState
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import add_working_days, is_working_day, now
from duikou.records.services.audit import SubjectRef

TITLES = {
    "sign": gettext_noop("请签署“%(subject)s”（%(step)s）"),
    "confirm": gettext_noop("请确认“%(subject)s”（%(step)s）"),
    "receive": gettext_noop("请签收“%(subject)s”（%(step)s）"),
    "record": gettext_noop("请登记“%(subject)s”的同意意见（%(step)s）"),
    "issue": gettext_noop("请印发“%(subject)s”（%(step)s）"),
}


def waiting_key(step_id: int) -> str:
    """The occasion of a step's waiting item."""
    return f"route.step:{step_id}"


def late_key(step_id: int) -> str:
    """The occasion of telling somebody above that a step is overdue."""
    return f"route.late:{step_id}"


def subject_ref(run: RouteRun) -> SubjectRef:
    """What the run is about."""
    return SubjectRef(run.subject_kind, run.subject_id, run.subject_label)


def step_params(run: RouteRun, step: RouteStep) -> dict[str, Any]:
    """Values for titles that speak of a step, in both languages."""
    return {"subject": run.subject_label, "step": {"zh": step.title, "en": step.title_en}}


def dates_of(rule: StepRule, opened_on: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The day a step opened on `opened_on` is due, and the day of the reminder (none before or on the first day)."""
    if not rule.working_days:
        return None, None
    due = add_working_days(opened_on, rule.working_days)
    if not rule.remind_before:
        return due, None
    day, left = due, rule.remind_before
    while left:
        day -= dt.timedelta(days=1)
        left -= is_working_day(day)
    return due, day if day > opened_on else None


def steps_open(actor: Actor, run: RouteRun, rules: Iterable[StepRule]) -> list[RouteStep]:
    """Open these steps and let each wait in its inbox."""
    opened = []
    for rule in rules:
        at = now()
        due, remind = dates_of(rule, at.date())
        region = run.region_of(rule.party)
        step = RouteStep.objects.create(
            run=run,
            code=rule.code,
            title=rule.title,
            title_en=rule.title_en,
            stage=rule.stage,
            party=rule.party,
            role=rule.role,
            region_path=region.path if region else "",
            act=rule.act,
            opened_at=at,
            due_on=due,
            remind_on=remind,
        )
        step_wait(actor, run, step)
        opened.append(step)
    return opened


def step_wait(actor: Actor, run: RouteRun, step: RouteStep) -> None:
    """Put the step into the inbox of those who do it."""
    role, region = step_address(step.role, run.region_of(step.party))
    item_open(
        actor=actor,
        key=waiting_key(step.pk),
        kind=STEP_WAITS,
        to=To(role=Role(role), region=region),
        url=subject_of_kind(run.subject_kind).url(run.subject_id),
        title=TITLES[step.act],
        params=step_params(run, step),
        subject=subject_ref(run),
        due_on=step.due_on,
    )


def steps_end(actor: Actor, steps: Sequence[RouteStep], state: StepState) -> None:
    """Take these steps out of what counts (or skip them); what was done in them stays written there."""
    for step in steps:
        was_open = step.state == StepState.OPEN
        RouteStep.objects.filter(pk=step.pk, state=step.state).update(state=state)
        step.state = state
        if was_open:
            items_close(actor, step)


def items_close(actor: Actor, step: RouteStep) -> None:
    """Nothing waits for this step any more."""
    item_close(actor=actor, key=waiting_key(step.pk))
    if step.overdue_at is not None:
        item_close(actor=actor, key=late_key(step.pk))


def stage_done(definition: Definition, stage: int, steps: Sequence[RouteStep]) -> bool:
    """Whether every step of the stage that must be done counts as done."""
    done = {step.code for step in steps if step.state == StepState.DONE}
    return {rule.code for rule in definition.stages[stage].steps if not rule.optional} <= done
