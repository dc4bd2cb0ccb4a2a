"""Two offices and one project: both save it, one contests what the other reported, both bring it in a file."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.test_records import bring, file_of

pytestmark = pytest.mark.journey

OURS, THEIRS = "沈阳写的说明，一字不能丢。", "北京写的说明，也一字不能丢。"


def speak(visitor, language):
    """Choose a language in the top bar."""
    visitor.page.locator("summary", has_text=re.compile("语言|Language")).click()
    visitor.page.get_by_role("button", name=language).click()


def register(visitor, name, year="2019"):
    """A project of 沈阳 and 北京, registered by hand; the address of its page."""
    visitor.go("/projects/new/?kind=scitech")
    page = visitor.page
    page.locator("[name=name]").fill(name)
    if page.locator("select[name=pairing]").count():
        page.locator("[name=pairing]").select_option("shenyang-beijing")
    page.locator("[name=state]").select_option("signed")
    page.locator("[name=state_as_of]").fill("2019-05-09")
    page.locator("[name=parties]").fill("沈阳中试基地有限公司 | 甲 | 牵头\n北京中试服务有限公司 | 乙")
    page.locator("[name=year]").fill(year)
    page.locator("[name=signed_amount]").fill("1200")
    save(page)
    expect(page.locator("h1")).to_have_text(name)
    return page.url.removeprefix(visitor.address)


def save(page):
    """Save the form that is open."""
    page.locator(".dk-form-foot").get_by_role("button", name=re.compile("^(保存|Save)$")).click()


@pytest.mark.parametrize(
    ("name", "phone"),
    [("沈阳北京两人同改中试基地", False), ("辽京冷链检测同写平台", True)],
    ids=["desk-zh", "phone-en"],
)
def test_two_offices_save_one_project_and_see_both_texts(visit, name, phone):
    """Whoever comes second sees both, side by side, and saves what both mean."""
    first, second = visit("shenyang"), visit("beijing", phone=phone)
    place = register(first, name)
    second.go("/")
    if phone:
        speak(second, "English")
    for visitor in (first, second):
        visitor.go(f"{place}edit/")
    first.page.locator("[name=description]").fill(OURS)
    first.page.locator("[name=year]").fill("2020")
    save(first.page)
    expect(first.page.locator("main")).to_contain_text(OURS)
    page = second.page
    page.locator("[name=description]").fill(THEIRS)
    page.locator("[name=reason]").fill("补充")
    second.expected.append("409")
    save(page)
    row = page.locator("table tr", has_text=OURS)
    expect(row).to_contain_text(THEIRS)
    expect(page.locator("table tbody tr")).to_have_count(1)
    expect(page.locator("thead")).to_contain_text("What you entered" if phone else "您填写的内容")
    assert second.has_no_sideways_scroll()
    expect(page.locator("[name=year]")).to_have_value("2020")
    expect(page.locator("[name=reason]")).to_have_value("补充")
    page.locator("[name=description]").fill(OURS + THEIRS)
    save(page)
    expect(page.locator("main")).to_contain_text(OURS + THEIRS)
    if phone:
        speak(second, "简体中文")
    first.go(place)
    expect(first.page.locator("main")).to_contain_text(OURS + THEIRS)
    expect(first.page.locator("main")).to_contain_text("2020")
