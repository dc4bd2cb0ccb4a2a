"""Pages of the room in a browser's hands."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from duikou.access.models import Account, AdminMode, Invitation, Membership, Organisation
from duikou.access.services.admin_mode import admin_mode_start
from duikou.access.services.contact import ContactDraft, contact_add
from duikou.access.services.invitation import invitation_token
from duikou.kernel.actor import Actor
from duikou.records.models import AuditEvent

GOOD = "Sui-Yue-Jing-Hao-2017"


def test_every_page_opens_for_those_who_may(client_for, coordinator, member, operator):
    body = member.organisation.pk
    for person, names in (
        (coordinator, ["organisations", "organisation-new", "account", "admin-modes"]),
        (member, ["organisations", "account"]),
        (operator, ["organisations", "admin-modes", "account"]),
    ):
        client = client_for(person)
        for name in names:
            assert client.get(reverse(f"access:{name}")).status_code == 200
    client = client_for(coordinator)
    for name in ("organisation", "organisation-edit", "organisation-merge", "people"):
        assert client.get(reverse(f"access:{name}", args=[body])).status_code == 200


def test_nobody_in_particular_signs_in_first(client, member):
    for name, args in (("organisations", []), ("organisation", [member.organisation.pk]), ("account", [])):
        answer = client.get(reverse(f"access:{name}", args=args))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("pk", [0, 10**9, 10**18, 10**30])
def test_a_stranger_and_a_wrong_number_get_404(client_for, dalian_lead, firm, pk):
    client = client_for(dalian_lead)
    for number in (pk, firm("沈阳隐名制造有限公司").pk):
        assert client.get(f"/access/organisations/{number}/").status_code == 404


def test_a_colleague_without_the_right_gets_403_with_the_reason(client_for, ministry, member):
    answer = client_for(ministry).get(reverse("access:organisation-edit", args=[member.organisation.pk]))
    assert answer.status_code == 403
    assert "不在您管理的范围内" in answer.content.decode()


def test_entering_a_near_same_name_asks_first(client_for, shenyang_lead, firm):
    firm("沈阳铁西重工有限公司")
    client = client_for(shenyang_lead)
    data = {"name": "沈阳铁西重工股份有限公司", "kind": "enterprise", "region": "沈阳市"}
    asked = client.post(reverse("access:organisation-new"), data)
    assert asked.status_code == 400
    assert "已有名称相近的主体" in asked.content.decode()
    assert client.post(reverse("access:organisation-new"), {**data, "are_different": "1"}).status_code == 302
    assert Organisation.objects.filter(name=data["name"]).exists()


def test_the_same_credit_code_shows_the_way(client_for, shenyang_lead, firm):
    known = firm(uscc="91110000600037341L")
    page = client_for(shenyang_lead).post(
        reverse("access:organisation-new"),
        {"name": "别名", "kind": "enterprise", "region": "210100", "uscc": "91110000600037341L"},
    )
    assert f'href="/access/organisations/{known.pk}/"' in page.content.decode()


def test_an_ambiguous_or_unknown_place_is_said_at_the_field(client_for, coordinator):
    for place, words in (("鼓楼区", "有多个同名地区"), ("亚特兰蒂斯", "没有找到这个地区")):
        page = client_for(coordinator).post(
            reverse("access:organisation-new"), {"name": "某单位", "kind": "other", "region": place}
        )
        assert page.status_code == 400
        assert words in page.content.decode()


def test_the_old_address_of_a_merged_one_leads_to_the_one_that_stands(client_for, coordinator, firm):
    kept, dropped = firm("甲公司"), firm("乙公司")
    client = client_for(coordinator)
    preview = client.get(reverse("access:organisation-merge", args=[kept.pk]), {"other": dropped.pk})
    assert "乙公司" in preview.content.decode()
    client.post(reverse("access:organisation-merge", args=[kept.pk]), {"other": dropped.pk, "reason": "同一家"})
    answer = client.get(reverse("access:organisation", args=[dropped.pk]))
    assert answer["Location"] == reverse("access:organisation", args=[kept.pk])


def test_type_ahead_speaks_chinese_pinyin_and_initials_and_keeps_secrets(client_for, shenyang_lead, member, firm):
    known = firm("沈阳浑南生物医药有限公司")
    for typed in ("浑南", "syhn", "shenyanghunnan"):
        found = client_for(shenyang_lead).get(reverse("access:organisation-suggest"), {"q": typed}).json()
        assert [row["value"] for row in found] == [known.pk]
        assert client_for(member).get(reverse("access:organisation-suggest"), {"q": typed}).json() == []


def test_contacts_are_masked_on_every_page_until_revealed(client_for, member, shenyang_lead):
    contact_add(actor=member.actor, organisation=member.organisation, draft=ContactDraft("欧阳建国", "", "13812345678"))
    page = client_for(shenyang_lead).get(reverse("access:organisation", args=[member.organisation.pk]))
    client = client_for(member)
    own = client.get(reverse("access:organisation", args=[member.organisation.pk]))
    for answer in (page, own):
        assert "13812345678" not in answer.content.decode()
    contact = member.organisation.contacts.get()
    shown = client.post(reverse("access:contact-reveal", args=[member.organisation.pk, contact.pk]))
    assert "13812345678" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"


def test_an_invited_person_sets_a_password_and_is_in(client, client_for, member, settings):
    client_for(member).post(
        reverse("access:people", args=[member.organisation.pk]),
        {"display_name": "韩梅", "email": "hanmei@example.com", "role": "member"},
    )
    address = reverse("access:invitation-accept", args=[invitation_token(Invitation.objects.get())])
    page = client.get(address)
    assert "韩梅" in page.content.decode()
    assert (
        page["Referrer-Policy"] == "same-origin"
    )  # without a referrer browsers send no origin, and the form is refused
    wrong = client.post(address, {"username": "hanmei", "password": GOOD, "password_again": "other"})
    assert wrong.status_code == 400
    assert client.post(address, {"username": "hanmei", "password": GOOD, "password_again": GOOD}).status_code == 302
    assert client.get(reverse("access:account")).status_code == 200
    assert client.get(address).status_code == 409


def test_switching_posts_changes_who_acts_and_is_remembered(client_for, dalian_editor):
    client = client_for(dalian_editor)
    second = Membership.objects.get(account=dalian_editor.account, role="unit")
    client.post(reverse("access:membership-pick"), {"membership": second.pk, "next": "https://evil.example/"})
    assert client.get(reverse("access:account")).wsgi_request.actor.membership_id == second.pk
    client.logout()
    client.force_login(dalian_editor.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("access:account")).wsgi_request.actor.membership_id == second.pk


def test_a_suspended_post_stops_at_the_next_request_without_a_loop(client_for, unit, shenyang_lead):
    client = client_for(unit)
    assert client.get(reverse("access:organisations")).status_code == 200
    client_for(shenyang_lead).post(reverse("access:membership-suspend", args=[unit.membership.pk]))
    assert client.get(reverse("access:organisations")).status_code == 403
    assert "没有可用的岗位" in client.get(reverse("access:account")).content.decode()


def test_an_operator_works_in_admin_mode_under_a_banner_and_every_page_is_known(client_for, operator):
    client = client_for(operator)
    client.post(reverse("access:admin-modes"), {"reason": "排查沈阳市项目列表报错"})
    page = client.get(reverse("access:organisations"))
    assert "排查沈阳市项目列表报错" in page.content.decode()
    assert page.wsgi_request.actor.sees_all
    visited = [event.after["path"] for event in AuditEvent.objects.filter(action="access.admin_mode.visited")]
    assert "/access/organisations/" in visited
    record = client.get(reverse("access:admin-mode", args=[AdminMode.objects.get().pk]))
    assert "/access/organisations/" in record.content.decode()
    client.post(reverse("access:admin-mode-end"))
    assert not client.get(reverse("access:organisations")).wsgi_request.actor.sees_all


def test_an_expired_admin_mode_gives_nothing(client_for, operator):
    import datetime as dt

    from duikou.kernel.clock import now

    admin_mode_start(
        actor=operator.actor,
        account=operator.account,
        reason="排查沈阳市项目列表报错",
        at=now() - dt.timedelta(minutes=31),
    )
    assert not client_for(operator).get(reverse("access:organisations")).wsgi_request.actor.sees_all


def test_an_admin_mode_belongs_to_the_session_that_opened_it(client_for, operator):
    here, elsewhere = client_for(operator), client_for(operator)
    here.post(reverse("access:admin-modes"), {"reason": "排查沈阳市项目列表报错"})
    address = reverse("access:organisations")
    assert here.get(address).wsgi_request.actor.sees_all
    assert not elsewhere.get(address).wsgi_request.actor.sees_all
    assert "另一处登录" in elsewhere.get(reverse("access:admin-modes")).content.decode()
    elsewhere.post(reverse("access:admin-mode-end"))
    assert not here.get(address).wsgi_request.actor.sees_all
    elsewhere.post(reverse("access:admin-modes"), {"reason": "排查沈阳市项目列表报错"})
    assert elsewhere.get(address).wsgi_request.actor.sees_all
    assert not here.get(address).wsgi_request.actor.sees_all


def test_signing_out_ends_the_admin_mode_of_the_session(client_for, operator):
    client = client_for(operator)
    client.post(reverse("access:admin-modes"), {"reason": "排查沈阳市项目列表报错"})
    client.post("/accounts/logout/")
    assert AdminMode.objects.get().ended_at is not None


def test_audit_reads_of_every_admin_mode_and_others_do_not(client_for, operator, auditor, member):
    mode = admin_mode_start(actor=operator.actor, account=operator.account, reason="排查沈阳市项目列表报错")
    address = reverse("access:admin-mode", args=[mode.pk])
    assert client_for(auditor).get(address).status_code == 200
    assert client_for(member).get(address).status_code == 403


def test_the_language_of_the_account_is_the_language_of_the_page(client_for, member):
    client = client_for(member)
    client.post(reverse("access:account"), {"display_name": "马国强", "language": "en"})
    assert client.get(reverse("access:account")).wsgi_request.LANGUAGE_CODE == "en"


def test_the_language_picked_in_the_top_bar_is_remembered_for_mails(client_for, member):
    client_for(member).post(reverse("set_language"), {"language": "en", "next": "/"})
    member.account.refresh_from_db()
    assert member.account.language == "en"


def test_people_take_the_same_number_of_queries_for_few_and_many(client_for, shenyang_lead):
    client = client_for(shenyang_lead)

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("access:people", args=[shenyang_lead.organisation.pk])).status_code == 200
        return len(seen)

    count()
    few = count()
    for number in range(30):
        person = Account.objects.create(username=f"p{number}", display_name=f"第{number}人")
        Membership.objects.create(
            account=person, organisation=shenyang_lead.organisation, role="unit", region=shenyang_lead.membership.region
        )
    assert count() == few


def test_the_list_takes_the_same_number_of_queries_for_few_and_many(
    client_for, shenyang_lead, shenyang, django_assert_num_queries
):
    client = client_for(shenyang_lead)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse("access:organisations"))
        return len(seen)

    count()
    few = count()
    rows = [Organisation(name=f"沈阳第{n}厂", kind="enterprise", region=shenyang) for n in range(120)]
    for row in rows:
        row.derive()
    Organisation.objects.bulk_create(rows)
    assert count() == few


def test_the_actor_costs_two_queries_at_most(client_for, operator, django_assert_max_num_queries):
    client = client_for(operator)
    client.get(reverse("access:account"))
    with django_assert_max_num_queries(6):
        client.get(reverse("access:organisation-suggest"), {"q": "x"})


def test_jobs_and_commands_see_everything():
    assert Actor.job("x").sees_all


def test_what_a_signed_in_person_sees_is_not_kept_by_a_cache(client_for, member):
    client = client_for(member)
    for address in ("/", "/access/account/", "/access/organisations/", "/nowhere/"):
        assert "no-store" in client.get(address)["Cache-Control"], address


def test_the_place_of_a_post_is_named_in_the_account_s_language_whatever_the_browser_asks(client_for, dalian_editor):
    page = client_for(dalian_editor).get("/", headers={"Accept-Language": "en"}).content.decode()
    assert "大连市" in page
    assert "Dalian" not in page
