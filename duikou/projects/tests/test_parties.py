"""Which organisation a party is, who may say so, and what that lets it see and do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from duikou.access.models import Organisation
from duikou.flow.models import Notice
from duikou.kernel.errors import Conflict, Forbidden, Invalid
from duikou.programme.models import Pairing
from duikou.projects import policies
from duikou.projects.models import Project, ProjectParty
from duikou.projects.selectors import projects_of_organisation, projects_visible
from duikou.projects.services.draft import PartyDraft, ProjectDraft, draft_of
from duikou.projects.services.parties import party_add, party_link, party_unlink
from duikou.projects.services.projects import project_create, project_update
from duikou.projects.services.tellings import linked, unlinked
from duikou.projects.states import REPORTING, PartyRole, Side
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(shenyang_editor, unit, member):
    """A project of 沈阳 and 北京, seen by the pairing only, with one of 沈阳's units by its name."""
    pair = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    draft = ProjectDraft(
        pair.programme,
        "两地共建研究院",
        pair,
        pair.programme.clause_set.get(code="3.3.1"),
        pair.first_region,
        pair.second_region,
        parties=(
            PartyDraft(unit.organisation.name, Side.FIRST, PartyRole.LEAD),
            PartyDraft("北京某研究所", Side.SECOND, PartyRole.COOPERATING),
            PartyDraft("某基金", Side.NONE, PartyRole.INVESTOR),
        ),
    )
    return project_create(actor=shenyang_editor.actor, draft=draft)


def party(project: Project, side: str) -> ProjectParty:
    return project.parties.get(side=side)


def link(person, project: Project, side: str, organisation: Organisation) -> ProjectParty:
    return party_link(
        actor=person.actor,
        project_id=project.pk,
        party_id=party(project, side).pk,
        organisation_id=organisation.pk,
    )


def test_linking_lets_the_organisation_see_and_report(project, shenyang_editor, unit):
    assert not projects_visible(actor=unit.actor).filter(pk=project.pk).exists()
    assert not policies.take_part(unit.actor, project)
    link(shenyang_editor, project, "first", unit.organisation)
    assert list(projects_of_organisation(actor=unit.actor)) == [project]
    assert list(projects_of_organisation(actor=unit.actor, roles=REPORTING)) == [project]
    assert policies.take_part(unit.actor, project)
    event = AuditEvent.objects.get(action="projects.party.linked")
    assert (event.subject_id, event.after["organisation"]) == (str(project.pk), unit.organisation.name)
    party_unlink(actor=shenyang_editor.actor, project_id=project.pk, party_id=party(project, "first").pk)
    assert not projects_visible(actor=unit.actor).filter(pk=project.pk).exists()
    assert not policies.take_part(unit.actor, project)


def test_who_only_invests_sees_and_does_not_report(project, shenyang_editor, unit):
    made = link(shenyang_editor, project, "none", unit.organisation)
    assert made.side == "first"
    assert projects_visible(actor=unit.actor).filter(pk=project.pk).exists()
    assert not policies.take_part(unit.actor, project)


def test_each_office_links_only_its_own_side_and_its_own_bodies(project, shenyang_editor, beijing_editor, unit):
    with pytest.raises(Forbidden):
        link(beijing_editor, project, "first", unit.organisation)
    with pytest.raises(Invalid):
        link(beijing_editor, project, "second", unit.organisation)
    elsewhere = Organisation.objects.exclude(region__path__startswith=shenyang_editor.actor.region_path).first()
    assert elsewhere is not None
    with pytest.raises(Invalid):
        link(shenyang_editor, project, "first", elsewhere)
    assert not ProjectParty.objects.filter(project=project, organisation__isnull=False).exists()


def test_a_party_is_one_organisation_at_a_time(project, shenyang_editor, unit, other_member):
    link(shenyang_editor, project, "first", unit.organisation)
    link(shenyang_editor, project, "first", unit.organisation)
    others = Organisation.objects.filter(region__path__startswith=shenyang_editor.actor.region_path)
    other = others.exclude(pk=unit.organisation.pk).filter(memberships=None).first() or other_member.organisation
    with pytest.raises(Conflict):
        link(shenyang_editor, project, "first", other)


def test_who_takes_part_besides_the_parties(
    project, shenyang_editor, beijing_lead, dalian_editor, coordinator, auditor, member, anonymous
):
    assert policies.take_part(shenyang_editor.actor, project)
    assert policies.take_part(beijing_lead.actor, project)
    for person in (dalian_editor, coordinator, auditor, member):
        verdict = policies.take_part(person.actor, project)
        assert not verdict
        assert verdict.reason


def test_the_form_keeps_the_links_of_parties_that_stay(project, shenyang_editor, beijing_editor, unit):
    link(shenyang_editor, project, "first", unit.organisation)
    project.refresh_from_db()
    draft = draft_of(project)
    first, *others = draft.parties
    changed = replace(draft, parties=(replace(first, role=PartyRole.COOPERATING, organisation_id=None), *others[:1]))
    saved = project_update(actor=beijing_editor.actor, project_id=project.pk, version=project.version, draft=changed)
    kept = saved.parties.get(side="first")
    assert (kept.organisation_id, kept.role) == (unit.organisation.pk, "cooperating")
    assert saved.parties.count() == 2
    with pytest.raises(Invalid) as bad:
        project_update(
            actor=beijing_editor.actor,
            project_id=project.pk,
            version=saved.version,
            draft=replace(draft, parties=tuple(others[:1])),
        )
    assert set(bad.value.fields) == {"parties"}


def test_a_party_is_added_by_picking_or_by_name(project, shenyang_editor, unit):
    add = {"actor": shenyang_editor.actor, "project_id": project.pk, "side": Side.FIRST}
    picked = party_add(**add, name="", role=PartyRole.COOPERATING, organisation=unit.organisation)
    assert picked.organisation_id == unit.organisation.pk
    plain = party_add(**add, name="某合作社", role=PartyRole.LEAD)
    assert plain.organisation_id is None
    for name in ("某合作社", "——", "长" * 201):
        with pytest.raises(Invalid):
            party_add(**add, name=name, role=PartyRole.LEAD)
    assert "某合作社" in Project.objects.get(pk=project.pk).search_text


def test_the_organisation_is_told(project, unit):
    ids = {"project_id": project.pk, "organisation_id": unit.organisation.pk, "at": "2026-01-01"}
    told, gone = linked(**ids), unlinked(**ids)
    assert told is not None
    assert gone is not None
    assert unit.account.pk in told.accounts
    assert told.url == reverse("projects:project", args=[project.pk])
    assert gone.url == reverse("projects:list")
    assert not Notice.objects.filter(kind="projects.party").exists()


def test_the_page_suggests_links_adds_and_says_what_is_wrong(
    client_for, project, shenyang_editor, beijing_editor, unit, query_counts
):
    client = client_for(shenyang_editor)
    page_url = reverse("projects:project", args=[project.pk])
    page = client.get(page_url).content.decode()
    assert f"关联“{unit.organisation.name}”" in page
    assert f"关联“{unit.organisation.name}”" not in client_for(beijing_editor).get(page_url).content.decode()
    link_url = reverse("projects:party-link", args=[project.pk, party(project, "first").pk])
    assert client.post(link_url, {"organisation": "随便写的"}).status_code == 400
    text = f"{unit.organisation.name} #{unit.organisation.pk}"
    assert client_for(beijing_editor).post(link_url, {"organisation": text}).status_code == 400
    assert client.post(link_url, {"organisation": text}).status_code == 302
    assert "已关联主体" in client.get(page_url).content.decode()
    seen = client_for(unit).get(page_url)
    assert seen.status_code == 200
    assert "解除关联" not in seen.content.decode()
    mine = client_for(unit).get(reverse("projects:list"), {"mine": "on"}).content.decode()
    assert project.name in mine
    add_url = reverse("projects:party-add", args=[project.pk])
    assert client.post(add_url, {"name": "", "side": "first", "role": "lead"}).status_code == 400
    assert client.post(add_url, {"name": "某村集体", "side": "second", "role": "lead"}).status_code == 302
    unlink_url = reverse("projects:party-unlink", args=[project.pk, party(project, "first").pk])
    assert client.post(unlink_url).status_code == 302
    assert client_for(unit).get(page_url).status_code == 404
