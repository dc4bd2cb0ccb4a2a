"""Two sides plan a meeting, hold it, sign minutes; an action item goes to the other side and is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from duikou.kernel.clock import today
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey
TITLE = "京沈对口合作工作会（旅程）"
ACTION = "建成联合实验室（旅程）"


def _sign(visitor: Visitor, minutes: str) -> None:
    visitor.go(minutes)
    visitor.page.locator("#route").get_by_role("link", name="签署").first.click()
    visitor.page.locator("form:has(textarea[name=note]) [type=submit]").first.click()


def _plan_and_hold(office: Visitor) -> str:
    page = office.page
    office.go("/meetings/new/")
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("主办方").select_option("first")
    page.locator("[name=starts_on]").fill(today().isoformat())
    page.locator("[name=starts_time]").fill("00:00")
    page.locator("[name=ends_time]").fill("00:30")
    page.get_by_label("地点").fill("沈阳市")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_have_text(TITLE)
    where = page.url.removeprefix(office.address)
    page.get_by_role("link", name="编写议程").click()
    page.locator("[name=agenda]").fill("通报进展\n商定事项")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="登记出席人员").click()
    page.locator("[name=first]").fill("王某，副市长，沈阳市政府\n5人，有关部门")
    page.locator("[name=second]").fill("李某，副主任，北京市发展改革委")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="登记已召开").click()
    return where


def _minute(office: Visitor) -> str:
    page = office.page
    page.get_by_role("button", name="起草纪要").click()
    page.locator("[name=body]").fill("双方通报了进展。\n议定事项如下。")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="增加议定事项").click()
    page.locator("[name=text]").fill(ACTION)
    page.locator("[name=owner]").select_option("second")
    page.locator("[name=due_on]").fill((today() + dt.timedelta(days=20)).isoformat())
    page.get_by_role("button", name="保存").click()
    where = page.url.removeprefix(office.address)
    page.get_by_role("button", name="送签").click()
    expect(page.locator("#route")).to_be_visible()
    return where


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_meeting_from_plan_to_closed_action(visit: Callable[..., Visitor], phone: bool) -> None:
    office = visit("shenyang", phone=phone)
    meeting = _plan_and_hold(office)
    minutes = _minute(office)
    assert office.has_no_sideways_scroll()
    for username in ("shenyang-lead", "beijing-lead"):
        _sign(visit(username, phone=phone), minutes)
    other = visit("beijing", phone=phone, to="/inbox/")
    other.page.get_by_role("link", name=ACTION).first.click()
    other.page.get_by_role("link", name="报告完成").click()
    other.page.locator("[name=report]").fill("实验室已揭牌")
    other.page.get_by_role("button", name="报告完成").click()
    office.go("/meetings/feed/")
    office.page.get_by_role("button", name="生成").first.click()
    if office.page.locator("dialog[open]").count():
        office.page.locator("dialog[open]").get_by_role("button").last.click()
    address = office.page.locator("#feed-address").input_value()
    calendar = visit()
    feed = calendar.page.request.get(address).text().replace("\r\n ", "")
    assert TITLE in feed
    assert ACTION in feed
    office.go("/inbox/")
    office.page.get_by_role("link", name=ACTION).first.click()
    office.page.get_by_role("link", name="确认办结").click()
    office.page.get_by_role("button", name="确认办结").click()
    expect(office.page.locator(".dk-state").first).to_have_text("已办结")
    assert ACTION not in calendar.page.request.get(address).text().replace("\r\n ", "")
    for where in (meeting, minutes, "/meetings/", "/meetings/actions/", "/meetings/calendar/", "/meetings/mechanisms/"):
        office.go(where)
        assert office.has_no_sideways_scroll(), where
