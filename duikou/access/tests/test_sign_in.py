"""Signing in: by name or address, with a second factor, locked after failures, closed to the uninvited."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axes.models import AccessAttempt
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from duikou.access.models import Account
from duikou.access.services.demonstration import PASSWORD
from duikou.access.views.identity import SocialAdapter
from duikou.kernel.fields import cipher
from duikou.records.models import AuditEvent

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    """Rate limits live in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


def sign_in(client, name, password=PASSWORD):
    return client.post(LOGIN, {"login": name, "password": password})


def set_up_codes(client):
    """Sign in, confirm the password as sensitive steps ask, and set up codes; returns the secret."""
    sign_in(client, "member")
    address = reverse("mfa_activate_totp")
    asked = client.get(address)["Location"]
    assert asked.startswith("/accounts/reauthenticate/")
    client.post(asked, {"password": PASSWORD})
    secret = client.get(address).context["form"].secret
    assert client.post(address, {"code": code_now(secret)}).status_code == 302
    return secret


def code_now(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("name", ["member", "MEMBER", "member@example.com", " Member@Example.com "])
def test_one_signs_in_by_name_or_address_in_any_case(client, member, name):
    assert sign_in(client, name)["Location"] == "/"
    assert client.get(reverse("access:account")).wsgi_request.actor.account_id == member.account.pk
    assert AuditEvent.objects.filter(action="access.account.signed_in", account_id=member.account.pk).exists()


def test_a_wrong_password_says_nothing_of_whether_the_account_exists(client, member):
    known = sign_in(client, "member", "wrong-password").content.decode()
    unknown = sign_in(client, "nobody-here", "wrong-password").content.decode()
    strip = re.compile(
        r'name="csrfmiddlewaretoken" value="\w+"|content="\w{64}"|value="(member|nobody-here)"|[0-9a-f-]{36}'
    )
    assert strip.sub("", known) == strip.sub("", unknown)


def test_five_failures_lock_the_name_at_this_address_with_the_minutes_to_wait(client, member):
    for _attempt in range(4):
        assert sign_in(client, "member", "wrong-password").status_code == 200
    locked = sign_in(client, "member", "wrong-password")
    assert locked.status_code == 429
    assert "15分钟" in locked.content.decode()
    assert int(locked["Retry-After"]) == 15 * 60
    assert sign_in(client, "member").status_code == 429


def test_a_lock_cannot_be_walked_around_by_writing_the_name_otherwise(client, member):
    for name in ("member", "MEMBER", "member@example.com", "Member@example.com"):
        sign_in(client, name, "wrong-password")
    assert sign_in(client, "member", "wrong-password").status_code == 429
    assert AccessAttempt.objects.get().username == "member"


def test_a_lock_here_does_not_lock_the_person_out_elsewhere(client, member):
    for _attempt in range(5):
        sign_in(client, "member", "wrong-password")
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert sign_in(elsewhere, "member").status_code == 302


def test_the_limit_and_the_wait_are_settings(client, member, settings):
    settings.AXES_FAILURE_LIMIT = 2
    sign_in(client, "member", "wrong-password")
    assert sign_in(client, "member", "wrong-password").status_code == 429


def test_a_success_forgets_earlier_failures(client, member):
    for _attempt in range(4):
        sign_in(client, "member", "wrong-password")
    assert sign_in(client, "member").status_code == 302
    assert not AccessAttempt.objects.exists()


def test_the_attempts_hold_no_password(client, member):
    sign_in(client, "member", "my-real-pass-elsewhere")
    assert "my-real-pass" not in str(AccessAttempt.objects.values().get())


@pytest.mark.parametrize("name", ["", "\x00", "x" * 5000, "🙂", "member' OR 1=1 --"])
def test_odd_names_are_refused_quietly(client, db, name):
    assert sign_in(client, name, "wrong-password").status_code in (200, 400)


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_is_set_up_asked_for_and_encrypted(client, member):
    secret = set_up_codes(client)
    stored = Authenticator.objects.get(user=member.account, type="totp").data["secret"]
    assert secret not in stored
    assert cipher().decrypt(stored.encode()).decode() == secret
    again = Client()
    assert sign_in(again, "member")["Location"].startswith(reverse("mfa_authenticate"))
    assert not again.get(reverse("access:account")).wsgi_request.user.is_authenticated
    cache.clear()  # the code was used a moment ago; a person waits for the next one
    assert again.post(reverse("mfa_authenticate"), {"code": code_now(secret)}).status_code == 302
    assert again.get(reverse("access:account")).status_code == 200
    assert AuditEvent.objects.filter(action="access.account.second_factor_added").exists()


def test_a_recovery_code_gets_in_once(client, member):
    set_up_codes(client)
    factor = Authenticator.objects.get(user=member.account, type="recovery_codes").wrap()
    code = factor.get_unused_codes()[0]
    for expected in (302, 200):
        other = Client()
        sign_in(other, "member")
        assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_a_role_that_must_have_a_second_factor_sets_it_up_first(client_for, operator, member, settings):
    settings.REQUIRE_MFA_ROLES = ["operator"]
    answer = client_for(operator).get(reverse("access:organisations"))
    assert answer["Location"] == reverse("mfa_activate_totp")
    assert client_for(operator).get(reverse("access:account")).status_code == 200
    assert client_for(member).get(reverse("access:organisations")).status_code == 200


def test_nobody_signs_up_uninvited(client, db):
    before = Account.objects.count()
    wish = {"username": "xin", "email": "x@example.com", "password1": "Sui-Yue-Jing", "password2": "Sui-Yue-Jing"}
    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", wish)):
        assert "不开放注册" in answer.content.decode()
        assert "password1" not in answer.content.decode()
        assert not answer.wsgi_request.user.is_authenticated
    assert Account.objects.count() == before


def test_an_outside_identity_is_offered_when_it_is_set_up_and_never_makes_an_account(client, rf, settings, db):
    assert "统一身份认证" not in client.get(LOGIN).content.decode()
    app = {
        "provider_id": "oidc",
        "name": "统一身份认证",
        "client_id": "duikou",
        "secret": "s",
        "settings": {"server_url": "https://id.example"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    assert "统一身份认证" in client.get(LOGIN).content.decode()
    assert not SocialAdapter().is_open_for_signup(rf.get("/"), None)


def test_a_forgotten_password_is_set_anew_by_mail(client, member):
    assert client.post("/accounts/password/reset/", {"email": "member@example.com"}).status_code == 302
    link = re.search(r"http://\S+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    form = client.get(link)["Location"]
    client.post(form, {"password1": "Sui-Yue-Jing-Hao", "password2": "Sui-Yue-Jing-Hao"})
    assert sign_in(Client(), "member", "Sui-Yue-Jing-Hao").status_code == 302
    assert AuditEvent.objects.filter(action="access.account.password_reset").exists()


def _reset_link(client, address="member@example.com"):
    client.post("/accounts/password/reset/", {"email": address})
    return re.search(r"http://\S+(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[1]


def test_a_password_set_anew_by_mail_opens_the_lock_as_its_page_promises(client, member):
    for _attempt in range(6):
        answer = sign_in(client, "member", "wrong")
    assert answer.status_code == 429
    form = client.get(_reset_link(client), follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "Songhua-1234", "password2": "Songhua-1234"})
    assert sign_in(client, "member", "Songhua-1234").status_code == 302


def test_what_is_wrong_with_a_new_password_is_said_in_chinese(client, member):
    form = client.get(_reset_link(client), follow=True).redirect_chain[-1][0]
    page = client.post(form, {"password1": "Ab-1", "password2": "Ab-1"}).content.decode()
    assert "too short" not in page
    assert "至少10位" in page


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "对口合作平台"), ("en", "Duikou")])
def test_mail_about_the_account_is_in_its_owner_s_language(client, member, language, words):
    Account.objects.filter(pk=member.account.pk).update(language=language)
    for asked in ("en", "zh-hans"):
        client.post("/accounts/password/reset/", {"email": "member@example.com"}, headers={"Accept-Language": asked})
        body = mail.outbox[-1].body
        assert words in body
        assert "Hello" not in body
        assert ("您" in body) is (language == "zh-hans")


def test_an_unknown_address_gets_no_mail_and_the_same_answer(client, db):
    assert client.post("/accounts/password/reset/", {"email": "nobody@example.org"}).status_code == 302
    assert mail.outbox == []


def test_a_suspended_account_is_out_at_the_next_request(client_for, member):
    client = client_for(member)
    member.account.is_active = False
    member.account.save()
    assert not client.get("/access/account/").wsgi_request.user.is_authenticated


def test_the_session_cookie_is_out_of_reach_of_scripts_and_ends_with_the_browser(client, member):
    cookie = sign_in(client, "member").cookies["duikou_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["expires"] == ""


def test_signing_out_needs_a_post(client_for, member):
    client = client_for(member)
    client.get("/accounts/logout/")
    assert client.get("/access/account/").wsgi_request.user.is_authenticated
    client.post("/accounts/logout/")
    assert not client.get("/access/account/").wsgi_request.user.is_authenticated


def test_a_lock_leaves_one_event_with_whose_account_and_where_from(client, member):
    for _attempt in range(8):
        sign_in(client, "member@example.com", "wrong-password")
    event = AuditEvent.objects.get(action="access.account.locked")
    assert event.subject_id == str(member.account.pk)
    assert event.after["address"] == "127.0.0.1"


def test_a_lock_of_no_account_keeps_what_was_typed_to_itself(client, db):
    for _attempt in range(5):
        sign_in(client, "my-Secret-Passw0rd", "x")
    event = AuditEvent.objects.get(action="access.account.locked")
    assert "secret" not in (event.subject_label + event.subject_id + str(event.after)).lower()
