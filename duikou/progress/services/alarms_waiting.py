"""Whom an alarm waits for: the unit and the office at once, those above when nobody answers."""

from __future__ import annotations

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from duikou.flow.models import Kind, register
from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_close, item_open, items_close_about
from duikou.kernel.actor import Actor, Role
from duikou.programme.models import Region
from duikou.progress.models import Alarm
from duikou.progress.services.waiting import office_over
from duikou.progress.states import COLOUR_LABELS, KIND_LABELS
from duikou.projects.models import Side
from duikou.records.services.audit import subject_of

ALARM = "progress.alarm"
ESCALATED = "progress.alarm.escalated"
TITLES = {
    "unit": gettext_noop("%(colour)s待签收并说明：%(project)s（%(kind)s）"),
    "office": gettext_noop("%(colour)s待办理销号：%(project)s（%(kind)s）"),
    "lead": gettext_noop("%(colour)s逾期未签收或说明：%(project)s（%(kind)s）"),
}


def kinds_register() -> None:
    """Name the kinds (once, in `apps.py`)."""
    register(Kind(ALARM, _("项目预警"), "alert-triangle", is_duty=True))
    register(Kind(ESCALATED, _("升级的项目预警"), "alert-circle", is_duty=True))


def side_region(alarm: Alarm, *, other: bool = False) -> Region | None:
    """The region of the alarm's side, or of the other one."""
    project = alarm.project
    is_second = (alarm.side == Side.SECOND) != other
    return project.second_region if is_second else project.first_region


def alarm_waits(*, actor: Actor, alarm: Alarm) -> None:
    """Let it wait for the unit and for the office of its side; each colour is an occasion of its own."""
    unit_waits(actor=actor, alarm=alarm)
    region = side_region(alarm) or alarm.project.first_region
    _open(actor, alarm, "office", office_over(region))


def unit_waits(*, actor: Actor, alarm: Alarm) -> None:
    """Let it wait for the unit, where one is known; each day by which it must explain is an occasion of its own."""
    if alarm.organisation_id is not None:
        _open(actor, alarm, "unit", To(organisation_id=alarm.organisation_id))


def unit_answered(*, actor: Actor, alarm: Alarm) -> None:
    """It is explained: the unit's item goes, and those of whoever it had risen to; the office's stays until the end."""
    for who in ("unit", "lead", "other", "nation"):
        item_close(actor=actor, key=_key(alarm, who))


def alarm_rises(*, actor: Actor, alarm: Alarm, stage: int) -> None:
    """Tell those above: 1 the lead of its side, 2 the other side's as well, 3 the coordinator."""
    role = Role.OFFICE_LEAD.value
    own = side_region(alarm) or alarm.project.first_region
    if stage == 1:
        _rise(actor, alarm, "lead", *step_address(role, own))
    elif stage == 2:
        other = side_region(alarm, other=True)
        if other is not None:
            _rise(actor, alarm, "other", *step_address(role, other))
    else:
        _open(actor, alarm, "nation", To(role=Role.COORDINATOR), kind=ESCALATED)


def alarm_done(*, actor: Actor, alarm: Alarm) -> None:
    """Closed: it waits for nobody any more."""
    items_close_about(actor=actor, subject=subject_of(alarm))


def _rise(actor: Actor, alarm: Alarm, who: str, role: str, place: Region | None) -> None:
    _open(actor, alarm, who, To(role=Role(role), region=place), kind=ESCALATED)


def _open(actor: Actor, alarm: Alarm, who: str, to: To, *, kind: str = ALARM) -> None:
    item_open(
        actor=actor,
        key=_key(alarm, who),
        kind=kind,
        to=to,
        url=f"/progress/alarms/{alarm.pk}/",
        title=TITLES.get(who, TITLES["lead"]),
        params={
            "project": alarm.project.name[:120],
            "kind": _both(KIND_LABELS[alarm.kind]),
            "colour": _both(COLOUR_LABELS[alarm.colour]),
        },
        subject=subject_of(alarm),
        due_on=alarm.explain_due if kind == ALARM and who == "unit" else None,
    )


def _key(alarm: Alarm, who: str) -> str:
    return f"progress.alarm:{alarm.pk}:{alarm.colour}:{alarm.explain_due:%Y%m%d}:{who}"


def _both(label: Promise) -> dict[str, str]:
    """A label in both languages, for whoever reads it."""
    found = {}
    for name, code in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(code):
            found[name] = str(label)
    return found
