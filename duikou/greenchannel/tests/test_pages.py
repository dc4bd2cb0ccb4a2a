"""The pages: a blocker from a phone, refused forms keep what was typed, filters are addresses, exports say the same."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from duikou.greenchannel.finders import requests as find
from duikou.greenchannel.models import GreenChannelRequest, OwnerRule, Parameter
from duikou.greenchannel.panels import of_project
from duikou.greenchannel.services.demonstration import requests_demonstrate
from duikou.greenchannel.services.raising import request_raise
from duikou.greenchannel.tests.conftest import draft_of, kind, project_made, shift, take
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict
from duikou.projects.models import Project
from duikou.records.models import AuditEvent, Evidence

GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01"
    b"\x00\x00\x02\x02D\x01\x00;"
)


def filled(**given: Any) -> dict[str, Any]:
    return {
        "kind": kind("approval").pk,
        "title": "二期环评批复尚未取得",
        "side": "first",
        "wanted_on": today().isoformat(),
        "uid": str(uuid.uuid4()),
        **given,
    }


def test_a_blocker_is_raised_with_photos_and_says_who_owns_it(
    client_for: Any, member: Any, project: Any, rule: Any, unit: Any
) -> None:
    client, url = client_for(member), reverse("greenchannel:raise", args=[project.pk])
    page = client.get(url)
    assert page.status_code == 200
    assert "用地" in page.content.decode()
    photos = [SimpleUploadedFile(f"现场{n}.txt", f"照片{n}".encode()) for n in range(2)]
    answer = client.post(url, filled(photos=photos, contact_phone="138 1234 5678"), follow=True)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert str(unit.account) in text
    assert "138 1234 5678" not in text
    made = GreenChannelRequest.objects.get()
    assert Evidence.objects.filter(subject_kind__startswith="greenchannel", subject_id=str(made.pk)).count() == 2


def test_a_refused_form_keeps_what_was_typed_and_says_it_at_the_field(
    client_for: Any, member: Any, project: Any
) -> None:
    client, url = client_for(member), reverse("greenchannel:raise", args=[project.pk])
    answer = client.post(url, filled(contact_phone="没有", needed="很长的说明", wanted_on="2001-01-01"))
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "很长的说明" in text
    assert "能拨打的电话" in text
    assert "不超过五年" in text
    bad = client.post(url, filled(photos=[SimpleUploadedFile("坏.jpg", b"not a picture")]))
    assert bad.status_code == 400
    assert "坏.jpg" in bad.content.decode()
    assert client.post(url, filled(title="a\x00b")).status_code == 400
    assert client.post(url, {}).status_code == 400
    assert not GreenChannelRequest.objects.exists()


def test_only_ones_own_projects_are_offered(
    client_for: Any, member: Any, other_member: Any, project: Any, auditor: Any
) -> None:
    other = project_made("另一家的项目", other_member.organisation)
    url = reverse("greenchannel:choose")
    straight = client_for(member).get(url)
    assert straight.headers["Location"] == reverse("greenchannel:raise", args=[project.pk])
    found = client_for(member).get(url, {"q": "项目"}).content.decode()
    assert other.name not in found
    assert client_for(member).get(reverse("greenchannel:raise", args=[other.pk])).status_code == 404
    assert client_for(auditor).get(url).status_code == 403


def test_the_way_through_the_pages_to_the_askers_agreement(
    client_for: Any, raised: Any, unit: Any, member: Any
) -> None:
    def step(person: Any, verb: str, text: str = "说明") -> Any:
        url = reverse(f"greenchannel:{verb}", args=[raised.pk])
        client = client_for(person)
        assert client.get(url).status_code == 200
        seen = GreenChannelRequest.objects.get(pk=raised.pk).revision
        return client.post(url, {"text": text, "revision": seen})

    assert step(unit, "accept", "").status_code == 302
    assert step(unit, "propose", "  ").status_code == 400
    assert step(unit, "propose", "批复已出").status_code == 302
    page = client_for(member).get(reverse("greenchannel:request", args=[raised.pk])).content.decode()
    assert "批复已出" in page
    assert reverse("greenchannel:agree", args=[raised.pk]) in page
    assert step(member, "reject", "编号有误").status_code == 302
    assert step(unit, "propose", "已更正").status_code == 302
    assert step(member, "agree", "").status_code == 302
    assert GreenChannelRequest.objects.get(pk=raised.pk).state == "solved"


def test_a_refused_step_says_why_on_the_page(client_for: Any, raised: Any, shenyang_editor: Any) -> None:
    page = client_for(shenyang_editor).get(reverse("greenchannel:request", args=[raised.pk])).content.decode()
    assert "只有提出方可以答复、确认或撤回" in page
    assert client_for(shenyang_editor).get(reverse("greenchannel:accept", args=[raised.pk])).status_code == 403


def test_who_comes_second_keeps_the_words_and_is_told(client_for: Any, raised: Any, unit: Any, member: Any) -> None:
    take(unit, raised, "accept")
    take(unit, raised, "propose")
    url = reverse("greenchannel:agree", args=[raised.pk])
    stale = client_for(member).post(url, {"text": "可以", "revision": 1})
    assert stale.status_code == 409
    assert "可以" in stale.content.decode()
    late = client_for(member)
    assert late.get(url).status_code == 200
    take(member, raised, "reject", "不行")
    answer = late.post(url, {"text": "同意的话", "revision": 3})
    assert answer.status_code == 409
    assert "办理中" in answer.content.decode()
    assert "同意的话" in answer.content.decode()


def test_contact_is_shown_in_full_only_by_asking(client_for: Any, raised: Any, unit: Any) -> None:
    client = client_for(unit)
    page = reverse("greenchannel:request", args=[raised.pk])
    assert "13812345678" not in client.get(page).content.decode()
    shown = client.post(reverse("greenchannel:contact", args=[raised.pk]))
    assert "13812345678" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert "13812345678" not in client.get(page).content.decode()


def test_strangers_get_404_everywhere(client_for: Any, raised: Any, dalian_editor: Any, other_member: Any) -> None:
    for person in (dalian_editor, other_member):
        client = client_for(person)
        for page in ("request", "accept", "agree", "transfer"):
            assert client.get(reverse(f"greenchannel:{page}", args=[raised.pk])).status_code == 404
        assert raised.title not in client.get(reverse("greenchannel:list")).content.decode()
        assert not find(person.actor, raised.number, 5)


def test_filters_are_addresses_and_the_export_says_the_same(
    client_for: Any, project: Any, member: Any, raised: Any, shenyang_lead: Any, unit: Any
) -> None:
    other = request_raise(actor=member.actor, draft=draft_of(project, kind="land", title="=1+1", uid=uuid.uuid4()))
    shift(other, 90)
    client, url = client_for(shenyang_lead), reverse("greenchannel:list")

    def shown(**query: Any) -> set[str]:
        text = client.get(url, query).content.decode()
        return {row.title for row in (raised, other) if f">{row.title}</a>" in text}

    both = {raised.title, other.title}
    assert shown() == both
    assert shown(which="overdue") == shown(which="late") == {other.title}
    assert shown(which="open") == shown(year=today().year) == shown(q=project.number) == both
    assert shown(which="solved") == shown(which="reopened") == shown(q="没有这个") == set()
    assert shown(q=raised.number.lower()) == {raised.title}
    assert shown(kind=kind("land").pk, region=raised.region_id) == {other.title}
    assert shown(which="mine") == {other.title}
    assert client.get(url, {"year": "abc"}).status_code == 400
    assert client.get(url, {"q": "a\x00"}).status_code == 400
    assert client.get(url, {"sort": "-due", "columns": ["title", "days"], "cursor": "??"}).status_code == 200
    book = client.get(reverse("greenchannel:export"), {"which": "overdue"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(book.streaming_content))).get_sheet_by_index(0)
    cells = [str(cell) for row in rows.to_python() for cell in row]
    assert "=1+1" in cells or "'=1+1" in cells
    assert raised.title not in cells
    assert AuditEvent.objects.filter(action="greenchannel.list.exported").count() == 1


def test_statistics_lead_to_their_lists_and_to_a_workbook(
    client_for: Any, raised: Any, unit: Any, member: Any, shenyang_lead: Any
) -> None:
    take(unit, raised, "accept")
    take(unit, raised, "propose")
    take(member, raised, "reject")
    client = client_for(shenyang_lead)
    page = client.get(reverse("greenchannel:figures"), {"year": today().year})
    text = page.content.decode()
    link = f"kind={raised.kind_id}&amp;year={raised.year}&amp;which=reopened"
    assert link in text
    for query in ("?year=9", "?year=abc", "?year=1999", ""):
        assert client.get(reverse("greenchannel:figures") + query).status_code == 200
    book = client.get(reverse("greenchannel:figures-export"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(book.streaming_content))).get_sheet_by_index(0)
    assert rows.to_python()[1][:8] == ["沈阳市", "审批", 1.0, 1.0, 0.0, 0.0, 1.0, 0.0]


def test_the_project_page_shows_the_open_ones_and_the_way_to_raise_one(
    client_for: Any, raised: Any, project: Any, member: Any, dalian_editor: Any, auditor: Any
) -> None:
    page = client_for(member).get(reverse("projects:project", args=[project.pk])).content.decode()
    assert raised.title in page
    assert reverse("greenchannel:raise", args=[project.pk]) in page
    audited = client_for(auditor).get(reverse("projects:project", args=[project.pk])).content.decode()
    assert raised.title in audited
    assert reverse("greenchannel:raise", args=[project.pk]) not in audited


def test_the_search_finds_it_by_number(raised: Any, unit: Any) -> None:
    (hit,) = find(unit.actor, raised.number, 5)
    assert hit.url == reverse("greenchannel:request", args=[raised.pk])
    assert find(unit.actor, "环评", 5)


def test_rules_are_set_changed_and_ended_on_their_pages(
    client_for: Any, shenyang_lead: Any, shenyang_editor: Any, unit: Any, dalian_lead: Any
) -> None:
    client = client_for(shenyang_lead)
    new = reverse("greenchannel:rule-new")
    assert "沈阳市" in client.get(new).content.decode()
    assert client.get(new, {"region": "210200"}).status_code == 404
    form = f"{new}?region=210100"
    assert client.get(form).status_code == 200
    assert client.post(form, {"organisation": "0"}).status_code == 400
    facts = {"organisation": unit.organisation.pk, "person": unit.membership.pk, "kind": kind("land").pk}
    assert client.post(form, facts).status_code == 302
    assert client.post(form, facts).status_code == 400
    rule = OwnerRule.objects.get()
    edit = reverse("greenchannel:rule", args=[rule.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, {**facts, "kind": "", "revision": 9}).status_code == 409
    assert client.post(edit, {**facts, "kind": "", "revision": 1}).status_code == 302
    assert client_for(shenyang_editor).get(edit).status_code == 403
    assert client_for(dalian_lead).get(edit).status_code == 404
    assert str(unit.account) in client_for(shenyang_editor).get(reverse("greenchannel:rules")).content.decode()
    assert client.post(reverse("greenchannel:rule-end", args=[rule.pk]), {"revision": 2}).status_code == 302
    assert not OwnerRule.objects.filter(is_active=True).exists()


def test_terms_are_set_by_the_coordinator(client_for: Any, coordinator: Any, shenyang_lead: Any) -> None:
    url, client = reverse("greenchannel:parameters"), client_for(coordinator)
    page = client.get(url)
    assert page.status_code == 200
    names = {name: field.initial for name, field in page.context["form"].fields.items()}
    given = {name: value for name, value in names.items() if value is not None}
    term = f"term-{kind('land').pk}"
    assert client.post(url, {**given, term: 0}).status_code == 400
    assert client.post(url, {**given, term: 20, "basis": "年度工作要求"}).status_code == 302
    assert Parameter.objects.get().days == 20
    assert client_for(shenyang_lead).get(url).status_code == 403


def test_the_demonstration_is_made_once_and_only_in_demonstration_mode(settings: Any, shenyang_editor: Any) -> None:
    me = Actor.command("tests")
    settings.DEMONSTRATION = False
    with pytest.raises(Conflict):
        requests_demonstrate(actor=me)
    settings.DEMONSTRATION = True
    assert requests_demonstrate(actor=me) == 0
    for number in range(4):
        project_made(f"演示记录{number}")
    assert requests_demonstrate(actor=me) == 4
    assert requests_demonstrate(actor=me) == 0
    states = sorted(GreenChannelRequest.objects.values_list("state", flat=True))
    assert states == ["proposed", "raised", "solved", "working"]
    assert all(row.title.startswith("演示") for row in GreenChannelRequest.objects.all())


def test_pages_cost_the_same_however_many_there_are(
    client_for: Any, query_counts: Any, shenyang_lead: Any, project: Project, member: Any, raised: Any
) -> None:
    client = client_for(shenyang_lead)

    def counted() -> None:
        for name in ("list", "figures", "rules"):
            url = reverse(f"greenchannel:{name}")
            client.get(url)
            with query_counts(f"greenchannel.{name}"):
                assert client.get(url).status_code == 200
        with query_counts("greenchannel.panel"):
            assert of_project(shenyang_lead.actor, project)

    for _number in range(3):
        request_raise(actor=member.actor, draft=draft_of(project, uid=uuid.uuid4()))
    counted()
    for code in ("land", "energy", "finance"):
        for _number in range(5):
            request_raise(actor=member.actor, draft=draft_of(project, kind=code, uid=uuid.uuid4()))
    counted()
