"""The table of the domain (who may what), sentence by sentence, against what the rooms declared and judge."""

from __future__ import annotations

import pytest

from duikou.kernel.actor import Role
from duikou.kernel.permissions import check, table
from duikou.projects.services.draft import ProjectDraft
from duikou.projects.services.projects import project_create
from duikou.records.policies import may_write

READING = {"read", "list", "reveal", "pick"}
"""Last words of rights that change nothing but the reader's own view."""

OWN = {"flow.inbox.write", "flow.view.write", "meetings.feed.write", "projects.follow.write"}
"""One's own inbox (read, set aside, how to be told), saved views, what one follows, the address of one's calendar."""


def held_by(role):
    """Every right that a role holds."""
    return {code for code, permission in table().items() if role in permission.roles}


def changing(role):
    """Those that change what others see."""
    return {code for code in held_by(role) if code.rpartition(".")[2] not in READING} - OWN


def test_an_auditor_reads_all_and_changes_nothing():
    assert changing(Role.AUDITOR) == set()
    everything_read = {code for code in table() if code.endswith(".read")}
    assert everything_read - held_by(Role.AUDITOR) == set()


def test_the_public_reads_what_is_published_and_nothing_else():
    assert changing(Role.PUBLIC) == set()
    assert all(code.startswith(("programme.", "portal.")) for code in held_by(Role.PUBLIC))


def test_an_operator_keeps_users_and_settings_and_writes_no_business():
    keeps = {"access", "flow.calendar", "programme.programme"}
    assert [code for code in changing(Role.OPERATOR) if not code.startswith(tuple(keeps))] == []


@pytest.mark.parametrize("role", [Role.MINISTRY, Role.CADRE_AUTHORITY, Role.CADRE_OFFICER, Role.AUDITOR, Role.OPERATOR])
def test_only_the_two_offices_write_plans_and_projects_and_bring_files(role):
    offices = {Role.OFFICE_EDITOR, Role.OFFICE_LEAD}
    for code in ("plans.plan.write", "projects.project.write", "intake.run.create"):
        assert table()[code].roles == offices
        assert code not in held_by(role)


def test_a_coordinator_sees_imports_and_is_told_why_it_brings_none(coordinator):
    assert check(coordinator.actor, "intake.run.read")
    refused = check(coordinator.actor, "intake.run.create")
    assert not refused
    assert "对口合作办公室" in str(refused.reason)


def test_only_the_coordinator_sets_the_days_that_duties_are_due():
    assert {role for role in Role if "flow.duty.set" in held_by(role)} == {Role.COORDINATOR}


def test_a_unit_reports_and_a_member_does_not():
    assert "plans.progress.write" in held_by(Role.UNIT)
    assert "plans.progress.write" not in held_by(Role.MEMBER)
    assert not {"plans.plan.write", "projects.project.write", "intake.run.create"} & held_by(Role.UNIT)


def test_the_trail_is_for_audit_coordination_and_operators():
    assert table()["records.trail.read"].roles == {Role.AUDITOR, Role.COORDINATOR, Role.OPERATOR}


def test_who_only_reads_a_project_adds_no_files_to_it(
    shenyang_editor, ministry, cadre_authority, cadre_officer, auditor, operator, member, unit, dalian_lead
):
    from duikou.programme.models import Pairing

    pairing = Pairing.objects.select_related("programme", "first_region").get(code="shenyang-beijing")
    clause = pairing.programme.clause_set.get(code="3.2.2")
    draft = ProjectDraft(pairing.programme, "只有两侧能附材料的项目", pairing, clause, pairing.first_region)
    project = project_create(actor=shenyang_editor.actor, draft=draft)
    assert may_write(shenyang_editor.actor, "projects.project", str(project.pk))
    for person in (ministry, cadre_authority, cadre_officer, auditor, operator, member, unit, dalian_lead):
        assert not may_write(person.actor, "projects.project", str(project.pk)), person.actor.role
