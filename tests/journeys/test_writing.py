"""Two offices write one draft in two browsers: a conflict is merged, a lost network or session loses nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD

pytestmark = pytest.mark.journey

PLAN = "沈阳市与北京市对口合作实施方案（演示）"


def open_plan(visit, username, **given):
    """The draft's page, in a browser of its own."""
    visitor = visit(username, to="/plans/?kind=phase", **given)
    visitor.page.get_by_role("link", name=PLAN).first.click()
    expect(visitor.page.locator("#sections")).to_be_visible()
    return visitor


def section(visitor, heading):
    """The section under a heading, written or not."""
    return visitor.page.locator("article[data-part]").filter(has=visitor.page.locator(f"h3:text-is('{heading}')"))


def write(visitor, heading, words, *, saved=True):
    """Open the section where it stands and write at the end of it."""
    part = section(visitor, heading)
    if not part.locator("form[data-writing]").count():
        part.locator("[data-write]").click()
    text = part.locator(".dk-rich-text")
    text.click()
    visitor.page.keyboard.press("Control+End")
    visitor.page.keyboard.type(words)
    if saved:
        expect(part.locator("[data-save]")).to_have_attribute("data-kind", "good")
    return part


def done(visitor, part):
    """Finish writing; the section stands there again."""
    part.get_by_role("button", name="完成").click()
    expect(part.locator("form[data-writing]")).to_have_count(0)


def test_two_sides_at_one_section_meet_in_the_merge_and_lose_no_word(visit):
    heading = "范围领域"
    north, east = open_plan(visit, "shenyang"), open_plan(visit, "beijing", phone=True)
    east.expected.append("409")
    part = write(north, heading, "沈阳先写这一段。")
    theirs = section(east, heading)
    east.page.reload()
    theirs.locator("[data-write]").click()
    expect(theirs.locator(".dk-rich-text")).to_contain_text("沈阳先写这一段。")
    expect(theirs.locator("[data-news]")).to_contain_text("正在编写本节")
    write(north, heading, "沈阳又写一句。")
    write(east, heading, "北京接着写。", saved=False)
    state = theirs.locator("[data-save]")
    expect(state).to_contain_text("与他人修改冲突")
    assert east.has_no_sideways_scroll()
    state.get_by_role("link", name="对照并合并").click()
    expect(east.page.locator(".dk-merge ins").filter(has_text="北京接着写。")).to_be_visible()
    expect(east.page.locator(".dk-merge ins").filter(has_text="沈阳又写一句。")).to_be_visible()
    assert east.has_no_sideways_scroll()
    east.page.get_by_role("radio", name="改写").check()
    text = east.page.locator(".dk-merge-edit .dk-rich-text")
    text.click()
    east.page.keyboard.press("Control+a")
    east.page.keyboard.type("沈阳先写这一段。沈阳又写一句。北京接着写。")
    east.page.get_by_role("button", name="保存合并结果").click()
    expect(section(east, heading)).to_contain_text("沈阳先写这一段。沈阳又写一句。北京接着写。")
    expect(part.locator("[data-news]")).to_contain_text("刚修改了本节")
    done(north, part)
    expect(section(north, heading)).to_contain_text("北京接着写。")


def test_words_written_without_a_network_are_sent_when_it_returns(visit):
    heading = "建设时序"
    visitor = open_plan(visit, "shenyang")
    part = write(visitor, heading, "有网时写的。")
    visitor.page.context.set_offline(True)
    write(visitor, heading, "断网时写的。", saved=False)
    expect(part.locator("[data-save]")).to_contain_text("网络已断开")
    visitor.page.context.set_offline(False)
    expect(part.locator("[data-save]")).to_have_attribute("data-kind", "good")
    visitor.complaints[:] = [one for one in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
    done(visitor, part)
    other = open_plan(visit, "beijing")
    expect(section(other, heading)).to_contain_text("有网时写的。断网时写的。")


def test_words_kept_without_a_network_overwrite_nobody_when_the_page_opens_again(visit):
    heading = "重大项目"
    visitor, other = open_plan(visit, "shenyang"), open_plan(visit, "beijing")
    visitor.expected.append("409")
    part = write(visitor, heading, "双方共同的话。")
    visitor.page.context.set_offline(True)
    write(visitor, heading, "断网的话。", saved=False)
    expect(part.locator("[data-save]")).to_contain_text("网络已断开")
    other.page.reload()
    done(other, write(other, heading, "北京后来的话。"))
    visitor.complaints[:] = [one for one in visitor.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
    here, window = visitor.page.url, visitor.page.context
    visitor.page.close()
    window.set_offline(False)
    visitor.page = window.new_page()
    visitor.page.goto(here)
    again = section(visitor, heading)
    expect(again.locator("[data-save]")).to_contain_text("与他人修改冲突")
    again.get_by_role("link", name="对照并合并").click()
    expect(visitor.page.locator(".dk-merge ins").filter(has_text="断网的话。")).to_be_visible()
    visitor.page.get_by_role("button", name="保存合并结果").click()
    for words in ("断网的话。", "北京后来的话。"):
        expect(section(visitor, heading)).to_contain_text(words)


def test_a_session_that_ends_while_one_writes_loses_nothing(visit):
    heading = "保障措施"
    visitor = open_plan(visit, "shenyang")
    page = visitor.page
    here = page.url
    part = write(visitor, heading, "登录时写的。")
    kept = [one for one in page.context.cookies() if one["name"] != "duikou_session"]
    page.context.clear_cookies()
    page.context.add_cookies(kept)
    write(visitor, heading, "过期后写的。", saved=False)
    expect(part.locator("[data-save]")).to_contain_text("登录已过期")
    page.on("dialog", lambda dialog: dialog.accept())
    part.get_by_role("link", name="重新登录").click()
    page.locator("input[name=login]").fill("shenyang")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    expect(page).to_have_url(re.compile(re.escape(here)))
    expect(section(visitor, heading).locator("[data-save]")).to_have_attribute("data-kind", "good")
    done(visitor, section(visitor, heading))
    expect(section(visitor, heading)).to_contain_text("登录时写的。过期后写的。")


def test_a_remark_is_settled_and_a_proposal_taken_by_the_other_side(visit):
    heading = "重点任务"
    north, east = open_plan(visit, "shenyang"), open_plan(visit, "beijing", phone=True)
    part = section(east, heading)
    part.locator("[id^=said-]").click()
    part.get_by_placeholder("写下意见").fill("请写明牵头单位")
    part.get_by_role("button", name="提出意见").click()
    expect(part.locator(".dk-thread")).to_contain_text("请写明牵头单位")
    expect(part.locator("[id^=said-]")).to_contain_text("1/1")
    assert east.has_no_sideways_scroll()
    part.get_by_role("link", name="提出修改建议").click()
    text = east.page.locator(".dk-rich-text")
    text.click()
    east.page.keyboard.press("Control+End")
    east.page.keyboard.type("由双方发展改革部门牵头。")
    east.page.get_by_role("button", name="提出建议").click()
    expect(east.page.locator(".dk-thread ins")).to_contain_text("由双方发展改革部门牵头。")
    assert east.has_no_sideways_scroll()
    north.page.reload()
    theirs = section(north, heading)
    theirs.locator("[id^=said-]").click()
    theirs.get_by_role("button", name="采纳", exact=True).click()
    expect(section(north, heading).locator(".dk-part-body")).to_contain_text("由双方发展改革部门牵头。")
    north.page.reload()
    theirs.locator("[id^=said-]").click()
    theirs.get_by_role("button", name="标为解决").click()
    expect(theirs.locator(".dk-thread").filter(has_text="请写明牵头单位")).to_contain_text("已解决")
    theirs.get_by_role("link", name="修改记录").click()
    expect(north.page.locator("table")).to_contain_text("的建议")
