"""A unit raises a blocker from a phone with a photo; late and pressed for, it is solved only when the unit agrees."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, Visitor

pytestmark = pytest.mark.journey
PROJECT = "旅程中的京沈产业园"
TITLE = "园区贷款尚未放款（旅程）"

MAKE = f"""
from duikou.access.models import Organisation
from duikou.kernel.actor import Actor
from duikou.programme.models import Pairing
from duikou.projects.services.draft import PartyDraft, ProjectDraft
from duikou.projects.services.projects import project_create
from duikou.access.models import Membership
pair = Pairing.objects.select_related("programme", "first_region", "second_region").get(
    code="shenyang-beijing", programme__code="northeast-east-2017")
body = Membership.objects.filter(account__username="unit").earliest("pk").organisation
clause = pair.programme.clause_set.get(code="3.2.2")
draft = ProjectDraft(pair.programme, "{PROJECT}", pair, clause, pair.first_region, pair.second_region,
    parties=(PartyDraft(body.name, organisation_id=body.pk),))
print(project_create(actor=Actor.command("journey"), draft=draft).pk)
"""
LATER = f"""
import datetime as dt
from django.db.models import F
from duikou.greenchannel.models import GreenChannelRequest
from duikou.greenchannel.services.ticking import requests_tick
rows = GreenChannelRequest.objects.filter(title="{TITLE}")
back = dt.timedelta(days=90)
rows.update(started_on=F("started_on") - back, due_on=F("due_on") - back)
requests_tick()
print(rows.get().escalated_both_at is not None)
"""


def _png() -> bytes:
    """A photo of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


def _step(page: Page, name: str, words: str = "") -> None:
    page.get_by_role("link", name=name, exact=True).click()
    if words:
        page.locator("[name=text]").fill(words)
    page.locator("main form.dk-form [type=submit]").click()


def _raise(asker: Visitor, project_id: str) -> str:
    page = asker.page
    asker.go(f"/projects/{project_id}/")
    page.get_by_role("link", name="提出诉求").click()
    page.get_by_label("融资").check()
    page.get_by_label("需要解决什么").fill(TITLE)
    page.get_by_label("北京市").check()
    page.locator("[name=photos]").set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": _png()})
    assert asker.has_no_sideways_scroll()
    page.get_by_role("button", name="提出诉求").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator("main")).to_contain_text("现场.png")
    assert asker.has_no_sideways_scroll()
    return page.url.removeprefix(asker.address)


def test_a_blocker_from_the_phone_to_the_askers_agreement(site: Site, visit: Callable[..., Visitor]) -> None:
    asker = visit("unit", phone=True)
    where = _raise(asker, site.do(MAKE).strip().splitlines()[-1])
    owner = visit("beijing-lead", phone=True, to="/inbox/")
    owner.page.get_by_role("link", name=TITLE).first.click()
    expect(owner.page.locator("main")).to_contain_text("没有适用的规则")
    _step(owner.page, "受理", "已联系银行")
    _step(owner.page, "提出解决方案", "银行已同意放款")
    asker.go("/inbox/")
    asker.page.get_by_role("link", name=TITLE).first.click()
    expect(asker.page.locator("main")).to_contain_text("等待提出方")
    _step(asker.page, "未解决，退回", "尚未到账")
    assert site.do(LATER).strip().endswith("True")
    for lead in ("shenyang-lead", "beijing-lead"):
        pressed = visit(lead, phone=True, to="/inbox/")
        expect(pressed.page.get_by_role("link", name="逾期未解决，请督办").first).to_be_visible()
    owner.go(where)
    expect(owner.page.locator(".dk-state").nth(1)).to_have_text("逾期")
    _step(owner.page, "提出解决方案", "款项已到账")
    asker.go(where)
    _step(asker.page, "同意，已解决")
    expect(asker.page.locator(".dk-state").first).to_have_text("已解决")
    owner.go("/greenchannel/statistics/")
    assert owner.has_no_sideways_scroll()
    owner.page.get_by_role("link", name="被退回过").click()
    expect(owner.page.locator("main")).to_contain_text(TITLE)
