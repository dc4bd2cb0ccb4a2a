"""The clock of routes: reminders before a deadline, the mark and the word to somebody above after it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop

from duikou.flow.models import InboxItem, RouteRun, RouteStep, subject_of_kind
from duikou.flow.selectors import accounts_addressed
from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_open
from duikou.flow.services.notices import Telling, tell
from duikou.flow.services.route_steps import dates_of, late_key, step_params, subject_ref, waiting_key
from duikou.flow.states import STEP_LATE, ItemState, StepState
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import SHANGHAI, now, today
from duikou.records.services.audit import SubjectRef, record

REMINDER = "flow.reminder"
ME = Actor.job("flow.routes")


def routes_tick() -> tuple[int, int]:
    """Remind of what is due soon, mark and escalate what is overdue; returns how many of each. Safe to run twice."""
    day = today()
    waiting = RouteStep.objects.filter(state=StepState.OPEN, run__state="running")
    soon = waiting.filter(remind_on__lte=day, due_on__gte=day, reminded_at=None).values_list("pk", flat=True)
    reminded = sum(_remind(pk) for pk in list(soon))
    late = waiting.filter(due_on__lt=day, overdue_at=None).values_list("pk", flat=True)
    return reminded, sum(_escalate(pk) for pk in list(late))


@transaction.atomic
def _remind(step_id: int) -> bool:
    _hold(step_id)
    if not RouteStep.objects.filter(pk=step_id, state=StepState.OPEN, reminded_at=None).update(reminded_at=now()):
        return False
    step = _step(step_id)
    title = gettext_noop("“%(subject)s”（%(step)s）将于%(due)s到期")
    _tell(step, f"route.remind:{step.pk}", title)
    _record("flow.route.remind", step)
    return True


@transaction.atomic
def _escalate(step_id: int) -> bool:
    _hold(step_id)
    if not RouteStep.objects.filter(pk=step_id, state=StepState.OPEN, overdue_at=None).update(overdue_at=now()):
        return False
    step = _step(step_id)
    _tell(step, f"route.overdue:{step.pk}", gettext_noop("“%(subject)s”（%(step)s）已逾期，期限%(due)s"))
    rule = step.run.rules.step(step.code)
    if rule is not None and rule.escalate_to is not None:
        party, wanted = rule.escalate_to
        role, region = step_address(wanted, step.run.region_of(party))
        item_open(
            actor=ME,
            key=late_key(step.pk),
            kind=STEP_LATE,
            to=To(role=Role(role), region=region),
            url=subject_of_kind(step.run.subject_kind).url(step.run.subject_id),
            title=gettext_noop("“%(subject)s”（%(step)s）逾期未办，请督促"),
            params=_params(step),
            subject=subject_ref(step.run),
            due_on=step.due_on,
        )
    _record("flow.route.escalate", step)
    return True


def _hold(step_id: int) -> int:
    """Hold the step's run until the transaction ends, as every act does first: the clock and an act never cross."""
    run_id = RouteStep.objects.values_list("run_id", flat=True).get(pk=step_id)
    RouteRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    return run_id


def _step(step_id: int) -> RouteStep:
    return RouteStep.objects.select_related("run__first_region", "run__second_region").get(pk=step_id)


def _params(step: RouteStep) -> dict[str, object]:
    return {**step_params(step.run, step), "due": step.due_on.isoformat() if step.due_on else ""}


def _tell(step: RouteStep, key: str, title: str) -> None:
    """Tell those for whom the step waits."""
    item = InboxItem.objects.filter(key=waiting_key(step.pk), state=ItemState.OPEN).first()
    if item is not None:
        accounts = [account.pk for account in accounts_addressed(item)]
        tell(Telling(key, REMINDER, title, item.url, accounts, _params(step)))


def _record(action: str, step: RouteStep) -> None:
    ref = SubjectRef("flow.routerun", str(step.run_id), step.run.subject_label)
    record(actor=ME, action=action, subject=ref, after={"step": step.title, "due_on": step.due_on})


def routes_redate() -> int:
    """Compute anew, after the table of working days changed, when open steps are due; returns how many moved."""
    moved = 0
    waiting = RouteStep.objects.filter(state=StepState.OPEN, due_on__isnull=False)
    for step_id in list(waiting.values_list("pk", flat=True)):
        moved += _redate(step_id)
    return moved


@transaction.atomic
def _redate(step_id: int) -> bool:
    run_id = _hold(step_id)
    step = _step(step_id)
    rule = step.run.rules.step(step.code)
    if rule is None or step.state != StepState.OPEN:
        return False
    due, remind = dates_of(rule, step.opened_at.astimezone(SHANGHAI).date())
    if (due, remind) == (step.due_on, step.remind_on):
        return False
    before = {"step": step.title, "due_on": step.due_on}
    RouteStep.objects.filter(pk=step_id, state=StepState.OPEN).update(due_on=due, remind_on=remind)
    InboxItem.objects.filter(key=waiting_key(step_id), state=ItemState.OPEN).update(due_on=due)
    ref = SubjectRef("flow.routerun", str(run_id), step.run.subject_label)
    record(actor=ME, action="flow.route.redate", subject=ref, before=before, after={"due_on": due})
    return True
