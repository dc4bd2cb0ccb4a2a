"""Posts and invitations: who gives what to whom, and links that end."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.access.models import Invitation, Membership
from duikou.access.policies import grant, roles_grantable
from duikou.access.selectors.organisations import organisations_visible
from duikou.access.selectors.people import invitations_of, people_of
from duikou.access.services import invitation as service
from duikou.access.services import membership as posts
from duikou.access.services.invitation import InvitationDraft, InvitationExpired, InvitationUsed
from duikou.kernel import jobs
from duikou.kernel.actor import NATIONWIDE, Actor, Role
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from duikou.programme.models import Region
from duikou.records.models import AuditEvent

GOOD = "Sui-Yue-Jing-Hao-2017"


def invite(person, role=Role.MEMBER, email="new@example.com", region=None, at=None):
    return service.invitation_send(
        actor=person.actor,
        organisation=person.organisation,
        draft=InvitationDraft(email, "韩梅", role, region),
        at=at,
    )


def test_an_invitation_makes_an_account_with_the_post(member):
    sent = invite(member)
    token = service.invitation_token(sent)
    post = service.invitation_accept(token=token, username="hanmei", password=GOOD)
    assert (post.account.email, post.organisation, post.role) == ("new@example.com", member.organisation, "member")
    assert post.account.check_password(GOOD)


def test_only_the_digest_of_the_link_is_kept(member):
    sent = invite(member)
    assert service.invitation_token(sent) not in str(Invitation.objects.filter(pk=sent.pk).values().get())


def test_a_link_works_once(member):
    token = service.invitation_token(invite(member))
    service.invitation_accept(token=token, username="hanmei", password=GOOD)
    with pytest.raises(InvitationUsed):
        service.invitation_accept(token=token, username="again", password=GOOD)


@pytest.mark.parametrize("days", [7, 8, 400])
def test_an_expired_link_says_so(member, days):
    token = service.invitation_token(invite(member, at=now() - dt.timedelta(days=days)))
    with pytest.raises(InvitationExpired):
        service.invitation_accept(token=token, username="hanmei", password=GOOD)


def test_a_revoked_link_and_an_old_link_stop_working(member):
    sent = invite(member, at=now() - dt.timedelta(hours=1))
    old = service.invitation_token(sent)
    again = service.invitation_resend(actor=member.actor, invitation_id=sent.pk)
    with pytest.raises(NotFound):
        service.invitation_of_token(token=old)
    fresh = service.invitation_token(again)
    service.invitation_revoke(actor=member.actor, invitation_id=sent.pk)
    with pytest.raises(InvitationExpired):
        service.invitation_of_token(token=fresh)


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "令牌", "\x00"])
def test_a_made_up_link_is_not_found(member, token):
    invite(member)
    with pytest.raises(NotFound):
        service.invitation_of_token(token=token)


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [
        ("hanmei", "12345", "password"),
        ("shenyang", GOOD, "username"),
        ("", GOOD, "username"),
        ("a b", GOOD, "username"),
    ],
)
def test_a_weak_password_or_a_taken_name_leaves_the_link_open(member, username, password, field):
    token = service.invitation_token(invite(member))
    with pytest.raises(Invalid) as refused:
        service.invitation_accept(token=token, username=username, password=password)
    assert field in refused.value.fields
    assert service.invitation_of_token(token=token)


def test_a_known_address_signs_in_first_and_then_takes_the_post(member, unit):
    token = service.invitation_token(invite(member, email=unit.account.email))
    with pytest.raises(Conflict):
        service.invitation_accept(token=token, username="other", password=GOOD)
    post = service.invitation_accept(token=token, account=unit.account)
    assert post.account == unit.account


@pytest.mark.django_db(transaction=True)
def test_the_mail_carries_the_link_and_the_trail_does_not_carry_the_address(member, settings):
    settings.PUBLIC_URL = "https://duikou.example"
    sent = invite(member)
    jobs.drain()
    assert f"https://duikou.example/access/invitations/accept/{service.invitation_token(sent)}/" in mail.outbox[-1].body
    event = AuditEvent.objects.filter(action="access.invitation.sent").latest("id")
    assert "new@example.com" not in str(event.after)


def test_the_same_offer_is_not_sent_twice_while_it_is_open(member):
    invite(member)
    with pytest.raises(Conflict):
        invite(member)


def test_an_editor_passes_on_no_more_than_they_hold(shenyang_editor, shenyang_lead):
    region = shenyang_lead.membership.region
    with pytest.raises(Forbidden):
        invite(shenyang_editor, Role.OFFICE_EDITOR, region=region)
    assert invite(shenyang_lead, Role.OFFICE_EDITOR, region=region)
    for role in (Role.COORDINATOR, Role.OPERATOR, Role.AUDITOR, Role.CADRE_OFFICER):
        with pytest.raises(Forbidden):
            invite(shenyang_lead, role, email=f"{role}@example.com")


def test_a_lead_gives_posts_within_the_own_region_only(shenyang_lead, beijing_lead, unit):
    assert grant(shenyang_lead.actor, unit.organisation, Role.UNIT, unit.membership.region)
    assert not grant(shenyang_lead.actor, unit.organisation, Role.UNIT, beijing_lead.membership.region)
    assert not grant(beijing_lead.actor, unit.organisation, Role.UNIT, unit.membership.region)


def test_suspending_works_at_once_and_nobody_suspends_themselves(shenyang_lead, unit):
    stopped = posts.membership_suspend(actor=shenyang_lead.actor, membership_id=unit.membership.pk, reason="调离")
    assert not stopped.is_live
    with pytest.raises(Forbidden):
        posts.membership_suspend(actor=shenyang_lead.actor, membership_id=shenyang_lead.membership.pk)
    assert posts.membership_restore(actor=shenyang_lead.actor, membership_id=unit.membership.pk).is_live


def test_one_picks_only_among_ones_own_live_posts(dalian_editor, unit):
    second = Membership.objects.get(account=dalian_editor.account, role="unit")
    picked = posts.membership_pick(actor=dalian_editor.actor, account=dalian_editor.account, membership_id=second.pk)
    assert picked == second
    for foreign in (unit.membership.pk, 0, 10**12):
        with pytest.raises(NotFound):
            posts.membership_pick(actor=dalian_editor.actor, account=dalian_editor.account, membership_id=foreign)


def test_strangers_see_neither_people_nor_invitations(member, shenyang_editor, other_member, ministry):
    invite(member)
    for stranger in (shenyang_editor, other_member):
        assert not people_of(actor=stranger.actor, organisation=member.organisation)
        assert not invitations_of(actor=stranger.actor, organisation=member.organisation)
    assert people_of(actor=member.actor, organisation=member.organisation).count() == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    role=st.sampled_from([Role.OFFICE_LEAD, Role.OFFICE_EDITOR, Role.CADRE_OFFICER, Role.UNIT]),
    paths=st.tuples(st.sampled_from(["210000/", "210000/210100/", "440000/", "110000/"]), st.integers(1, 2)),
)
def test_a_wider_region_sees_and_grants_at_least_as_much(coordinator, unit, role, paths):
    wide_path, steps = paths
    narrow = Region.objects.filter(path__startswith=wide_path).order_by("-path")[: steps + 1]
    base = Actor(kind=coordinator.actor.kind, role=role, name="x", region_path=wide_path, organisation_id=-1)
    wide = set(organisations_visible(actor=base).values_list("pk", flat=True))
    for region in narrow:
        inner = replace(base, region_path=region.path)
        own = set(
            organisations_visible(actor=inner).filter(region__path__startswith=region.path).values_list("pk", flat=True)
        )
        assert own <= wide
        assert roles_grantable(inner, unit.organisation) <= roles_grantable(base, unit.organisation)


def test_nobody_hands_out_a_post_that_sees_everything_alone(coordinator, operator):
    sent = invite(coordinator, Role.COORDINATOR)
    assert sent.is_waiting
    with pytest.raises(InvitationExpired):
        service.invitation_of_token(token=service.invitation_token(sent))
    with pytest.raises(Forbidden) as refused:
        service.invitation_confirm(actor=coordinator.actor, invitation_id=sent.pk)
    assert "不能自己确认" in str(refused.value.message)
    with pytest.raises(Conflict):
        service.invitation_resend(actor=coordinator.actor, invitation_id=sent.pk)
    agreed = service.invitation_confirm(actor=operator.actor, invitation_id=sent.pk)
    token = service.invitation_token(agreed)
    post = service.invitation_accept(token=token, username="hanmei", password=GOOD)
    assert post.role == "coordinator"
    assert AuditEvent.objects.filter(action="access.invitation.confirmed").exists()
    with pytest.raises(Conflict):
        service.invitation_confirm(actor=operator.actor, invitation_id=sent.pk)


def test_an_administrator_of_a_ministry_does_not_invite_another_reader_alone(ministry, coordinator):
    type(ministry.membership).objects.filter(pk=ministry.membership.pk).update(is_organisation_admin=True)
    ministry.membership.refresh_from_db()
    sent = invite(ministry, Role.MINISTRY)
    assert sent.is_waiting
    assert not service.invitation_confirm(actor=coordinator.actor, invitation_id=sent.pk).is_waiting


@pytest.mark.parametrize("role", sorted({*NATIONWIDE, Role.OPERATOR}))
def test_an_operator_does_not_make_readers_of_everything_alone_either(operator, coordinator, role):
    sent = invite(operator, role)
    assert sent.is_waiting
    assert not service.invitation_confirm(actor=coordinator.actor, invitation_id=sent.pk).is_waiting


def test_a_new_house_with_one_operator_can_still_invite(operator):
    Membership.objects.filter(role="coordinator").update(is_active=False)
    Membership.objects.filter(role="operator").exclude(pk=operator.membership.pk).update(is_active=False)
    assert not invite(operator, Role.COORDINATOR).is_waiting


def test_a_post_cannot_be_changed_into_one_that_needs_two_persons(coordinator, ministry):
    with pytest.raises(Forbidden):
        posts.membership_change(
            actor=coordinator.actor,
            membership_id=ministry.membership.pk,
            role=Role.COORDINATOR,
            region=None,
            valid_to=None,
            is_organisation_admin=False,
        )


def test_nobody_makes_a_post_that_sees_everything_work_again_alone(operator, coordinator, ministry):
    pk = ministry.membership.pk
    posts.membership_suspend(actor=operator.actor, membership_id=pk, reason="调离")
    with pytest.raises(Forbidden) as refused:
        posts.membership_restore(actor=operator.actor, membership_id=pk)
    assert "邀请" in str(refused.value.message)
    sent = service.invitation_send(
        actor=operator.actor,
        organisation=ministry.organisation,
        draft=InvitationDraft(ministry.account.email, "回任", Role.MINISTRY),
    )
    assert sent.is_waiting
    agreed = service.invitation_confirm(actor=coordinator.actor, invitation_id=sent.pk)
    again = service.invitation_accept(token=service.invitation_token(agreed), account=ministry.account)
    assert (again.pk, again.is_live) == (pk, True)
    event = AuditEvent.objects.filter(action="access.membership.restored").latest("id")
    assert (event.subject_id, event.after["is_active"]) == (str(pk), True)


@pytest.mark.parametrize("days", [None, 0, 365])
def test_nobody_lengthens_an_ended_term_of_such_a_post_alone(operator, ministry, days):
    Membership.objects.filter(pk=ministry.membership.pk).update(
        valid_from=today() - dt.timedelta(days=9), valid_to=today() - dt.timedelta(days=1)
    )
    asked = {"role": Role.MINISTRY, "region": None, "is_organisation_admin": False}
    until = None if days is None else today() + dt.timedelta(days=days)
    with pytest.raises(Forbidden):
        posts.membership_change(actor=operator.actor, membership_id=ministry.membership.pk, valid_to=until, **asked)
    earlier = today() - dt.timedelta(days=3)
    changed = posts.membership_change(
        actor=operator.actor, membership_id=ministry.membership.pk, valid_to=earlier, **asked
    )
    assert not changed.is_live


def test_a_term_that_still_runs_is_lengthened_and_a_region_s_post_restored_by_one(operator, ministry, unit):
    until = today() + dt.timedelta(days=400)
    changed = posts.membership_change(
        actor=operator.actor,
        membership_id=ministry.membership.pk,
        role=Role.MINISTRY,
        region=None,
        valid_to=until,
        is_organisation_admin=False,
    )
    assert changed.valid_to == until
    posts.membership_suspend(actor=operator.actor, membership_id=unit.membership.pk)
    assert posts.membership_restore(actor=operator.actor, membership_id=unit.membership.pk).is_live


def test_who_is_invited_to_a_post_held_before_gets_it_back_and_a_held_one_not_twice(shenyang_lead, unit):
    invited = {"role": Role.UNIT, "email": unit.account.email, "region": unit.membership.region}
    draft = InvitationDraft(invited["email"], "回任", invited["role"], invited["region"])

    def accept():
        sent = service.invitation_send(actor=shenyang_lead.actor, organisation=unit.organisation, draft=draft)
        return service.invitation_accept(token=service.invitation_token(sent), account=unit.account)

    with pytest.raises(Conflict):
        accept()
    Invitation.objects.all().delete()
    Membership.objects.filter(pk=unit.membership.pk).update(
        is_active=False, valid_from=today() - dt.timedelta(days=9), valid_to=today() - dt.timedelta(days=1)
    )
    again = accept()
    assert (again.pk, again.is_live, again.valid_to) == (unit.membership.pk, True, None)
