"""Who acts on a request."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from duikou.access.models import Membership
from duikou.access.services.demonstration import POSTS, demonstration_seed
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict
from duikou.records.models import AuditEvent


def test_the_demonstration_has_one_account_for_every_role(coordinator):
    held = set(Membership.objects.values_list("role", flat=True))
    assert held == {role.value for role in Role} - {"public"}


def test_seeding_twice_changes_nothing(coordinator):
    count = Membership.objects.count(), AuditEvent.objects.count()
    assert demonstration_seed(actor=Actor.command("again")) == 0
    assert (Membership.objects.count(), AuditEvent.objects.count()) == count
    assert count[0] == len(POSTS)


def test_production_refuses_demonstration_accounts(coordinator, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(Conflict):
        demonstration_seed(actor=Actor.command("production"))


def test_an_office_acts_for_its_region_and_nothing_else(shenyang_lead):
    actor = shenyang_lead.actor
    assert actor.covers("210000/210100/210102/")
    assert not actor.covers("210000/210200/")
    assert not actor.sees_all


@pytest.mark.parametrize(
    ("role", "with_region", "allowed"),
    [
        ("coordinator", True, False),
        ("auditor", True, False),
        ("member", True, False),
        ("operator", True, False),
        ("office_lead", False, False),
        ("office_editor", False, False),
        ("cadre_officer", False, False),
        ("unit", True, True),
        ("unit", False, True),
        ("member", False, True),
        ("coordinator", False, True),
    ],
)
def test_the_database_holds_role_and_region_together(shenyang_lead, beijing_editor, role, with_region, allowed):
    post = Membership(
        account=beijing_editor.account,
        organisation=shenyang_lead.organisation,
        role=role,
        region=shenyang_lead.membership.region if with_region else None,
    )
    if allowed:
        post.save()
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        post.save()


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"valid_to": today() - dt.timedelta(days=1), "valid_from": today() - dt.timedelta(days=9)},
        {"valid_from": today() + dt.timedelta(days=1)},
    ],
)
def test_a_post_that_does_not_work_stops_at_the_next_request(shenyang_lead, change):
    Membership.objects.filter(pk=shenyang_lead.membership.pk).update(**change)
    from duikou.access.selectors import memberships_live

    assert memberships_live(account=shenyang_lead.account) == []
