"""Who owns what: the nearest region's rule, then the kind's; never nobody, even when people have left."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from duikou.access.models import Membership
from duikou.greenchannel.models import OwnerRule
from duikou.greenchannel.selectors.owners import owner_for, rules_visible
from duikou.greenchannel.services.raising import request_raise
from duikou.greenchannel.services.rules import RuleDraft, rule_end, rule_set
from duikou.greenchannel.services.ticking import requests_tick
from duikou.greenchannel.tests.conftest import draft_of, kind, take
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from duikou.programme.models import Region


def leave(membership: Any) -> None:
    """The person's term ended."""
    before = today() - dt.timedelta(days=1)
    Membership.objects.filter(pk=membership.pk).update(valid_from=before, valid_to=before)


def leave_all(organisation: Any) -> None:
    """Nobody works there any more."""
    for membership in Membership.objects.filter(organisation=organisation):
        leave(membership)


def owner(project: Any, code: str = "approval") -> Any:
    return owner_for(programme=project.programme, kind=kind(code), region=project.first_region)


def test_the_rule_of_the_kind_beats_the_one_for_any_kind(
    project: Any, rule: Any, shenyang_lead: Any, shenyang_editor: Any
) -> None:
    draft = RuleDraft(
        project.programme, project.first_region, None, shenyang_editor.organisation, shenyang_editor.membership
    )
    rule_set(actor=shenyang_lead.actor, draft=draft)
    assert owner(project).account_id == rule.person.account_id
    assert owner(project, "land").account_id == shenyang_editor.account.pk


def test_the_nearest_region_wins(project: Any, rule: Any, coordinator: Any, shenyang_editor: Any) -> None:
    province = Region.objects.get(adcode="210000")
    draft = RuleDraft(project.programme, province, kind("approval"), shenyang_editor.organisation)
    wide = rule_set(actor=coordinator.actor, draft=draft)
    assert owner(project).account_id == rule.person.account_id
    rule_end(actor=coordinator.actor, rule_id=rule.pk, revision=rule.revision)
    found = owner(project)
    assert (found.organisation_id, found.account_id, found.basis) == (wide.organisation_id, None, "rule")


def test_without_a_rule_the_lead_of_that_side_owns_it_and_it_says_so(project: Any, shenyang_lead: Any) -> None:
    found = owner(project, "energy")
    assert (found.account_id, found.basis) == (shenyang_lead.account.pk, "office")


def test_who_has_left_is_followed_by_the_stand_in_then_the_body_then_the_office(
    project: Any, rule: Any, unit: Any, shenyang_lead: Any, shenyang_editor: Any
) -> None:
    draft = RuleDraft(
        project.programme, rule.region, rule.kind, unit.organisation, unit.membership, shenyang_editor.membership
    )
    rule = rule_set(actor=shenyang_lead.actor, draft=draft, rule_id=rule.pk, revision=rule.revision)
    leave(unit.membership)
    assert (owner(project).account_id, owner(project).basis) == (shenyang_editor.account.pk, "stand_in")
    OwnerRule.objects.filter(pk=rule.pk).update(stand_in=None)
    assert (owner(project).organisation_id, owner(project).basis) == (unit.organisation.pk, "body")
    leave_all(unit.organisation)
    assert (owner(project).account_id, owner(project).basis) == (shenyang_lead.account.pk, "office")


def test_an_office_without_anybody_is_still_named(
    project: Any, shenyang_lead: Any, shenyang_editor: Any, member: Any
) -> None:
    leave(shenyang_lead.membership)
    assert owner(project).account_id == shenyang_editor.account.pk
    leave(shenyang_editor.membership)
    found = owner(project)
    assert (found.account_id, found.organisation_id) == (None, None)
    assert "沈阳" in found.name
    made = request_raise(actor=member.actor, draft=draft_of(project))
    Membership.objects.filter(pk=shenyang_lead.membership.pk).update(valid_to=None)
    assert requests_tick()["reassigned"] == 1
    made.refresh_from_db()
    assert made.owner_id == shenyang_lead.account.pk


def test_an_organisation_as_owner_gets_its_person_by_accepting(
    project: Any, rule: Any, unit: Any, shenyang_lead: Any, member: Any
) -> None:
    draft = RuleDraft(project.programme, rule.region, rule.kind, unit.organisation)
    rule_set(actor=shenyang_lead.actor, draft=draft, rule_id=rule.pk, revision=rule.revision)
    made = request_raise(actor=member.actor, draft=draft_of(project))
    assert made.owner_id is None
    row = take(unit, made, "accept")
    assert row.owner_id == unit.account.pk
    assert str(unit.account) in row.owner_name


def test_an_open_request_whose_owner_leaves_gets_another(raised: Any, unit: Any, shenyang_lead: Any) -> None:
    take(unit, raised, "accept")
    assert requests_tick()["reassigned"] == 0
    leave_all(unit.organisation)
    assert requests_tick()["reassigned"] == 1
    assert requests_tick()["reassigned"] == 0
    raised.refresh_from_db()
    assert (raised.owner_id, raised.state, raised.basis) == (shenyang_lead.account.pk, "raised", "office")


def test_rules_are_set_by_the_lead_of_the_region_and_the_coordinator(
    project: Any, unit: Any, shenyang_editor: Any, shenyang_lead: Any, dalian_lead: Any, coordinator: Any
) -> None:
    draft = RuleDraft(project.programme, project.first_region, kind("land"), unit.organisation)
    for person in (shenyang_editor, dalian_lead, unit):
        with pytest.raises(Forbidden):
            rule_set(actor=person.actor, draft=draft)
    rule = rule_set(actor=shenyang_lead.actor, draft=draft)
    with pytest.raises(Invalid) as twice:
        rule_set(actor=coordinator.actor, draft=draft)
    assert set(twice.value.fields) == {"kind"}
    with pytest.raises(Stale):
        rule_end(actor=shenyang_lead.actor, rule_id=rule.pk, revision=9)
    rule_end(actor=shenyang_lead.actor, rule_id=rule.pk, revision=1)
    with pytest.raises(Conflict):
        rule_end(actor=shenyang_lead.actor, rule_id=rule.pk, revision=2)
    with pytest.raises(NotFound):
        rule_end(actor=shenyang_lead.actor, rule_id=0, revision=1)


def test_a_rule_names_people_who_are_there(
    project: Any, unit: Any, shenyang_lead: Any, beijing_editor: Any, shenyang_editor: Any
) -> None:
    def refused(**given: Any) -> set[str]:
        facts = {"organisation": unit.organisation, **given}
        draft = RuleDraft(project.programme, project.first_region, kind("land"), **facts)
        with pytest.raises(Invalid) as wrong:
            rule_set(actor=shenyang_lead.actor, draft=draft)
        return set(wrong.value.fields)

    assert refused(organisation=beijing_editor.organisation) == {"organisation"}
    assert refused(person=shenyang_editor.membership) == {"person"}
    assert refused(stand_in=shenyang_editor.membership) == {"stand_in"}
    assert refused(person=unit.membership, stand_in=unit.membership) == {"stand_in"}
    leave(shenyang_editor.membership)
    assert refused(person=unit.membership, stand_in=shenyang_editor.membership) == {"stand_in"}


def test_rules_are_read_by_offices_near_and_the_nation(
    rule: Any, shenyang_editor: Any, dalian_editor: Any, unit: Any, coordinator: Any, auditor: Any
) -> None:
    seen = {person: rules_visible(actor=person.actor).count() for person in (shenyang_editor, coordinator, auditor)}
    assert set(seen.values()) == {1}
    assert not rules_visible(actor=dalian_editor.actor).exists()
    assert not rules_visible(actor=unit.actor).exists()


def test_two_requests_of_one_person_are_two(project: Any, member: Any) -> None:
    first, second = (request_raise(actor=member.actor, draft=draft_of(project, uid=uuid.uuid4())) for _n in range(2))
    assert first.pk != second.pk
