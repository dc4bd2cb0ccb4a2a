"""Two offices and one project: both save it, one contests what the other reported, both bring it in a file."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.post import WITHIN
from tests.journeys.test_records import GOOD, bring, file_of

pytestmark = pytest.mark.journey

OURS, THEIRS = "沈阳写的说明，一字不能丢。", "北京写的说明，也一字不能丢。"


def speak(visitor, language):
    """Choose a language in the top bar."""
    visitor.page.locator("summary", has_text=re.compile("语言|Language")).click()
    visitor.page.get_by_role("button", name=language).click()


def register(visitor, name, visibility="pairing"):
    """A project of 沈阳 and 北京, registered by hand; the address of its page."""
    visitor.go("/projects/new/?kind=scitech")
    page = visitor.page
    page.locator("[name=name]").fill(name)
    if page.locator("select[name=pairing]").count():
        page.locator("[name=pairing]").select_option("shenyang-beijing")
    page.locator("[name=state]").select_option("signed")
    page.locator("[name=state_as_of]").fill("2019-05-09")
    page.locator("[name=parties]").fill("沈阳中试基地有限公司 | 甲 | 牵头\n北京中试服务有限公司 | 乙")
    page.locator("[name=visibility]").select_option(visibility)
    page.locator("[name=year]").fill("2019")
    page.locator("[name=signed_amount]").fill("1200")
    save(page)
    expect(page.locator("h1")).to_have_text(name)
    return page.url.removeprefix(visitor.address)


def save(page):
    """Save the form that is open."""
    page.locator(".dk-form-foot").get_by_role("button", name=re.compile("^(保存|Save)$")).click()


def notice(visitor, words):
    """The notice that says so, once the worker has written it."""
    until = time.monotonic() + WITHIN
    found = visitor.page.locator("main a", has_text=words)
    visitor.go("/inbox/?tab=notices")
    while not found.count():
        assert time.monotonic() < until, words
        visitor.page.reload()
    return found


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
    mine = row.locator("td").last
    expect(mine).to_have_attribute("data-label", "What you entered" if phone else "您填写的内容")
    box = mine.bounding_box()
    assert box["x"] + box["width"] <= page.viewport_size["width"]
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


def test_the_other_side_contests_the_figures_and_takes_it_back_once_they_are_right(visit):
    """Who reported cannot confirm; who objected confirms; the unit reads what both said."""
    name = "两地共建氢能装备检验中心"
    lead, theirs = visit("shenyang-lead"), visit("beijing", phone=True)
    place = register(lead, name, "public")
    ours = visit("shenyang", to=place)
    expect(ours.page.locator("#opinion")).to_have_count(0)
    theirs.go(place)
    form = theirs.page.locator("#opinion")
    theirs.expected.append("400")
    form.get_by_role("button", name="提出异议").click()
    expect(theirs.page.locator("#note-error")).to_have_text("请写明异议的内容。")
    form.locator("[name=note]").fill("签约金额应为800万元")
    form.get_by_role("button", name="提出异议").click()
    contested = "北京市有异议：签约金额应为800万元"
    expect(theirs.page.locator("main")).to_contain_text(contested)
    assert theirs.has_no_sideways_scroll()
    notice(lead, f"对方对项目“{name}”提出异议").click()
    expect(lead.page.locator("main")).to_contain_text(contested)
    expect(lead.page.locator("#opinion")).to_have_count(0)
    lead.page.get_by_role("link", name="修改", exact=True).click()
    lead.page.locator("[name=signed_amount]").fill("800")
    save(lead.page)
    expect(lead.page.locator("main")).to_contain_text(contested)
    other = visit("beijing-lead", to=place)
    other.page.get_by_role("button", name="撤回异议，确认属实").click()
    expect(other.page.locator("main")).to_contain_text("双方已确认")
    expect(other.page.locator("main")).not_to_contain_text("有异议：")
    unit = visit("unit", to=place, phone=True)
    expect(unit.page.locator("main")).to_contain_text("双方已确认")
    expect(unit.page.locator("#opinion")).to_have_count(0)
    assert unit.has_no_sideways_scroll()


def test_the_same_project_in_the_partner_s_file_is_shown_for_a_decision_and_counts_once(visit, tmp_path):
    """A near-same name is no new project unless somebody says so; the same one is then reported by both sides."""
    first = visit("shenyang")
    place = register(first, "沈阳北京轨道交通装备共性技术研发中心")
    row = ["沈阳北京轨道交通装备共性技术研究中心", *GOOD[1:]]
    visitor = visit("beijing", phone=True)
    bring(visitor, file_of(tmp_path / "北京记录.csv", row))
    page = visitor.page
    expect(page.get_by_role("button", name="写入", exact=True)).to_be_disabled()
    page.locator(".nav-link", has_text="疑似重复").click()
    asked = page.locator("fieldset")
    expect(asked).to_contain_text(row[0])
    expect(asked.locator(f"a[href='{place}']")).to_be_visible()
    assert visitor.has_no_sideways_scroll()
    asked.get_by_role("combobox").select_option("same")
    page.get_by_role("button", name="保存本页的决定").click()
    page.get_by_role("button", name="写入", exact=True).click()
    expect(page.get_by_text(re.compile("已于.*写入"))).to_be_visible(timeout=30_000)
    visitor.go("/projects/?q=轨道交通装备共性技术研发中心")
    expect(page.locator("main tbody tr")).to_have_count(1)
    visitor.go(place)
    expect(page.locator("main")).not_to_contain_text("未填报")
    unit = visit("unit")
    unit.go("/imports/", status=403)
