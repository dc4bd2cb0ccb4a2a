"""The main pages fit a phone, speak English, and stand as pictures in the README."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

SCREENSHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
PAGES = [
    "/overview/",
    "/projects/",
    "/programmes/",
    "/programmes/northeast-east-2017/",
    "/programmes/northeast-east-2017/clauses/3.2.2/",
    "/programmes/northeast-east-2017/pairings/",
    "/imports/",
    "/access/organisations/",
    "/accounts/2fa/",
]


def test_the_main_pages_fit_a_phone_without_sideways_scrolling(visit):
    visitor = visit("shenyang-lead", to="/overview/", phone=True)
    wide = []
    for path in PAGES:
        visitor.go(path)
        if not visitor.has_no_sideways_scroll():
            wide.append(path)
    assert wide == []


def test_the_pages_speak_english_when_asked(visit):
    visitor = visit("coordinator", to="/overview/")
    page = visitor.page
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh", re.I))
    page.locator("summary", has_text="语言").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("summary", has_text="Language").click()
    page.get_by_role("button", name="中文").click()  # the account keeps its language: others come after
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh", re.I))


def test_the_overview_draws_its_map_and_its_charts(visit):
    visitor = visit("coordinator", to="/overview/")
    page = visitor.page
    expect(page.locator(".dk-matrix tbody tr").first).to_be_visible()
    expect(page.locator("canvas, svg[width]").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    if os.environ.get("DUIKOU_SCREENSHOTS") == "write":
        visitor.go("/overview/")
        page.wait_for_load_state("networkidle")
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        target = SCREENSHOTS / "overview.png"
        page.screenshot(path=target, full_page=True)
        Image.open(target).convert("RGB").quantize(128).save(target, optimize=True)
        assert target.stat().st_size < 400_000
