"""The pages: every form works, both columns stand under their labels, strangers see nothing, totals tell nobody."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from duikou.kernel.errors import Conflict
from duikou.parks.models import AgreedSplit, OfficialFigure, Park, ParkAgreement, Resident
from duikou.parks.services.demonstration import parks_demonstrate
from duikou.parks.tests.conftest import (
    ME,
    accept,
    agreement,
    code_of,
    company,
    park_project,
    report,
    settle,
    share_out,
)
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
OFFICIAL, AGREED = "在地统计数（官方）", "协议分成数（双方考核用）"


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def full(park: Park) -> Park:
    """Three companies with accepted figures of 2024, split 5:5."""
    for number in range(3):
        report(settle(park, f"企业{number}", uscc=code_of(number)), tax=100 + number, output=1000, jobs=50)
    accept(park)
    share_out(park)
    return park


def page(park: Park, name: str = "park", *args: Any) -> str:
    return reverse(f"parks:{name}", args=args or [park.pk])


def test_a_park_is_opened_changed_and_a_stale_save_shows_both(client_for: Any, shenyang_editor: Any) -> None:
    client = client_for(shenyang_editor)
    project = park_project()
    new = reverse("parks:new", args=[project.pk])
    assert new in text(client.get(reverse("projects:project", args=[project.pk])))
    assert client.get(new).status_code == 200
    ring = [[123.4, 41.8], [123.5, 41.8], [123.5, 41.9], [123.4, 41.8]]
    good = SimpleUploadedFile("a.json", json.dumps({"type": "Polygon", "coordinates": [ring]}).encode())
    facts = {
        "mode": "joint",
        "side": "first",
        "area": "1平方公里",
        "team": "主任 1\n工作人员，12人",
        "company": "甲公司",
    }
    refused = client.post(new, {**facts, "team": "很多人", "outline": SimpleUploadedFile("b.json", b"\xff{")})
    assert refused.status_code == 400
    assert "很多人" in text(refused)
    assert client.post(new, {**facts, "outline": good}).status_code == 302
    park = Park.objects.get()
    assert (park.area, [one["people"] for one in park.team]) == (1500, [1, 12])
    shown = text(client.get(page(park)))
    assert "dk-outline" in shown
    assert "1,500.00" in shown
    edit = page(park, "edit")
    assert client.post(edit, {**facts, "revision": 1, "company": "乙公司"}).status_code == 302
    stale = client.post(edit, {**facts, "revision": 1, "company": "丙公司"})
    assert stale.status_code == 409
    assert "乙公司" in text(stale)
    assert "丙公司" in text(stale)
    park.refresh_from_db()
    assert park.outline


def test_the_unit_enters_the_office_reviews_the_other_side_confirms(
    client_for: Any, park: Park, unit: Any, shenyang_lead: Any, beijing_editor: Any
) -> None:
    client, office, other = client_for(unit), client_for(shenyang_lead), client_for(beijing_editor)
    facts = {"name": "甲公司", "uscc": code_of(7), "origin": "second", "state": "producing", "industry": "C34"}
    assert client.post(page(park, "resident-new"), {**facts, "uscc": "123"}).status_code == 400
    assert client.post(page(park, "resident-new"), {**facts, "name": "a\x00b"}).status_code == 400
    assert client.post(page(park, "resident-new"), facts).status_code == 302
    assert client.post(page(park, "resident-new"), facts).status_code == 400
    row = Resident.objects.get()
    assert row.industry is not None
    new = page(park, "figure-new", row.pk)
    assert client.post(new, {"span": "2024年", "tax": "约100"}).status_code == 400
    assert client.post(new, {"span": "2024年", "tax": "100", "jobs": "20"}).status_code == 302
    figure = OfficialFigure.objects.get()
    edit = page(park, "figure-edit", figure.pk)
    assert client.post(edit, {"tax": "101", "revision": figure.revision}).status_code == 302
    assert client.post(edit, {"tax": "102", "revision": figure.revision}).status_code == 409
    review = page(park, "review")
    assert client.post(review, {"span": "2024", "act": "accept"}).status_code == 403
    assert client.post(review, {"span": "2024", "act": "submit"}).status_code == 302
    assert "企业" in text(office.get(review))
    assert office.post(review, {"span": "2024", "act": "return"}).status_code == 400
    assert other.post(review, {"span": "2024", "act": "accept"}).status_code == 403
    assert office.post(review, {"span": "nonsense", "act": "accept"}).status_code == 400
    ticked = {"span": "2024", "act": "accept", "which": "ticked", "row": [figure.pk]}
    assert office.post(review, ticked).status_code == 302
    deal = {
        "kind": "sharing",
        "title": "分享协议",
        "first_party": "甲",
        "second_party": "乙",
        "signed_on": "2020-01-01",
    }
    assert office.get(page(park, "agreement-new")).status_code == 200
    assert office.post(page(park, "agreement-new"), {**deal, "first_weight": "1"}).status_code == 400
    assert office.post(page(park, "agreement-new"), deal).status_code == 302
    signed = ParkAgreement.objects.get()
    share = {"agreement": signed.pk, "year": 2024, "measure": "tax", "first_weight": 1, "second_weight": 1}
    assert office.get(page(park, "split-new")).status_code == 200
    assert office.post(page(park, "split-new"), {**share, "year": 2023}).status_code == 400
    assert office.post(page(park, "split-new"), share).status_code == 302
    made = AgreedSplit.objects.get()
    assert office.post(page(park, "split-submit", made.pk), {"revision": 1}).status_code == 302
    assert other.get(page(park, "split", made.pk)).status_code == 200
    assert other.post(page(park, "split-accept", made.pk), {"revision": 1}).status_code == 409
    assert other.post(page(park, "split-accept", made.pk), {"revision": 2}).status_code == 302
    for reader in (client, office, other):
        shown = text(reader.get(page(park)))
        assert OFFICIAL in shown
        assert AGREED in shown
        assert "101.00" in shown
        assert "50.50" in shown


def test_every_page_stands_for_those_who_may_see_it(
    client_for: Any, full: Park, shenyang_editor: Any, auditor: Any
) -> None:
    row, figure = Resident.objects.first(), OfficialFigure.objects.first()
    split, signed = AgreedSplit.objects.get(), ParkAgreement.objects.get()
    assert row is not None
    assert figure is not None
    addresses = [
        reverse("parks:list"),
        *(page(full, name) for name in ("park", "residents", "figures", "review")),
        page(full, "resident", row.pk),
        page(full, "agreement", signed.pk),
        page(full, "split", split.pk),
    ]
    for person in (shenyang_editor, auditor):
        client = client_for(person)
        for address in addresses:
            assert client.get(address).status_code == 200, address
        for name in ("residents-export", "figures-export", "totals"):
            assert client.get(page(full, name)).status_code == 200
    client = client_for(shenyang_editor)
    for address in (
        page(full, "edit"),
        page(full, "resident-edit", row.pk),
        page(full, "leave", row.pk),
        page(full, "figure-new", row.pk) + f"?corrects={figure.pk}",
        page(full, "agreement-edit", signed.pk),
        page(full, "split-correct", split.pk),
    ):
        assert client.get(address).status_code == 200, address
    assert client.get(page(full, "residents") + "?cursor=nonsense&sort=-name&q=%E4%BC%81").status_code == 200
    assert client.get(page(full, "figures") + "?year=abc").status_code == 400


def test_nation_wide_readers_leave_a_trace_and_the_two_sides_do_not(
    client_for: Any, full: Park, shenyang_editor: Any, auditor: Any
) -> None:
    client_for(shenyang_editor).get(page(full))
    assert not AuditEvent.objects.filter(action="parks.figure.read").exists()
    client_for(auditor).get(page(full))
    assert AuditEvent.objects.filter(action="parks.figure.read").count() == 1


def test_strangers_see_nothing_and_others_of_the_pairing_only_totals(
    client_for: Any, full: Park, dalian_editor: Any, member: Any, other_member: Any, ministry: Any
) -> None:
    row = Resident.objects.first()
    assert row is not None
    for person in (dalian_editor, member, other_member):
        client = client_for(person)
        assert client.get(page(full)).status_code == 404
        assert full.project.name not in text(client.get(reverse("parks:list")))
    client = client_for(ministry)
    shown = text(client.get(page(full)))
    assert "303.00" in shown
    assert row.name not in shown
    for address in (
        page(full, "residents"),
        page(full, "figures"),
        page(full, "review"),
        page(full, "resident", row.pk),
    ):
        assert client.get(address).status_code == 404, address


def test_a_total_of_two_companies_is_hidden_on_the_page_and_in_the_export(
    client_for: Any, park: Park, ministry: Any, shenyang_editor: Any
) -> None:
    for number in range(2):
        report(settle(park, f"企业{number}"), tax=7777, jobs=3)
    accept(park)
    client = client_for(ministry)
    for answer in (text(client.get(page(park))), str(sheet(client.get(page(park, "totals"))))):
        assert "企业过少" in answer
        assert "15,554" not in answer
        assert "15554" not in answer
    assert "15554" in str(sheet(client_for(shenyang_editor).get(page(park, "totals"))))


def test_a_company_sees_its_own_figures_and_nobody_elses(client_for: Any, full: Park, other_member: Any) -> None:
    own, foreign = Resident.objects.order_by("id")[:2]
    Resident.objects.filter(pk=own.pk).update(organisation=other_member.organisation)
    client = client_for(other_member)
    shown = text(client.get(page(full, "resident", own.pk)))
    assert OFFICIAL in shown
    assert client.get(page(full, "resident", foreign.pk)).status_code == 404
    assert client.get(page(full, "figures")).status_code == 404
    assert client.post(page(full, "figure-new", own.pk), {"span": "2023", "tax": "1"}).status_code == 403


def sheet(response: Any) -> list[list[Any]]:
    data = b"".join(response.streaming_content)
    return list(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python())


def test_exports_name_both_columns_and_neutralise_formulas(client_for: Any, full: Park, shenyang_editor: Any) -> None:
    client = client_for(shenyang_editor)
    head, *rows = sheet(client.get(page(full, "totals")))
    assert any(OFFICIAL in str(cell) for cell in head)
    assert any(AGREED in str(cell) for cell in head)
    tax = next(row for row in rows if row[1] == "税收")
    assert (tax[2], tax[5], tax[6]) == (303.0, 151.5, 151.5)
    settle(full, "=1+1公司")
    names = [row[0] for row in sheet(client.get(page(full, "residents-export")))]
    assert any("1+1" in str(name) for name in names)
    blank = sheet(client.get(page(full, "figures-form") + "?span=2025Q3"))
    assert len(blank) == 5


def test_the_project_and_the_region_show_the_park(
    client_for: Any, full: Park, beijing_editor: Any, dalian_editor: Any
) -> None:
    shown = text(client_for(beijing_editor).get(reverse("projects:project", args=[full.project_id])))
    assert page(full) in shown


@pytest.mark.parametrize("many", [3, 40])
def test_the_pages_ask_as_often_however_many_companies(
    many: int, park: Park, client_for: Any, shenyang_editor: Any, query_counts: Any
) -> None:
    for number in range(many):
        report(settle(park, f"企业{number}"), tax=1)
    accept(park)
    agreement(park)
    client = client_for(shenyang_editor)
    for name in ("park", "residents", "figures", "review"):
        with query_counts(f"parks:{name}"):
            client.get(page(park, name))


def test_the_demonstration_says_only_what_its_source_says(monkeypatch: pytest.MonkeyPatch, unit: Any) -> None:
    project = park_project("演示园区")
    type(project).objects.filter(pk=project.pk).update(source_note="规划约26平方公里,核心启动区约1.53平方公里")
    monkeypatch.setattr(site, "DEMONSTRATION", True)
    assert parks_demonstrate(actor=ME) == 1
    assert parks_demonstrate(actor=ME) == 0
    park = Park.objects.get()
    assert (park.area, park.is_demonstration) == (39000, True)
    assert all("演示" in name for name in park.residents.values_list("name", flat=True))
    monkeypatch.setattr(site, "DEMONSTRATION", False)
    with pytest.raises(Conflict):
        parks_demonstrate(actor=ME)


def test_a_company_that_is_known_by_its_code_is_linked(park: Park) -> None:
    body = company("已知企业", uscc=code_of(9))
    assert settle(park, "已知企业有限公司", uscc=code_of(9)).organisation_id == body.pk
