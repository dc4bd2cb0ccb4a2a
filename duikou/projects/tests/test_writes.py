"""Registering, correcting, moving, confirming and merging projects."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from duikou.kernel.actor import Actor, ActorKind, Role
from duikou.kernel.errors import Conflict, Forbidden, Invalid, Stale
from duikou.kernel.money import Bound, Money
from duikou.projects.models import Project, ProjectParty, ReportedStatistic, StateWording
from duikou.projects.services.draft import PartyDraft, draft_of, with_signed_rule
from duikou.projects.services.near import CROWDED, Blocks, near_keys, near_keys_write
from duikou.projects.services.projects import project_create, project_update
from duikou.projects.services.statistics import StatisticDraft, statistic_record
from duikou.projects.services.steps import (
    project_confirm,
    project_contest,
    project_merge,
    project_reported,
    project_state_correct,
    project_step,
)
from duikou.projects.services.wordings import wording_key, wording_save, wording_states
from duikou.projects.states import Measure, ProjectState, Side
from duikou.projects.tests.conftest import World, office
from duikou.records.models import AuditEvent
from duikou.records.selectors import evidence_of
from duikou.records.services.evidence import evidence_add

SHENYANG, BEIJING, DALIAN = office("210000/210100/"), office("110000/"), office("210000/210200/")
COORDINATOR = Actor(kind=ActorKind.PERSON, role=Role.COORDINATOR, name="统筹")
COMMAND = Actor.command("tests")


def faults(world: World, **given):
    with pytest.raises(Invalid) as bad:
        project_create(actor=COMMAND, draft=world.draft(**given))
    return set(bad.value.fields)


def test_an_office_registers_for_its_side_and_the_trail_tells(world):
    project = project_create(actor=SHENYANG, draft=world.draft("清华启迪科技城", planned_amount=Money("3000000000")))
    assert project.reported_by_first_at is not None
    assert project.reported_by_second_at is None
    event = AuditEvent.objects.filter(subject_kind="projects.project", subject_id=str(project.pk)).get()
    assert event.action == "projects.project.created"
    assert event.after["name"] == "清华启迪科技城"


@pytest.mark.parametrize("actor", [DALIAN, COORDINATOR, Actor.anonymous()])
def test_who_is_on_neither_side_may_not_register(world, actor):
    with pytest.raises(Forbidden):
        project_create(actor=actor, draft=world.draft())
    assert not Project.objects.filter(programme=world.programme).exists()


def test_every_fault_stands_at_its_field(world):
    assert faults(world, name="——") == {"name"}
    assert faults(world, first_region=world.regions["210200"]) == {"first_region"}
    assert faults(world, second_region=world.regions["310000"]) == {"second_region"}
    assert faults(world, planned_amount=Money("-1"), signed_amount=Money("2e12")) == {"planned_amount", "signed_amount"}
    assert faults(world, year=1800) == {"year"}
    assert faults(world, state_as_of=dt.date(2999, 1, 1)) >= {"state_as_of"}
    assert faults(world, source_url="javascript:alert(1)") == {"source_url"}
    assert faults(world, project_code="2413-210100-04-01-123456") == {"project_code"}
    assert faults(world, project_code="2412-999999-04-01-123456") == {"project_code"}
    assert faults(world, kind=world.kinds["park"], extra={"residents": "多"}) == {"extra.area", "extra.residents"}
    assert faults(world, parties=(PartyDraft("  "),)) == {"parties"}


def test_a_code_of_a_known_region_is_kept(world):
    assert world.project(project_code="2412-210100-04-01-123456").project_code == "2412-210100-04-01-123456"


def test_unknown_money_stays_unknown_and_signed_counts_from_signing_on(world):
    draft = world.draft(planned_amount=Money("5"), planned_bound=Bound.AT_LEAST)
    assert with_signed_rule(draft).signed_amount is None
    signed = with_signed_rule(replace(draft, state=ProjectState.SIGNED))
    assert (signed.signed_amount, signed.signed_bound) == (Money("5"), Bound.AT_LEAST)
    assert world.project().planned_amount is None


def test_a_stale_save_changes_nothing(world):
    project = world.project()
    draft = draft_of(project)
    project_update(actor=SHENYANG, project_id=project.pk, version=1, draft=replace(draft, description="甲"))
    with pytest.raises(Stale):
        project_update(actor=BEIJING, project_id=project.pk, version=1, draft=replace(draft, description="乙"))
    assert Project.objects.get(pk=project.pk).description == "甲"


def test_an_unchanged_save_leaves_no_trace(world):
    project = world.project(parties=(PartyDraft("甲公司"),))
    before = AuditEvent.objects.count()
    project_update(actor=SHENYANG, project_id=project.pk, version=1, draft=draft_of(project))
    assert AuditEvent.objects.count() == before
    assert Project.objects.get(pk=project.pk).version == 1


def test_the_life_of_a_project_with_its_gates(world):
    project = world.project()
    day = dt.date(2024, 5, 1)
    with pytest.raises(Invalid) as bad:
        project_step(actor=SHENYANG, project_id=project.pk, version=1, verb="sign")
    assert set(bad.value.fields) == {"", "state_as_of"}
    draft = replace(draft_of(project), parties=(PartyDraft("甲公司"),))
    project_update(actor=SHENYANG, project_id=project.pk, version=1, draft=draft)
    project_step(actor=SHENYANG, project_id=project.pk, version=2, verb="sign", on=day)
    with pytest.raises(Conflict):
        project_step(actor=SHENYANG, project_id=project.pk, version=3, verb="produce", on=day)
    with pytest.raises(Invalid):
        project_step(actor=SHENYANG, project_id=project.pk, version=3, verb="suspend")
    project_step(actor=BEIJING, project_id=project.pk, version=3, verb="suspend", reason="等待用地")
    with pytest.raises(Invalid):
        project_step(actor=BEIJING, project_id=project.pk, version=4, verb="resume_work")
    project_step(actor=BEIJING, project_id=project.pk, version=4, verb="resume_signed")
    assert Project.objects.get(pk=project.pk).state == ProjectState.SIGNED
    with pytest.raises(Forbidden):
        project_step(actor=DALIAN, project_id=project.pk, version=5, verb="start", on=day)


def test_a_state_recorded_wrongly_is_put_right_with_a_reason(world):
    project = world.project(state=ProjectState.CLOSED)
    with pytest.raises(Invalid):
        project_state_correct(actor=SHENYANG, project_id=project.pk, version=1, state=ProjectState.STARTED, reason=" ")
    project_state_correct(
        actor=SHENYANG, project_id=project.pk, version=1, state=ProjectState.STARTED, reason="录入错误"
    )
    assert AuditEvent.objects.filter(action="projects.project.state_corrected", reason="录入错误").exists()


def test_both_sides_report_one_project_and_the_second_confirms_or_contests(world):
    project = project_create(actor=SHENYANG, draft=world.draft())
    with pytest.raises(Forbidden):
        project_confirm(actor=SHENYANG, project_id=project.pk, version=1)
    with pytest.raises(Invalid):
        project_contest(actor=BEIJING, project_id=project.pk, version=1, note="")
    project_contest(actor=BEIJING, project_id=project.pk, version=1, note="金额应为2亿元")
    project = project_confirm(actor=BEIJING, project_id=project.pk, version=2)
    assert project.opinion == "confirmed"
    assert project.reported_by_second_at is not None
    again = project_reported(actor=COMMAND, project_id=project.pk, side=Side.SECOND)
    assert again.version == project.version


def test_duplicates_become_one_and_the_chain_of_addresses_leads_to_it(world):
    kept = world.project("甲", parties=(PartyDraft("公司"),))
    middle = world.project("乙", parties=(PartyDraft("公司"), PartyDraft("另一公司")), clause="3.4.2")
    last = world.project("丙")
    project_merge(actor=SHENYANG, kept_id=middle.pk, duplicate_id=last.pk, version=1, reason="重复")
    project_merge(actor=SHENYANG, kept_id=kept.pk, duplicate_id=middle.pk, version=2, reason="重复")
    assert set(Project.objects.filter(programme=world.programme, merged_into=None)) == {kept}
    assert set(Project.objects.filter(merged_into=kept)) == {middle, last}
    assert ProjectParty.objects.filter(project=kept).count() == 2
    assert [clause.code for clause in kept.further_clauses.all()] == ["3.2.2", "3.4.2"][1:]
    with pytest.raises(Conflict):
        project_merge(actor=SHENYANG, kept_id=kept.pk, duplicate_id=kept.pk, version=1, reason="")
    with pytest.raises(Forbidden):
        project_update(actor=SHENYANG, project_id=last.pk, version=last.version, draft=draft_of(last))


def test_a_statistic_of_one_source_is_stated_once(world):
    draft = StatisticDraft(
        world.programme, "京沈产业项目208个", measure=Measure.PLANNED, amount=Money("288700000000"), year=2018
    )
    row, new = statistic_record(actor=COMMAND, draft=draft)
    again, second = statistic_record(actor=COMMAND, draft=replace(draft, amount=Money("288700000001")))
    assert (new, second, again.pk) == (True, False, row.pk)
    assert ReportedStatistic.objects.filter(programme=world.programme).count() == 1
    with pytest.raises(Forbidden):
        statistic_record(actor=DALIAN, draft=replace(draft, pairing=world.pairings["shenyang-beijing"]))
    with pytest.raises(Invalid):
        statistic_record(actor=COMMAND, draft=replace(draft, title="……"))


def test_wordings_are_read_alike_and_only_the_coordinator_edits_them(world):
    assert wording_states()[wording_key("已签协议 / 运营")] is ProjectState.IN_PRODUCTION
    assert wording_states()[wording_key("累计")] is None
    with pytest.raises(Forbidden):
        wording_save(actor=SHENYANG, wording="奠基", state=ProjectState.STARTED)
    row = wording_save(actor=COORDINATOR, wording="奠基", state=ProjectState.STARTED)
    with pytest.raises(Stale):
        wording_save(actor=COORDINATOR, wording="奠基", state=ProjectState.SIGNED, version=row.version + 1)
    wording_save(actor=COORDINATOR, wording="奠 基", state=None, version=row.version)
    assert StateWording.objects.get(key="奠基").state == ""


def test_figures_that_change_after_the_other_side_confirmed_them_wait_for_its_word_again(world):
    project = project_create(actor=SHENYANG, draft=world.draft(planned_amount=Money("100")))
    project = project_confirm(actor=BEIJING, project_id=project.pk, version=1)
    words = replace(draft_of(project), description="只改了说明")
    project = project_update(actor=SHENYANG, project_id=project.pk, version=2, draft=words)
    assert project.opinion == "confirmed"
    figures = replace(draft_of(project), planned_amount=Money("200"))
    project = project_update(actor=SHENYANG, project_id=project.pk, version=3, draft=figures)
    assert project.opinion == "pending"
    event = AuditEvent.objects.filter(action="projects.project.updated").latest("id")
    assert event.after["opinion"] == "pending"


def test_a_contested_project_stays_contested_until_the_other_side_says_otherwise(world):
    project = project_create(actor=SHENYANG, draft=world.draft(planned_amount=Money("100")))
    project = project_contest(actor=BEIJING, project_id=project.pk, version=1, note="应为2亿元")
    figures = replace(draft_of(project), planned_amount=Money("200"))
    project = project_update(actor=SHENYANG, project_id=project.pk, version=2, draft=figures)
    assert (project.opinion, project.opinion_note) == ("contested", "应为2亿元")


def test_files_of_proof_follow_a_duplicate_into_the_project_that_is_kept(world, tmp_path, settings):
    settings.HOME = tmp_path
    kept, duplicate = world.project("甲"), world.project("乙")
    file = SimpleUploadedFile("合同.txt", "内容".encode())
    evidence_add(actor=Actor.command("tests"), subject=duplicate, file=file)
    project_merge(actor=COMMAND, kept_id=kept.pk, duplicate_id=duplicate.pk, version=1, reason="重复")
    assert [link.name for link in evidence_of(kind="projects.project", subject_id=str(kept.pk))] == ["合同.txt"]


def test_an_objection_is_taken_back_by_the_side_that_made_it_only(world):
    project = project_create(actor=SHENYANG, draft=world.draft())
    project = project_reported(actor=BEIJING, project_id=project.pk)
    project = project_contest(actor=BEIJING, project_id=project.pk, version=project.version, note="应为2亿元")
    assert project.opinion_by == "second"
    with pytest.raises(Forbidden) as refused:
        project_confirm(actor=SHENYANG, project_id=project.pk, version=project.version)
    assert "由对方" in refused.value.message
    project = project_confirm(actor=BEIJING, project_id=project.pk, version=project.version)
    assert (project.opinion, project.opinion_note, project.opinion_by) == ("confirmed", "", "second")


def test_a_renamed_project_is_found_by_its_new_name_and_no_longer_by_its_old_one(world):
    project = project_create(actor=SHENYANG, draft=world.draft("清华启迪科技城"))
    root = project.pairing.root.pk
    old, new = near_keys(root, "清华启迪科技城"), near_keys(root, "中关村智能装备园")
    assert Blocks().find([*old, *new]) == {key: [project.pk] for key in old}
    renamed = replace(draft_of(project), name="中关村智能装备园")
    project_update(actor=SHENYANG, project_id=project.pk, version=1, draft=renamed)
    assert Blocks().find([*old, *new]) == {key: [project.pk] for key in new}


def test_a_key_that_too_many_share_is_passed_over(world):
    near_keys_write([(number, [7]) for number in range(1, CROWDED + 2)] + [(1, [8])])
    blocks = Blocks()
    assert blocks.find([7, 8]) == {8: [1]}
    assert blocks.find([7]) == {}
