"""Signing in with an outside identity, against a provider that really runs on loopback."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from duikou.access.models import Account
from duikou.access.services.demonstration import PASSWORD
from duikou.records.models import AuditEvent
from tests import oidc

LOGIN = "/accounts/oidc/oidc/login/"
PEOPLE = {
    "ma": {"email": "Member@example.com", "email_verified": True, "name": "马国强"},
    "unproven": {"email": "member@example.com", "email_verified": False},
    "stranger": {"email": "nobody@example.org", "email_verified": True},
    "nameless": {},
}


@pytest.fixture(scope="module")
def running():
    """One provider for all tests of this file."""
    provider = oidc.Provider(PEOPLE)
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, settings):
    """The provider, set up in the settings, in a good mood; its e-mail addresses are trusted."""
    running.mood = oidc.Mood()
    running.asked.clear()
    use(settings, running.address)
    return running


def use(settings, address, *, trusted=True):
    app = {
        "provider_id": "oidc",
        "name": "统一身份认证",
        "client_id": oidc.CLIENT,
        "secret": oidc.SECRET,
        "settings": {"server_url": address},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "EMAIL_AUTHENTICATION": trusted, "APPS": [app]}
    }
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True


def begin(client, process="login"):
    """The question that the site sends the person with."""
    return client.post(f"{LOGIN}?process={process}")["Location"]


def consent(address, person, answer="yes"):
    """What a person does on the provider's page; returns the address that leads back."""
    page = requests.get(address, timeout=5).text
    asked = unescape(re.search(r'name="asked" value="([^"]+)"', page)[1])
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    form = {"asked": asked, "person": person, "answer": answer}
    back = requests.post(f"{origin}/consent", data=form, allow_redirects=False, timeout=5).headers["Location"]
    return urlsplit(back)._replace(scheme="", netloc="").geturl()


def sign_in(client, person):
    return client.get(consent(begin(client), person))


def who(client):
    """The user name signed in, "" for nobody."""
    return client.get("/access/account/").wsgi_request.user.get_username()


def test_a_known_address_signs_in_keeps_its_password_and_the_trail_knows(client, provider, member):
    assert sign_in(client, "ma")["Location"] == "/"
    assert who(client) == "member"
    assert Account.objects.get(pk=member.account.pk).check_password(PASSWORD)
    assert set(AuditEvent.objects.filter(account_id=member.account.pk).values_list("action", flat=True)) >= {
        "access.account.identity_linked",
        "access.account.signed_in",
    }
    assert "member@example.com" in mail.outbox[-1].to
    assert "您" in mail.outbox[-1].body
    again = Client()
    sign_in(again, "ma")
    assert who(again) == "member"
    assert SocialAccount.objects.count() == 1


def test_a_linked_identity_signs_in_whatever_became_of_its_address(client, provider, member, settings):
    sign_in(client, "ma")
    use(settings, provider.address, trusted=False)
    provider.mood.userinfo = {"email": "moved@example.org"}
    again = Client()
    assert sign_in(again, "ma")["Location"] == "/"
    assert who(again) == "member"


@pytest.mark.parametrize("person", ["stranger", "unproven", "nameless"])
def test_whoever_has_no_account_is_told_what_to_do_and_gets_none(client, provider, member, person):
    before = Account.objects.count()
    page = sign_in(client, person)
    assert page.status_code == 403
    assert "还没有关联的账号" in page.content.decode()
    assert who(client) == ""
    assert Account.objects.count() == before


def test_an_address_is_not_taken_for_a_person_unless_the_settings_trust_it(client, provider, member, settings):
    use(settings, provider.address, trusted=False)
    assert sign_in(client, "ma").status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_address_that_its_holder_never_proved_does_not_keep_its_password(client, provider, member):
    EmailAddress.objects.filter(user=member.account).update(verified=False)
    sign_in(client, "ma")
    assert not Account.objects.get(pk=member.account.pk).has_usable_password()


def test_one_links_an_identity_after_signing_in_with_the_password(client, provider, member, settings):
    use(settings, provider.address, trusted=False)
    client.post("/accounts/login/", {"login": "member", "password": PASSWORD})
    asked = client.get(consent(begin(client, "connect"), "stranger"))["Location"]
    assert not SocialAccount.objects.exists()
    client.post(asked, {"password": PASSWORD})
    assert SocialAccount.objects.get().user_id == member.account.pk
    again = Client()
    sign_in(again, "stranger")
    assert who(again) == "member"


def test_a_closed_account_stays_closed(client, provider, member):
    Account.objects.filter(pk=member.account.pk).update(is_active=False)
    assert sign_in(client, "ma")["Location"] != "/"
    assert who(client) == ""


def test_no_consent_is_no_sign_in(client, provider, member):
    back = consent(begin(client), "ma", answer="no")
    page = client.get(back, follow=True)
    assert page.status_code == 200
    assert "已取消登录" in page.content.decode()
    assert who(client) == ""


@pytest.mark.parametrize(
    ("token", "userinfo"),
    [
        ({"nonce": "of-another-question"}, {}),
        ({"aud": "another-site"}, {}),
        ({"iss": "https://elsewhere.example"}, {}),
        ({"exp": 1_000_000_000}, {}),
        ({}, {"sub": "id-somebody-else"}),
        ({"nonce": None}, {}),
    ],
    ids=["nonce", "audience", "issuer", "expired", "another-person", "no-nonce"],
)
def test_an_answer_to_another_question_is_refused(client, provider, member, token, userinfo):
    provider.mood = oidc.Mood(token=token, userinfo=userinfo)
    page = sign_in(client, "ma")
    assert page.status_code == 401
    assert "未成功" in page.content.decode()
    assert who(client) == ""


def test_a_way_back_works_once_and_in_the_session_that_began_it(client, provider, member):
    back = consent(begin(client), "ma")
    assert Client().get(back).status_code == 401
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 401


@pytest.mark.parametrize("change", [{"state": "made-up"}, {"state": ""}, {"code": "made-up"}, {"code": ""}])
def test_a_way_back_that_was_changed_is_refused(client, provider, member, change):
    parts = urlsplit(consent(begin(client), "ma"))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | change
    assert client.get(parts.path, query).status_code == 401
    assert who(client) == ""


def test_the_question_carries_nonce_challenge_and_state(client, provider, db):
    consent(begin(client), "ma")
    asked = provider.asked[-1]
    assert asked["code_challenge_method"] == "S256"
    assert len({asked["nonce"], asked["state"], asked["code_challenge"]}) == 3
    assert "nonce" not in json.dumps(asked["redirect_uri"])


def test_a_provider_that_is_down_is_said_before_and_after_its_page(client, db, settings):
    gone = oidc.Provider(PEOPLE)
    use(settings, gone.address)
    back = consent(begin(client), "ma")
    gone.mood.is_broken = True
    for answer in (client.get(back), client.post(f"{LOGIN}?process=login")):
        assert answer.status_code == 503
        assert "暂时不可用" in answer.content.decode()
    gone.stop()
    answer = client.post(f"{LOGIN}?process=login")
    assert answer.status_code == 503
    assert client.get("/accounts/login/").status_code == 200


def test_what_is_no_provider_at_all_is_said_the_same_way(client, db, settings, provider):
    use(settings, provider.address + "/keys")
    assert client.post(f"{LOGIN}?process=login").status_code == 503
