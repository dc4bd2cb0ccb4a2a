"""What people paste, and what others try: every form of the room answers in words, keeps nothing half, never breaks."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from duikou.access.models import Account, AdminMode, Invitation, Membership, OrganisationContact
from duikou.access.services.demonstration import PASSWORD
from duikou.access.services.invitation import invitation_token

UGLY = {
    "long": "长" * 10_000,
    "control": "王\x00晓\x07峰\x1b[31m",
    "direction": "\u202e峰晓王\u2066",
    "emoji": "👨‍👩‍👧‍👦🏳️‍🌈",
    "full-width": "１２３４５６７８９０",
    "markup": "<script>alert(1)</script>",
    "quote": "' OR '1'='1' --",
    "lines": "一\r\n二\r\nBcc: x@example.com",
    "nothing": "",
    "spaces": " \t\u3000\u200b ",
    "surrogate": "\ufffd\ufffe",
}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(params=UGLY, ids=list(UGLY))
def ugly(request):
    return UGLY[request.param]


def test_an_invitation_with_ugly_words_is_refused_or_clean(client_for, shenyang_lead, ugly):
    client = client_for(shenyang_lead)
    address = reverse("access:people", args=[shenyang_lead.organisation.pk])
    good = {"display_name": "韩梅", "email": "hanmei@example.com", "role": "unit", "region": ""}
    for field in good:
        page = client.post(address, {**good, field: ugly})
        assert page.status_code in (302, 400)
        if page.status_code == 400:
            assert "invalid-feedback" in page.content.decode() or "alert" in page.content.decode()
            assert "<script>alert" not in page.content.decode()
    for made in Invitation.objects.all():
        assert len(made.display_name) <= 60
        assert "\x00" not in made.display_name + made.email
        assert "\n" not in made.display_name + made.email


def test_an_account_made_of_ugly_words_is_refused_or_signs_in(client_for, member, ugly):
    client_for(member).post(
        reverse("access:people", args=[member.organisation.pk]),
        {"display_name": "韩梅", "email": "hanmei@example.com", "role": "member"},
    )
    address = reverse("access:invitation-accept", args=[invitation_token(Invitation.objects.get())])
    good = {"username": "hanmei", "password": "Sui-Yue-Jing-2017", "password_again": "Sui-Yue-Jing-2017"}
    for field in good:
        page = Client().post(address, {**good, field: ugly})
        assert page.status_code in (302, 400, 409)
    made = Account.objects.filter(email="hanmei@example.com").first()
    if made is not None:
        assert made.username == Account.normalize_username(made.username)  # two that look alike are one
        assert made.username.isprintable()
        assert 0 < len(made.username) <= 60


def test_the_own_account_takes_clean_names_only(client_for, member, ugly):
    page = client_for(member).post(reverse("access:account"), {"display_name": ugly, "language": "zh-hans"})
    assert page.status_code in (302, 400)
    member.account.refresh_from_db()
    assert 0 < len(member.account.display_name) <= 60
    assert not set(member.account.display_name) & set("\x00\x07\x1b\u202e\r\n")
    assert (
        client_for(member).post(reverse("access:account"), {"display_name": "马", "language": ugly}).status_code == 400
    )


def test_a_contact_an_admin_mode_and_a_post_refuse_in_words(client_for, member, operator, unit, ugly):
    contact = {"name": ugly, "position": ugly, "phone": ugly, "email": ugly}
    answer = client_for(member).post(reverse("access:contact-add", args=[member.organisation.pk]), contact)
    assert answer.status_code == 400
    assert not OrganisationContact.objects.filter(organisation=member.organisation).exists()
    answer = client_for(operator).post(reverse("access:admin-modes"), {"reason": ugly})
    assert answer.status_code in (302, 400)
    assert all(len(mode.reason) <= 2000 and "\x00" not in mode.reason for mode in AdminMode.objects.all())
    address = reverse("access:membership", args=[unit.membership.pk])
    for wrong in ({"role": ugly}, {"role": "unit", "region": ugly or "x"}, {"role": "unit", "valid_to": ugly or "x"}):
        assert client_for(operator).post(address, wrong).status_code == 400
    suspended = client_for(operator).post(
        reverse("access:membership-suspend", args=[unit.membership.pk]), {"reason": ugly}
    )
    assert suspended.status_code == 302


def test_addresses_of_the_sign_in_machinery_answer_ugly_words(client, member, ugly):
    client.post("/accounts/login/", {"login": "member", "password": PASSWORD})
    for path, form in (
        ("/accounts/reauthenticate/", {"password": ugly}),
        ("/accounts/email/", {"email": ugly, "action_add": ""}),
        ("/accounts/email/", {"email": ugly, "action_primary": ""}),
        ("/accounts/password/change/", {"oldpassword": ugly, "password1": ugly, "password2": ugly}),
        ("/access/memberships/pick/", {"membership": ugly, "next": ugly}),
        ("/language/setlang/", {"language": ugly, "next": ugly}),
    ):
        assert client.post(path, form).status_code in (200, 302, 400, 404), path
    for path in ("/accounts/password/reset/", "/accounts/login/"):
        answer = Client().post(path, {"email": ugly, "login": ugly, "password": ugly})
        assert answer.status_code in (200, 302, 400), path
    member.account.refresh_from_db()
    assert member.account.email == "member@example.com"
    assert member.account.check_password(PASSWORD)


def test_a_form_sent_twice_does_its_work_once(client_for, shenyang_lead, operator):
    invite = {"display_name": "韩梅", "email": "hanmei@example.com", "role": "unit", "region": ""}
    address = reverse("access:people", args=[shenyang_lead.organisation.pk])
    assert [client_for(shenyang_lead).post(address, invite).status_code for _time in range(2)] == [302, 400]
    assert Invitation.objects.count() == 1
    mode = {"reason": "核对沈阳市一个项目的导入结果"}
    client = client_for(operator)
    assert [client.post(reverse("access:admin-modes"), mode).status_code for _time in range(2)] == [302, 400]
    assert AdminMode.objects.count() == 1


def test_a_page_left_open_in_another_tab_acts_in_the_post_that_is_picked_now(client_for, dalian_editor):
    """A tab opened in 大连 after the other tab switched to 沈阳: the answer is that of 沈阳's post."""
    client = client_for(dalian_editor)
    assert client.get("/projects/new/").status_code == 200
    other = Membership.objects.get(account=dalian_editor.account, role="unit")
    client.post(reverse("access:membership-pick"), {"membership": other.pk, "next": "/"})
    assert client.post("/projects/new/", {}).status_code == 403


def test_a_form_whose_token_is_no_longer_good_says_so_and_changes_nothing(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in (reverse("access:account"), "/accounts/logout/", "/accounts/password/change/"):
        page = client.post(path, {"display_name": "别人", "language": "en"})
        assert page.status_code == 403
        assert "页面已过期" in page.content.decode()
    member.account.refresh_from_db()
    assert member.account.display_name == "马国强"
