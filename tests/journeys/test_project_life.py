"""One project through its whole life: both sides, a contested figure, gates, a report, an alarm, a blocker, the end."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from duikou.kernel.clock import today
from tests.journeys.conftest import Site, Visitor
from tests.journeys.test_projects_by_two import save

pytestmark = pytest.mark.journey
NAME = "旅程全程的装备检测基地"
UNIT = """
from duikou.access.models import Membership
print(Membership.objects.filter(account__username="unit").earliest("pk").organisation.name)
"""
JUDGE = """
from duikou.progress.services.alarms_judge import alarms_judge
alarms_judge()
"""


def _day(back: int) -> str:
    return (today() - dt.timedelta(days=back)).isoformat()


def _last_month() -> int:
    last = today().replace(day=1) - dt.timedelta(days=1)
    return last.year * 100 + last.month


def _register(office: Visitor, unit: str) -> str:
    office.go("/projects/new/?kind=investment_equipment")
    page = office.page
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=pairing]").select_option("shenyang-beijing")
    page.locator("[name=state]").select_option("negotiating")
    page.locator("[name=planned_start]").fill(_day(380))
    page.locator("[name=planned_finish]").fill(_day(60))
    page.locator("[name=planned_amount]").fill("10000")
    page.locator("[name=signed_amount]").fill("8000")
    page.locator("[name=parties]").fill(f"{unit} | 甲 | 牵头\n北京装备检测合作公司 | 乙")
    save(page)
    expect(page.locator("h1")).to_have_text(NAME)
    return page.url.removeprefix(office.address)


def _agree_on_the_signed_amount(office: Visitor, other: Visitor, place: str) -> None:
    """The other side says another figure, with its reason; ours takes it, and nothing is left open."""
    other.go(place)
    other.page.locator("#contest summary").click()
    form = other.page.locator("#contest form")
    form.locator("[name=figure]").select_option("signed_amount")
    form.locator("[name=value]").fill("7500")
    form.locator("[name=reason]").fill("补充协议调减500万元")
    form.locator("[type=submit]").click()
    expect(other.page.locator("#differences")).to_contain_text(re.compile(r"7,500(\.00)?万元"))
    assert other.has_no_sideways_scroll()
    office.go(place)
    office.page.locator("#differences").get_by_role("button", name="采用提出值").click()
    expect(office.page.locator("#differences")).to_have_count(0)
    expect(office.page.locator("main")).to_contain_text(re.compile(r"7,500(\.00)?万元"))


def _bring(page: Page, name: str) -> None:
    page.locator("#evidence-file").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": f"{name}（旅程）".encode()}
    )
    page.locator("#evidence form").get_by_role("button", name="上传").click()
    expect(page.locator("#evidence a", has_text=name)).to_be_visible()


def _step(office: Visitor, place: str, name: str, back: int) -> None:
    office.go(place)
    office.page.get_by_role("link", name=name, exact=True).click()
    office.page.locator("[name=state_as_of]").fill(_day(back))
    office.page.locator("main form.dk-form [type=submit]").click()


def _report(unit: Visitor, office: Visitor, project_id: str) -> None:
    """From the phone to the office's desk; the accepted total is what the project has completed."""
    unit.go(f"/progress/projects/{project_id}/{_last_month()}/")
    page = unit.page
    page.get_by_label("已开工").check()
    page.locator("[name=started_on]").fill(_day(360))
    page.locator("[name=invested_month]").fill("500")
    page.locator("[name=invested_year]").fill("3000")
    page.locator("[name=invested_total]").fill("6000")
    page.locator("[name=physical]").fill("主体完工，设备安装")
    assert unit.has_no_sideways_scroll()
    page.locator("button[name=do][value=send]").click()
    expect(page.locator(".dk-state").first).to_have_text("待审核")
    office.go("/progress/review/")
    row = office.page.locator("tr", has_text=NAME)
    row.locator("[name=chosen]").check()
    office.page.get_by_role("button", name="通过所选").click()
    office.go(f"/projects/{project_id}/")
    expect(office.page.locator("main")).to_contain_text(re.compile(r"6,000(\.00)?万元"))


def _answer_the_alarm(unit: Visitor, place: str) -> str:
    unit.go(place)
    page = unit.page
    page.locator("#alarms a", has_text="超期未完工").click()
    page.get_by_role("link", name="签收", exact=True).click()
    page.locator("main form.dk-form [type=submit]").click()
    page.get_by_role("link", name="说明原因和措施").click()
    page.locator("[name=explanation]").fill("设备到货推迟")
    page.locator("[name=measure]").fill("改由两家供货，本月安装完毕")
    page.locator("[name=promised_on]").fill((today() + dt.timedelta(days=20)).isoformat())
    page.locator("main form.dk-form [type=submit]").click()
    expect(page.locator("main")).to_contain_text("设备到货推迟")
    assert unit.has_no_sideways_scroll()
    return page.url.removeprefix(unit.address)


def _clear_the_way(unit: Visitor, lead: Visitor, place: str) -> None:
    """A blocker from the phone, with an owner at once; solved when the unit says so."""
    title = "检测基地供电未接通（旅程）"
    unit.go(place)
    page = unit.page
    page.get_by_role("link", name="提出诉求").click()
    page.get_by_label("用能").check()
    page.get_by_label("需要解决什么").fill(title)
    page.get_by_label("沈阳市").check()
    page.get_by_role("button", name="提出诉求").click()
    expect(page.locator("h1")).to_have_text(title)
    address = page.url.removeprefix(unit.address)
    lead.go(address)
    for name, words in (("受理", "已找供电公司"), ("提出解决方案", "已接通")):
        lead.page.get_by_role("link", name=name, exact=True).click()
        lead.page.locator("[name=text]").fill(words)
        lead.page.locator("main form.dk-form [type=submit]").click()
    unit.go(address)
    page.get_by_role("link", name="同意，已解决", exact=True).click()
    page.locator("main form.dk-form [type=submit]").click()
    expect(page.locator(".dk-state").first).to_have_text("已解决")


def test_a_project_from_talks_to_its_end(site: Site, visit: Callable[..., Visitor]) -> None:
    office, other, unit = visit("shenyang"), visit("beijing"), visit("unit", phone=True)
    name = site.do(UNIT).strip().splitlines()[-1]
    place = _register(office, name)
    project_id = place.strip("/").split("/")[-1]
    unit.go(place, status=404)
    _agree_on_the_signed_amount(office, other, place)

    office.page.get_by_role("button", name=f"关联“{name}”").click()
    unit.go(place)
    office.go(place)
    expect(office.page.locator("#gates")).to_contain_text("合作协议")
    office.go(f"{place}step/sign/")
    expect(office.page.locator("main")).to_contain_text("这一步之前还要补齐")
    for file, step, back in (("合作协议.txt", "签约", 370), ("用地批复.txt", "开工", 360)):
        office.go(place)
        _bring(office.page, file)
        _step(office, place, step, back)
        expect(office.page.locator("h1")).to_have_text(NAME)
    expect(office.page.locator("main")).to_contain_text("已开工")

    site.do(JUDGE)
    alarm = _answer_the_alarm(unit, place)
    _report(unit, office, project_id)
    lead = visit("shenyang-lead")
    _clear_the_way(unit, lead, place)

    office.go(place)
    _bring(office.page, "竣工验收报告.txt")
    _step(office, place, "投产", 3)
    _step(office, place, "办结", 1)
    expect(office.page.locator("main")).to_contain_text("已办结")
    site.do(JUDGE)
    lead.go(alarm)
    lead.page.get_by_role("link", name="销号", exact=True).click()
    note = lead.page.locator("main form.dk-form textarea")
    if note.count():
        note.first.fill("已投产")
    lead.page.locator("main form.dk-form [type=submit]").click()
    expect(lead.page.locator("main")).to_contain_text("已销号")
    other.go(place)
    for back in (370, 360, 3, 1):
        expect(other.page.locator("main")).to_contain_text(re.compile(_day(back)))
    expect(other.page.locator("main")).to_contain_text(re.compile(r"7,500(\.00)?万元"))
