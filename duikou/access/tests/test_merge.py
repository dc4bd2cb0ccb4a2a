"""Merging organisations loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.access.models import Account, Membership, Organisation, OrganisationContact
from duikou.access.services.organisation_merge import merge_preview, organisation_merge
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Forbidden
from duikou.records.models import AuditEvent, Blob, Evidence
from duikou.records.selectors import evidence_of
from duikou.records.services.audit import subject_of

ME = Actor.command("tests")


def test_everything_that_pointed_at_the_old_one_points_at_the_new(firm, member, coordinator):
    kept, dropped = firm("甲公司"), firm("乙公司", uscc="91110000600037341L", address="铁西区")
    contact = OrganisationContact.objects.create(organisation=dropped, name="张三")
    post = Membership.objects.create(account=member.account, organisation=dropped, role="member")
    earlier = firm("丙公司", merged_into=dropped)
    assert dict(merge_preview(dropped)) == {"联系人": 1, "岗位": 1, "主体": 1}
    organisation_merge(actor=coordinator.actor, kept_id=kept.pk, dropped_id=dropped.pk, reason="同一家")
    for row in (contact, post, earlier, kept, dropped):
        row.refresh_from_db()
    assert contact.organisation == post.organisation == earlier.merged_into == dropped.merged_into == kept
    assert (kept.uscc, kept.address) == ("91110000600037341L", "铁西区")
    assert merge_preview(dropped) == []
    event = AuditEvent.objects.filter(action="access.organisation.merged").latest("id")
    assert event.reason == "同一家"


def test_files_that_prove_something_of_the_old_one_prove_it_of_the_new(firm, coordinator):
    kept, dropped = firm("甲公司"), firm("乙公司")
    both, only = (Blob.objects.create(digest=mark * 64, size=3, kind="pdf", created_at=now()) for mark in "ab")
    for body, blob in ((kept, both), (dropped, both), (dropped, only)):
        ref = subject_of(body)
        Evidence.objects.create(
            blob=blob, subject_kind=ref.kind, subject_id=ref.id, name=f"{body}.pdf", actor_name="甲", created_at=now()
        )
    organisation_merge(actor=coordinator.actor, kept_id=kept.pk, dropped_id=dropped.pk, reason="同一家")
    held = evidence_of(kind="access.organisation", subject_id=str(kept.pk))
    assert sorted(file.blob.digest[0] for file in held) == ["a", "b"]
    assert evidence_of(kind="access.organisation", subject_id=str(dropped.pk)) == []
    moves = AuditEvent.objects.filter(action="records.evidence.moved").order_by("id")
    assert [event.subject_id for event in moves] == [str(dropped.pk), str(kept.pk)]


def test_the_same_post_in_both_is_folded_and_its_holder_keeps_it(firm, member):
    kept, dropped = firm("甲公司"), firm("乙公司")
    stays = Membership.objects.create(account=member.account, organisation=kept, role="member")
    goes = Membership.objects.create(account=member.account, organisation=dropped, role="member")
    Account.objects.filter(pk=member.account.pk).update(last_membership=goes)
    organisation_merge(actor=ME, kept_id=kept.pk, dropped_id=dropped.pk)
    assert not Membership.objects.filter(pk=goes.pk).exists()
    assert Account.objects.get(pk=member.account.pk).last_membership == stays


def test_two_credit_codes_are_two_bodies(firm):
    kept, dropped = firm("甲公司", uscc="91110000600037341L"), firm("乙公司", uscc="91110108551385082Q")
    with pytest.raises(Conflict):
        organisation_merge(actor=ME, kept_id=kept.pk, dropped_id=dropped.pk)


def test_one_cannot_be_merged_with_itself_or_twice(firm):
    kept, dropped = firm("甲公司"), firm("乙公司")
    with pytest.raises(Conflict):
        organisation_merge(actor=ME, kept_id=kept.pk, dropped_id=kept.pk)
    organisation_merge(actor=ME, kept_id=kept.pk, dropped_id=dropped.pk)
    with pytest.raises(Conflict):
        organisation_merge(actor=ME, kept_id=kept.pk, dropped_id=dropped.pk)


def test_a_lead_elsewhere_and_an_editor_cannot_merge(firm, dalian_lead, shenyang_editor):
    kept, dropped = firm("甲公司"), firm("乙公司")
    for person in (dalian_lead, shenyang_editor):
        with pytest.raises(Forbidden):
            organisation_merge(actor=person.actor, kept_id=kept.pk, dropped_id=dropped.pk)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    posts=st.lists(
        st.tuples(st.booleans(), st.integers(0, 4), st.sampled_from(["member", "unit", "office_lead"])), unique=True
    )
)
def test_a_merge_keeps_every_persons_every_role(firm, shenyang, posts):
    from django.db import transaction

    with transaction.atomic():
        kept, dropped = firm("甲公司"), firm("乙公司")
        people = [Account.objects.create(username=f"p{n}", display_name=f"p{n}") for n in range(5)]
        for in_kept, person, role in posts:
            Membership.objects.create(
                account=people[person],
                organisation=kept if in_kept else dropped,
                role=role,
                region=shenyang if role == "office_lead" else None,
            )
        organisation_merge(actor=ME, kept_id=kept.pk, dropped_id=dropped.pk)
        held = set(kept.memberships.values_list("account__username", "role"))
        assert held == {(f"p{person}", role) for _in_kept, person, role in posts}
        assert not Membership.objects.filter(organisation=dropped).exists()
        assert Organisation.objects.filter(pk=dropped.pk).exists()
        transaction.set_rollback(True)
