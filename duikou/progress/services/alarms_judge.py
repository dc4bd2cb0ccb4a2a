"""Judging projects: alarms are raised, worsened, cleared; nobody but a person closes one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from duikou.kernel.actor import Actor
from duikou.kernel.clock import add_working_days, now, today
from duikou.progress.models import Alarm, AlarmStanding, AlarmState
from duikou.progress.rules.alarm_life import Move, Standing, move
from duikou.progress.rules.alarms import Colour, Finding, Judged, Thresholds, is_watched, judge
from duikou.progress.selectors.alarm_facts import RELATED, Case, batches, cases_of
from duikou.progress.selectors.alarms import Rule, rules_of
from duikou.progress.services.alarms_waiting import alarm_done, alarm_waits
from duikou.progress.states import ALARM
from duikou.projects.models import PartyRole, Project, Side
from duikou.records.services.audit import record

PLATFORM = Actor.job("progress.alarms")
_KNOWN = ("planned_start", "planned_finish", "planned", "signed", "most_planned", "most_signed")
_REPORTED = ("report_month", "invested", "paid", "in_place", "percent", "started_on")


def alarms_judge() -> int:
    """Judge every project with planned days or reports, in batches of a fixed number of queries; returns how many
    projects had something to write. Running it twice on a day does nothing more."""
    written = 0
    for projects in batches():
        written += _batch(projects)
    return written


def _batch(projects: Sequence[Project]) -> int:
    cases = cases_of(projects)
    rules = rules_of({project.programme_id for project in projects})
    latest = _latest([project.pk for project in projects])
    fresh, moved, values = [], [], []
    for case in cases:
        at = rules[case.project.programme_id].thresholds
        findings = judge(case.known, at, today())
        alarms = {found.kind: latest.get((case.project.pk, found.kind.value)) for found in findings}
        if any(move(_standing(alarms[found.kind]), found) is not Move.NOTHING for found in findings):
            moved.append(case.project.pk)
        elif case.standing is None:
            fresh.append(AlarmStanding(project_id=case.project.pk, **_remembered(case, at, findings)))
        elif _differs(case.standing, _remembered(case, at, findings)):
            moved.append(case.project.pk)
        values += [alarm for found in findings if (alarm := _revalued(alarms[found.kind], found)) is not None]
    AlarmStanding.objects.bulk_create(fresh, ignore_conflicts=True)
    Alarm.objects.bulk_update(values, ["value"])
    for pk in moved:
        project_judge(project_id=pk)
    return len(fresh) + len(moved)


@transaction.atomic
def project_judge(*, project_id: int) -> None:
    """Judge one project and let its alarms follow; whoever judges or closes alarms of a project queues at its row."""
    project = Project.objects.select_related(*RELATED).filter(pk=project_id).first()
    if project is None:
        return
    rule = rules_of([project.programme_id])[project.programme_id]
    standing = standing_locked(project, rule)
    case = cases_of([project])[0]
    findings = judge(case.known, rule.thresholds, today())
    latest = _latest([project.pk])
    for found in findings:
        _follow(case, rule, found, latest.get((project.pk, found.kind.value)))
    remembered = _remembered(case, rule.thresholds, findings)
    if _differs(standing, remembered):
        AlarmStanding.objects.filter(pk=project.pk).update(**remembered)
        Alarm.objects.filter(project=project).exclude(state=AlarmState.CLOSED).update(
            is_watched=remembered["is_watched"]
        )


def standing_locked(project: Project, rule: Rule) -> AlarmStanding:
    """What is remembered of a project, for changing; made from the trail when there is nothing yet."""
    held = AlarmStanding.objects.select_for_update()
    found = held.filter(pk=project.pk).first()
    if found is None:
        case = cases_of([project])[0]
        findings = judge(case.known, rule.thresholds, today())
        first = _remembered(case, rule.thresholds, findings)
        AlarmStanding.objects.get_or_create(project_id=project.pk, defaults=first)
        found = held.get(pk=project.pk)
    return found


def _latest(ids: list[int]) -> dict[tuple[int, str], Alarm]:
    """The latest alarm of each project and kind (one query)."""
    return {(row.project_id, row.kind): row for row in Alarm.objects.filter(project__in=ids).order_by("id")}


def _standing(alarm: Alarm | None) -> Standing | None:
    return None if alarm is None else Standing(alarm.is_open, alarm.is_given, Colour(alarm.colour))


def _revalued(alarm: Alarm | None, found: Finding) -> Alarm | None:
    """An open alarm whose figure is another by now; that is derived, so the trail does not tell of it."""
    if alarm is None or not alarm.is_open or found.value is None or not found.colour or alarm.value == found.value:
        return None
    alarm.value = found.value
    return alarm


def _remembered(case: Case, at: Thresholds, findings: Iterable[Finding]) -> dict[str, Any]:
    unjudged = {found.kind.value: list(found.missing) for found in findings if found.judged is Judged.UNKNOWN}
    return {
        "most_planned": case.known.most_planned,
        "most_signed": case.known.most_signed,
        "unjudged": unjudged,
        "has_unjudged": bool(unjudged),
        "is_watched": is_watched(case.known, at),
        "judged_on": today(),
    }


def _differs(standing: AlarmStanding, values: dict[str, Any]) -> bool:
    return any(getattr(standing, name) != value for name, value in values.items() if name != "judged_on")


def _follow(case: Case, rule: Rule, found: Finding, there: Alarm | None) -> None:
    step = move(_standing(there), found)
    if step is Move.RAISE:
        _raise(case, rule, found)
    elif there is not None and step is Move.WORSEN:
        _worsen(case, rule, found, there)
    elif there is not None and step in (Move.CLEAR, Move.RETURN):
        there.is_given = step is Move.RETURN
        action = "progress.alarm.returned" if there.is_given else "progress.alarm.cleared"
        _save(there, action, {"is_given": not there.is_given}, {"is_given": there.is_given})


def _raise(case: Case, rule: Rule, found: Finding) -> None:
    project = case.project
    alarm = Alarm(
        project=project,
        kind=found.kind.value,
        side=_side(case),
        organisation_id=_organisation(case),
        raised_on=today(),
        **_state_of(case, rule, found),
    )
    alarm.save()
    after = {name: getattr(alarm, name) for name in ("kind", "colour", "value", "explain_due")}
    record(actor=PLATFORM, action="progress.alarm.raised", subject=alarm, after=after)
    alarm_waits(actor=PLATFORM, alarm=alarm)


def _worsen(case: Case, rule: Rule, found: Finding, alarm: Alarm) -> None:
    state = AlarmState(alarm.state)
    before = {"colour": alarm.colour, "state": state.value, "value": alarm.value}
    for name, value in _state_of(case, rule, found).items():
        setattr(alarm, name, value)
    alarm.state = ALARM.go(state, "worsen").value
    alarm.stage, alarm.acknowledged_at, alarm.acknowledged_by = 0, None, ""
    after = {"colour": alarm.colour, "state": alarm.state, "value": alarm.value}
    _save(alarm, "progress.alarm.worsened", before, after)
    alarm_done(actor=PLATFORM, alarm=alarm)
    alarm_waits(actor=PLATFORM, alarm=alarm)


def _state_of(case: Case, rule: Rule, found: Finding) -> dict[str, Any]:
    at = rule.thresholds
    return {
        "colour": found.colour.value if found.colour else "",
        "value": found.value,
        "is_given": True,
        "is_watched": is_watched(case.known, at),
        "figures": _figures(case, rule, found),
        "ack_due": add_working_days(today(), int(at.ack_days)),
        "explain_due": add_working_days(today(), int(at.explain_days)),
        "changed_at": now(),
    }


def _figures(case: Case, rule: Rule, found: Finding) -> dict[str, str]:
    """What it was judged from, as text: a date, 元, a percentage, the version of the parameters."""
    known = {name: getattr(case.known, name) for name in (*_KNOWN, *_REPORTED)}
    known |= {"share": found.share, "time": found.time, "rule_version": rule.version, "judged_on": today()}
    return {name: str(value) for name, value in known.items() if value is not None}


def _save(alarm: Alarm, action: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    alarm.revision += 1
    alarm.changed_at = now()
    alarm.save()
    record(actor=PLATFORM, action=action, subject=alarm, before=before, after=after)


def _side(case: Case) -> str:
    """The side that reported last, the first where none did."""
    return case.report.side if case.report and case.report.side != Side.NONE else Side.FIRST.value


def _organisation(case: Case) -> int | None:
    """Who answers for it: the party that reported last, else the leading party, else any that is known."""
    parties = [row for row in case.project.parties.all() if row.organisation_id is not None]
    reported = case.report.organisation_id if case.report else None
    if any(row.organisation_id == reported for row in parties):
        return reported
    ranked = sorted(parties, key=lambda row: (row.role != PartyRole.LEAD, row.side != _side(case), row.pk))
    return ranked[0].organisation_id if ranked else None
