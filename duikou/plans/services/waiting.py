"""What waits for a unit: a task, from the day it is given until the unit has said how it ended."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from duikou.access.models import Membership
from duikou.flow.models import InboxItem, Notice
from duikou.flow.selectors import accounts_addressed, waiting_about
from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_open, items_close_about
from duikou.flow.services.notices import Telling, tell
from duikou.kernel.actor import OFFICE, Actor, Role
from duikou.kernel.clock import add_working_days, today
from duikou.plans.models import UnitTask
from duikou.plans.states import EntryState, Side
from duikou.records.services.audit import SubjectRef

TASK_WAITS = "plans.task"
TASK_LATE = "plans.task_late"
TASK_DUE = "plans.task_due"
OPEN = (EntryState.PENDING.value, EntryState.DOING.value)
"""In these a task still waits for its unit."""

REMIND_BEFORE = 3
"""Working days before its day at which the unit is reminded."""

ME = Actor.job("plans.tasks")
KIND = "plans.unittask"


def task_waits(actor: Actor, task: UnitTask) -> None:
    """Let the task wait for its unit while it is not ended, once; take it out of all inboxes when it is."""
    if task.state not in OPEN:
        task_ends(actor, task)
    elif _item(task) is None:
        item_open(
            actor=actor,
            key=f"plans.task:{task.pk}:{task.version}",
            kind=TASK_WAITS,
            to=To(organisation_id=task.organisation_id, role=_role(task.organisation_id)),
            url=reverse("plans:task", args=[task.plan_id, task.pk]),
            title=gettext_noop("请办理“%(task)s”（%(plan)s）"),
            params=_params(task),
            subject=_subject(task),
            due_on=task.due_on,
        )


def task_ends(actor: Actor, task: UnitTask) -> None:
    """Nothing waits for the task any more."""
    items_close_about(actor=actor, subject=_subject(task))


def _subject(task: UnitTask) -> SubjectRef:
    return SubjectRef(KIND, str(task.pk), task.title)


def _item(task: UnitTask) -> InboxItem | None:
    return waiting_about(subject_kind=KIND, subject_id=str(task.pk), kind=TASK_WAITS)


def _role(organisation_id: int) -> Role | None:
    """An office that is itself responsible has the task among its own; elsewhere it is for those who act as a unit."""
    posts = Membership.objects.live().filter(organisation_id=organisation_id, role__in=[role.value for role in OFFICE])
    return None if posts.exists() else Role.UNIT


def _params(task: UnitTask) -> dict[str, str]:
    due = task.due_on.isoformat() if task.due_on else ""
    return {"task": task.title, "plan": task.plan.title, "unit": task.organisation.name, "due": due}


def tasks_tick() -> tuple[int, int]:
    """Remind units of what is due within three working days, tell the office of its side what is overdue; returns how
    many of each. Safe to run twice."""
    day = today()
    rows = UnitTask.objects.filter(state__in=OPEN).select_related(
        "organisation", "plan__pairing__first_region", "plan__pairing__second_region"
    )
    soon = list(rows.filter(due_on__gte=day, due_on__lte=add_working_days(day, REMIND_BEFORE)))
    late = list(rows.filter(due_on__lt=day))
    told = _known(Notice, [_remind_key(task) for task in soon])
    known = _known(InboxItem, [_late_key(task) for task in late])
    reminded = sum(_remind(task) for task in soon if _remind_key(task) not in told)
    return reminded, sum(_escalate(task) for task in late if _late_key(task) not in known)


def _known(model: type[Notice] | type[InboxItem], keys: list[str]) -> set[str]:
    found: set[str] = set()
    for at in range(0, len(keys), 500):
        found |= set(model.objects.filter(key__in=keys[at : at + 500]).values_list("key", flat=True))
    return found


def _remind_key(task: UnitTask) -> str:
    return f"plans.task.remind:{task.pk}:{task.due_on}"


def _late_key(task: UnitTask) -> str:
    return f"plans.task.late:{task.pk}:{task.due_on}"


def _remind(task: UnitTask) -> bool:
    item = _item(task)
    if item is None:
        return False
    accounts = [account.pk for account in accounts_addressed(item)]
    title = gettext_noop("“%(task)s”（%(plan)s）将于%(due)s到期")
    return tell(Telling(_remind_key(task), TASK_DUE, title, item.url, accounts, _params(task))) > 0


@transaction.atomic
def _escalate(task: UnitTask) -> bool:
    """Let what is overdue wait for the office of the unit's side, if nobody has reported it meanwhile."""
    held = UnitTask.objects.select_for_update(of=("self",)).filter(pk=task.pk, state__in=OPEN).first()
    pairing = task.plan.pairing
    region = pairing.first_region if task.side == Side.FIRST else pairing.second_region
    if held is None or region is None:
        return False
    role, place = step_address(Role.OFFICE_EDITOR.value, region)
    item_open(
        actor=ME,
        key=_late_key(task),
        kind=TASK_LATE,
        to=To(role=Role(role), region=place),
        url=f"{reverse('plans:plan', args=[task.plan_id])}#entry-{task.entry_uid}",
        title=gettext_noop("%(unit)s的任务“%(task)s”逾期未报，请督促"),
        params=_params(task),
        subject=_subject(task),
        due_on=task.due_on,
    )
    return True
