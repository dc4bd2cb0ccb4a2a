"""The life of an alarm: raised by figures alone, answered by people, closed by the office, risen if nobody answers."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from duikou.flow.models import InboxItem, ItemState
from duikou.kernel import jobs
from duikou.kernel.clock import add_working_days, today
from duikou.kernel.errors import Forbidden, Invalid, NotFound, Stale
from duikou.progress.models import Alarm, AlarmRule, AlarmStanding, AlarmState
from duikou.progress.rules.alarms import NAMES, AlarmKind, Thresholds
from duikou.progress.selectors.alarms import alarms_counted, alarms_red, alarms_visible, project_judged, unjudged_listed
from duikou.progress.services.alarms import alarm_acknowledge, alarm_close, alarm_explain, alarm_return
from duikou.progress.services.alarms_clock import alarms_escalate
from duikou.progress.services.alarms_judge import alarms_judge, project_judge
from duikou.progress.services.alarms_rules import rule_set
from duikou.progress.states import KIND_LABELS, MISSING_LABELS, THRESHOLD_LABELS
from duikou.progress.tests.conftest import COMMAND, accepted, make, month_ago, said, wan
from duikou.projects.models import Project
from duikou.projects.services.dates import project_dates_set
from duikou.projects.states import ProjectState
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
ANSWER = {"explanation": "拆迁推迟", "measure": "倒排工期，增加两班", "promised_on": dt.date(2099, 1, 1)}


def ago(days):
    return today() - dt.timedelta(days=days)


@pytest.fixture
def late(pairing, unit):
    """Signed, to be started ten days ago, and not started."""
    found = make(pairing, "未开工的项目", unit=unit.organisation, state=ProjectState.SIGNED)
    Project.objects.filter(pk=found.pk).update(planned_start=ago(10), planned_finish=today() + dt.timedelta(days=700))
    return found


@pytest.fixture
def alarm(late):
    alarms_judge()
    return Alarm.objects.get(project=late)


def waiting(alarm):
    rows = InboxItem.objects.filter(subject_kind="progress.alarm", subject_id=str(alarm.pk), state=ItemState.OPEN)
    return sorted((row.organisation_id or 0, row.role, row.region_path) for row in rows)


def test_every_code_has_its_words():
    assert set(KIND_LABELS) == {kind.value for kind in AlarmKind}
    assert set(THRESHOLD_LABELS) == set(NAMES)
    assert {"planned_start", "planned_finish", "report", "progress", "in_place", "paid"} <= set(MISSING_LABELS)


def test_a_late_start_raises_one_alarm_that_waits_for_unit_and_office(alarm, unit):
    assert (alarm.kind, alarm.colour, alarm.value, alarm.state) == ("not_started", "yellow", 10, "raised")
    assert alarm.figures["planned_start"] == ago(10).isoformat()
    assert alarm.ack_due == add_working_days(today(), 3)
    who = waiting(alarm)
    assert unit.organisation.pk in {one[0] for one in who}
    assert any(role.startswith("office") for _org, role, _path in who)
    assert AuditEvent.objects.filter(action="progress.alarm.raised", subject_id=str(alarm.pk)).count() == 1


def test_judging_again_changes_nothing(alarm):
    before = AuditEvent.objects.count()
    assert alarms_judge() == 0
    assert alarms_judge() == 0
    assert (Alarm.objects.count(), AuditEvent.objects.count()) == (1, before)


def test_unknown_figures_give_no_alarm_but_say_what_is_missing(pairing, unit, shenyang_editor):
    project = make(pairing, unit=unit.organisation)
    Project.objects.filter(pk=project.pk).update(planned_start=ago(400))
    alarms_judge()
    assert not Alarm.objects.filter(project=project).exists()
    standing = AlarmStanding.objects.get(pk=project.pk)
    assert standing.unjudged["overdue"] == ["planned_finish"]
    assert set(standing.unjudged["behind"]) == {"planned_finish", "report", "progress"}
    assert project.pk in {row.pk for row in unjudged_listed(actor=shenyang_editor.actor)}


def test_without_planned_days_or_reports_a_project_is_not_judged(pairing):
    project = make(pairing)
    alarms_judge()
    assert not AlarmStanding.objects.filter(pk=project.pk).exists()


def test_yellow_becomes_red_and_asks_anew(alarm, unit):
    alarm = alarm_acknowledge(actor=unit.actor, alarm_id=alarm.pk, revision=alarm.revision)
    Project.objects.filter(pk=alarm.project_id).update(planned_start=ago(61))
    alarms_judge()
    alarm.refresh_from_db()
    assert (alarm.colour, alarm.state, alarm.acknowledged_by) == ("red", "raised", "")
    titles = [row.words for row in InboxItem.objects.filter(subject_id=str(alarm.pk), state=ItemState.OPEN)]
    assert titles
    assert all("红色预警" in title for title in titles)


def test_unit_acknowledges_and_explains_office_closes_once_it_has_started(alarm, unit, shenyang_editor):
    alarm = alarm_acknowledge(actor=unit.actor, alarm_id=alarm.pk, revision=1)
    alarm = alarm_explain(actor=unit.actor, alarm_id=alarm.pk, revision=alarm.revision, **ANSWER)
    assert alarm.state == AlarmState.EXPLAINED
    assert unit.organisation.pk not in {one[0] for one in waiting(alarm)}
    Project.objects.filter(pk=alarm.project_id).update(state=ProjectState.STARTED.value)
    project_judge(project_id=alarm.project_id)
    alarm.refresh_from_db()
    assert (alarm.is_given, alarm.state) == (False, AlarmState.EXPLAINED)
    with pytest.raises(Forbidden, match="办公室"):
        alarm_close(actor=unit.actor, alarm_id=alarm.pk, revision=alarm.revision)
    closed = alarm_close(actor=shenyang_editor.actor, alarm_id=alarm.pk, revision=alarm.revision)
    assert (closed.state, closed.is_decision, waiting(alarm)) == (AlarmState.CLOSED, False, [])


def test_closing_while_the_figures_give_it_is_a_decision_with_a_reason(alarm, shenyang_editor):
    office = shenyang_editor.actor
    with pytest.raises(Invalid):
        alarm_close(actor=office, alarm_id=alarm.pk, revision=1)
    closed = alarm_close(actor=office, alarm_id=alarm.pk, revision=1, note="已批准延期")
    assert closed.is_decision
    alarms_judge()
    assert Alarm.objects.filter(project=alarm.project).count() == 1
    Project.objects.filter(pk=alarm.project_id).update(planned_start=ago(90))
    alarms_judge()
    assert list(Alarm.objects.filter(project=alarm.project).order_by("id").values_list("colour", "state")) == [
        ("yellow", "closed"),
        ("red", "raised"),
    ]


def test_it_is_raised_anew_when_it_comes_back(alarm, late, shenyang_editor):
    alarm_close(actor=shenyang_editor.actor, alarm_id=alarm.pk, revision=1, note="已批准延期")
    project_dates_set(actor=COMMAND, project_id=late.pk, planned_start=today())
    project_judge(project_id=late.pk)
    project_dates_set(actor=COMMAND, project_id=late.pk, planned_start=ago(3))
    project_judge(project_id=late.pk)
    assert Alarm.objects.filter(project=late).count() == 2


def test_the_other_side_and_strangers_cannot_close(alarm, beijing_editor, dalian_editor, member):
    with pytest.raises(Forbidden, match="一侧"):
        alarm_close(actor=beijing_editor.actor, alarm_id=alarm.pk, revision=1, note="x")
    for person in (dalian_editor, member):
        with pytest.raises(NotFound):
            alarm_close(actor=person.actor, alarm_id=alarm.pk, revision=1, note="理由")


def test_an_explanation_needs_its_parts_and_the_latest_revision(alarm, unit):
    with pytest.raises(Invalid) as bad:
        alarm_explain(actor=unit.actor, alarm_id=alarm.pk, revision=1, explanation=" ", measure="…", promised_on=ago(1))
    assert set(bad.value.fields) == {"explanation", "measure", "promised_on"}
    alarm_explain(actor=unit.actor, alarm_id=alarm.pk, revision=1, **ANSWER)
    assert alarm_explain(actor=unit.actor, alarm_id=alarm.pk, revision=1, **ANSWER).revision == 2
    with pytest.raises(Stale):
        alarm_return(actor=_office(alarm), alarm_id=alarm.pk, revision=1, note="不够具体")


def _office(alarm):
    from duikou.kernel.actor import Actor, ActorKind, Role

    region = alarm.project.first_region
    return Actor(kind=ActorKind.PERSON, role=Role.OFFICE_EDITOR, name="办公室", account_id=1, region_path=region.path)


def test_the_office_asks_for_a_better_explanation(alarm, unit, shenyang_editor):
    alarm = alarm_explain(actor=unit.actor, alarm_id=alarm.pk, revision=1, **ANSWER)
    alarm = alarm_return(actor=shenyang_editor.actor, alarm_id=alarm.pk, revision=2, note="措施不够具体")
    assert alarm.state == AlarmState.ACKNOWLEDGED
    assert unit.organisation.pk in {one[0] for one in waiting(alarm)}


def test_nobody_answering_it_rises_to_the_lead_both_leads_and_the_coordinator(alarm, pairing):
    long = {"ack_due": ago(1), "explain_due": today() + dt.timedelta(days=30)}
    Alarm.objects.filter(pk=alarm.pk).update(**long)
    assert alarms_escalate() == 1
    assert alarms_escalate() == 0
    Alarm.objects.filter(pk=alarm.pk).update(ack_due=ago(40))
    assert alarms_escalate() == 1
    alarm.refresh_from_db()
    assert alarm.stage == 3
    who = waiting(alarm)
    leads = {path for _org, role, path in who if role == "office_lead"}
    assert {pairing.first_region.path, pairing.second_region.path} <= leads
    assert any(role == "coordinator" for _org, role, _path in who)
    assert alarms_escalate() == 0


def test_an_answer_calls_those_above_off(alarm, unit):
    Alarm.objects.filter(pk=alarm.pk).update(ack_due=ago(40))
    alarms_escalate()
    alarm_explain(actor=unit.actor, alarm_id=alarm.pk, revision=alarm.revision, **ANSWER)
    assert not [role for _org, role, _path in waiting(alarm) if role in ("coordinator",)]


@pytest.mark.django_db(transaction=True)
def test_an_accepted_report_is_judged_at_once(pairing, unit, shenyang_editor):
    project = make(pairing, unit=unit.organisation, planned_amount=wan(10000))
    Project.objects.filter(pk=project.pk).update(planned_start=ago(700), planned_finish=today() + dt.timedelta(days=30))
    draft = said(100, funds_central=wan(3500), paid_total=wan(50), started_on=ago(690))
    accepted(unit.actor, shenyang_editor.actor, project, month_ago(1), draft)
    jobs.drain()
    found = {row.kind: row for row in Alarm.objects.filter(project=project)}
    assert {kind: row.colour for kind, row in found.items()} == {"behind": "red", "low_payment": "red"}
    assert all(row.is_watched for row in found.values())
    assert found["low_payment"].value == Decimal("1.4")
    assert found["behind"].organisation == unit.organisation


def test_a_cut_is_seen_from_the_trail_and_an_accepted_one_is_the_new_measure(pairing, unit, shenyang_editor):
    from dataclasses import replace

    from duikou.projects.services.draft import draft_of
    from duikou.projects.services.projects import project_update

    project = make(pairing, unit=unit.organisation, planned_amount=wan(1000))
    Project.objects.filter(pk=project.pk).update(planned_finish=today())
    project.refresh_from_db()
    cut = replace(draft_of(project), planned_amount=wan(700))
    project_update(actor=COMMAND, project_id=project.pk, draft=cut, version=project.version)
    alarms_judge()
    alarm = Alarm.objects.get(project=project)
    assert (alarm.kind, alarm.colour, alarm.value) == ("shrunk", "red", 30)
    alarm_close(actor=shenyang_editor.actor, alarm_id=alarm.pk, revision=1, note="经批准调减")
    alarms_judge()
    assert Alarm.objects.filter(project=project).count() == 1
    assert AlarmStanding.objects.get(pk=project.pk).most_planned == wan(700)


def test_parameters_are_versions_that_begin_on_their_day(alarm, coordinator, shenyang_editor, pairing):
    values = {name: getattr(Thresholds(), name) for name in NAMES} | {"start_red": Decimal(5)}
    given = {"programme": pairing.programme, "values": values, "reason": "年度通知", "version": 0}
    with pytest.raises(Forbidden):
        rule_set(actor=shenyang_editor.actor, valid_from=today(), **given)
    with pytest.raises(Invalid):
        rule_set(actor=coordinator.actor, valid_from=ago(1), **given)
    rule_set(actor=coordinator.actor, valid_from=today(), **given)
    assert rule_set(actor=coordinator.actor, valid_from=today(), **given).version == 1
    assert AlarmRule.objects.count() == 1
    alarms_judge()
    alarm.refresh_from_db()
    assert alarm.colour == "red"
    bad = values | {"pay_red": Decimal(90)}
    with pytest.raises(Invalid) as refused:
        rule_set(actor=coordinator.actor, valid_from=today(), **given | {"values": bad, "version": 1})
    assert "pay_red" in refused.value.fields


def test_counts_and_lists_are_scoped_in_the_query(alarm, shenyang_editor, dalian_editor, unit, member, coordinator):
    seen = {"red": 0, "yellow": 1}
    assert alarms_counted(actor=shenyang_editor.actor) == alarms_counted(actor=coordinator.actor) == seen
    assert alarms_counted(actor=unit.actor) == seen
    for person in (dalian_editor, member):
        assert alarms_counted(actor=person.actor) == {"red": 0, "yellow": 0}
    Project.objects.update(visibility="public")
    assert not alarms_visible(actor=dalian_editor.actor).exists()
    assert project_judged(actor=dalian_editor.actor, project=alarm.project) is None
    assert alarms_red(actor=coordinator.actor) == []


def test_a_round_over_many_projects_asks_as_often_as_over_few(pairing, unit):
    def cost(number):
        for each in range(number):
            row = make(pairing, f"准时的项目{number}-{each}", unit=unit.organisation)
            Project.objects.filter(pk=row.pk).update(planned_start=ago(1), planned_finish=today())
        alarms_judge()
        with CaptureQueriesContext(connection) as asked:
            alarms_judge()
        return len(asked)

    assert cost(2) == cost(12)


def test_alarms_of_a_duplicate_close_with_it(alarm, pairing, unit):
    from duikou.progress.services.alarms_merge import alarms_follow_merge

    kept = make(pairing, "留下的项目", unit=unit.organisation)
    alarms_follow_merge(kept_id=kept.pk, duplicate_id=alarm.project_id)
    alarm.refresh_from_db()
    assert (alarm.state, waiting(alarm)) == (AlarmState.CLOSED, [])
