"""What a person cannot see, no list, search, suggestion, count or address reveals."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.access.models import Organisation
from duikou.access.selectors.organisations import (
    organisations_alike,
    organisations_matching,
    organisations_suggest,
    organisations_visible,
)
from duikou.kernel.actor import Role
from duikou.programme.models import Region

PEOPLE = (
    "anonymous",
    "coordinator",
    "ministry",
    "shenyang_editor",
    "beijing_lead",
    "dalian_lead",
    "cadre_officer",
    "unit",
    "member",
    "auditor",
    "operator",
)
PLACES = ("210100", "210102", "110000", "110101", "210200", "310000", "230200", "440100")
PARTNERS = {"210100": "110000", "110000": "210100", "210200": "310000", "230000": "440000"}


def may_know(actor, place, is_published):
    """The rule of the room in its plainest words."""
    if actor.sees_all or actor.role is Role.OPERATOR or is_published:
        return True
    if not actor.region_path:
        return False
    if place.path.startswith(actor.region_path):
        return True
    partner = PARTNERS.get(actor.region_path.rstrip("/").rsplit("/", 1)[-1])
    works_with_partners = actor.role in (Role.OFFICE_EDITOR, Role.OFFICE_LEAD, Role.CADRE_OFFICER)
    return bool(works_with_partners and partner and f"{partner}/" in place.path)


@pytest.fixture
def people(request):
    return {name: request.getfixturevalue(name) for name in PEOPLE}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bodies=st.lists(st.tuples(st.sampled_from(PLACES), st.booleans()), min_size=1, max_size=6),
    name=st.sampled_from(PEOPLE),
)
def test_sight_follows_the_rule_everywhere(people, bodies, name):
    actor = people[name].actor
    regions = {region.adcode: region for region in Region.objects.filter(adcode__in=PLACES)}
    with transaction.atomic():
        for number, (place, is_published) in enumerate(bodies):
            body = Organisation.objects.create(
                name=f"隐名制造第{number}厂", kind="enterprise", region=regions[place], is_published=is_published
            )
            expected = may_know(actor, regions[place], is_published)
            rows = organisations_visible(actor=actor)
            assert rows.filter(pk=body.pk).exists() is expected
            assert (body in organisations_matching(rows, body.name)) is expected
            assert (body in organisations_suggest(actor=actor, query=body.initials)) is expected
            alike = organisations_alike(actor=actor, name=body.name, region=body.region, limit=50)
            assert (body in [like.organisation for like in alike]) is expected
        transaction.set_rollback(True)


def test_addresses_and_counts_tell_no_more_than_the_list(people, client_for, firm):
    hidden = firm("沈阳隐名制造有限公司", uscc="91110000600037341L")
    for name, person in people.items():
        if name == "anonymous":
            continue
        client = client_for(person)
        knows = organisations_visible(actor=person.actor).filter(pk=hidden.pk).exists()
        for address in ("organisation", "people", "organisation-edit", "organisation-merge"):
            status = client.get(reverse(f"access:{address}", args=[hidden.pk])).status_code
            assert knows or status in (403, 404), (name, address)
            assert knows or address != "organisation" or status == 404
        page = client.get(reverse("access:organisations"), {"q": "91110000600037341L"}).content.decode()
        assert ("隐名" in page) is knows
        assert ("共1条" in page) is knows
