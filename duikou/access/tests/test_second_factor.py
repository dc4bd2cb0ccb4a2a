"""A second factor that is lost: who may take it off, what stays, who is told."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.urls import reverse

from duikou.access.services.demonstration import PASSWORD
from duikou.access.services.membership import membership_suspend
from duikou.access.services.second_factor import second_factor_reset
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from duikou.records.models import AuditEvent

WHY = "手机丢失，已电话核实本人"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def secure(db):
    """Gives a person an authenticator and recovery codes; returns the secret and the codes."""

    def enrol(person):
        secret = generate_totp_secret()
        TOTP.activate(person.account, secret)
        return secret, RecoveryCodes.activate(person.account).get_unused_codes()

    return enrol


def has_factor(person):
    return Authenticator.objects.filter(user=person.account).exists()


def test_an_administrator_takes_it_off_and_the_password_alone_signs_in(secure, shenyang_lead, shenyang_editor, client):
    secure(shenyang_editor)
    second_factor_reset(actor=shenyang_lead.actor, membership_id=shenyang_editor.membership.pk, reason=WHY)
    assert not has_factor(shenyang_editor)
    assert client.post("/accounts/login/", {"login": "shenyang", "password": PASSWORD})["Location"] == "/"
    event = AuditEvent.objects.get(action="access.account.second_factor_reset")
    assert (event.actor_name, event.reason) == ("刘振东", WHY)
    assert event.before == {"type": ["recovery_codes", "totp"]}


def test_nobody_takes_off_their_own(secure, operator, shenyang_lead):
    for person in (operator, shenyang_lead):
        secure(person)
        with pytest.raises(Forbidden, match="自己"):
            second_factor_reset(actor=person.actor, membership_id=person.membership.pk, reason=WHY)
        assert has_factor(person)


def test_nobody_weakens_an_account_that_reaches_further_than_they_do(secure, shenyang_lead, dalian_editor, operator):
    """两个岗位的人：沈阳只管得了其中一个。"""
    secure(dalian_editor)
    post = dalian_editor.account.memberships.get(role="unit")
    with pytest.raises(Forbidden, match="系统管理员"):
        second_factor_reset(actor=shenyang_lead.actor, membership_id=post.pk, reason=WHY)
    assert has_factor(dalian_editor)
    second_factor_reset(actor=operator.actor, membership_id=post.pk, reason=WHY)
    assert not has_factor(dalian_editor)


def test_strangers_and_colleagues_without_the_right_take_off_nothing(secure, other_member, auditor, ministry, member):
    secure(member)
    with pytest.raises(NotFound):
        second_factor_reset(actor=other_member.actor, membership_id=member.membership.pk, reason=WHY)
    for person in (auditor, ministry):
        with pytest.raises(Forbidden):
            second_factor_reset(actor=person.actor, membership_id=member.membership.pk, reason=WHY)
    assert has_factor(member)


def test_it_wants_a_reason_and_something_to_take_off(secure, operator, member):
    with pytest.raises(Conflict):
        second_factor_reset(actor=operator.actor, membership_id=member.membership.pk, reason=WHY)
    secure(member)
    for nothing in ("", "   ", "\u200b"):
        with pytest.raises(Invalid):
            second_factor_reset(actor=operator.actor, membership_id=member.membership.pk, reason=nothing)
    assert has_factor(member)


def test_the_page_of_the_post_shows_the_way_and_its_refusals(client_for, secure, operator, member, shenyang_lead):
    address = reverse("access:second-factor-reset", args=[member.membership.pk])
    page = reverse("access:membership", args=[member.membership.pk])
    client = client_for(operator)
    assert "没有启用" in client.get(page).content.decode()
    secure(member)
    assert client.post(address, {"reason": ""}).status_code == 400
    assert client.post(address, {"reason": "长" * 10_000}).status_code == 400
    assert has_factor(member)
    assert client.post(address, {"reason": WHY}).status_code == 302
    assert not has_factor(member)
    assert client.post(address, {"reason": WHY}).status_code == 400
    assert client.get(address).status_code == 405


@pytest.mark.parametrize("written", ["{}", " {} ", "{:.4}-{:.4}"])
def test_a_recovery_code_is_understood_as_people_write_it(client, secure, member, written):
    _secret, codes = secure(member)
    code = written.format(codes[0]) if written.count("{") == 1 else f"{codes[0][:4]}-{codes[0][4:]}"
    full_width = "".join(chr(ord(mark) + 0xFEE0) if mark.isdigit() else mark for mark in code)
    client.post("/accounts/login/", {"login": "member", "password": PASSWORD})
    assert client.post(reverse("mfa_authenticate"), {"code": full_width}).status_code == 302
    assert client.get("/access/account/").status_code == 200


@pytest.mark.parametrize("nonsense", ["", "0", "😀😀", "\x00\x01", "9" * 10_000, "' OR 1=1 --", "٣٣٣٣٣٣"])
def test_nonsense_in_place_of_a_code_is_refused_quietly(client, secure, member, nonsense):
    secure(member)
    client.post("/accounts/login/", {"login": "member", "password": PASSWORD})
    assert client.post(reverse("mfa_authenticate"), {"code": nonsense}).status_code == 200
    assert client.get("/access/account/").status_code == 302


def test_the_second_step_says_what_to_do_without_the_telephone(client, secure, member):
    secure(member)
    client.post("/accounts/login/", {"login": "member", "password": PASSWORD})
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert "恢复代码" in page
    assert "重置双因素认证" in page


def test_ended_posts_of_the_holder_do_not_stand_in_the_way(secure, operator, shenyang_lead, dalian_editor):
    other = dalian_editor.account.memberships.get(role="office_editor")
    membership_suspend(actor=operator.actor, membership_id=other.pk)
    secure(dalian_editor)
    post = dalian_editor.account.memberships.get(role="unit")
    second_factor_reset(actor=shenyang_lead.actor, membership_id=post.pk, reason=WHY)
    assert not has_factor(dalian_editor)


def test_whoever_waits_at_the_second_step_when_it_is_taken_off_starts_again(client, secure, operator, member):
    secure(member)
    client.post("/accounts/login/", {"login": "member", "password": PASSWORD})
    second_factor_reset(actor=operator.actor, membership_id=member.membership.pk, reason=WHY)
    assert client.post(reverse("mfa_authenticate"), {"code": "123456"}, follow=True).status_code == 200
    assert client.post("/accounts/login/", {"login": "member", "password": PASSWORD})["Location"] == "/"
