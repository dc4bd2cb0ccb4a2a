"""A park's unit enters a company and its figures, the office reviews, both columns stand; a stranger sees nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, Visitor

pytestmark = pytest.mark.journey
COMPANY = "旅程智能装备有限公司"
MAKE = """
from duikou.access.models import Membership
from duikou.parks.models import Park
from duikou.projects.models import ProjectParty
park = Park.objects.filter(project__pairing__code="shenyang-beijing", residents=None).first()
body = Membership.objects.filter(account__username="unit").earliest("pk").organisation
ProjectParty.objects.create(project=park.project, organisation=body, name=str(body), near_key="journey", side="first")
Park.objects.filter(pk=park.pk).update(manager=body)
print(park.pk)
"""


def _press(page: Page, name: str, *, exact: bool = False) -> None:
    """Press the button and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=exact).click()


def _enter(unit: Visitor, park: str) -> None:
    page = unit.page
    unit.go(f"{park}residents/new/")
    page.get_by_label("企业名称").fill(COMPANY)
    page.locator("[name=origin]").select_option("second")
    page.locator("[name=state]").select_option("producing")
    page.locator("[name=moved_in_on]").fill("2021-03-01")
    _press(page, "保存")
    expect(page.locator("h1")).to_have_text(COMPANY)
    page.get_by_role("link", name="填报数据").click()
    page.locator("[name=span]").fill("2024年")
    page.locator("[name=tax]").fill("200")
    page.locator("[name=jobs]").fill("80")
    _press(page, "保存")
    unit.go(f"{park}review/?span=2024")
    _press(page, "提交全部")
    assert unit.has_no_sideways_scroll()


def _split(office: Visitor, other: Visitor, park: str) -> None:
    page = office.page
    office.go(f"{park}agreements/new/")
    page.locator("[name=kind]").select_option("sharing")
    page.get_by_label("协议名称").fill("利益分享协议（旅程）")
    page.locator("[name=first_party]").fill("甲方")
    page.locator("[name=second_party]").fill("乙方")
    page.locator("[name=signed_on]").fill("2021-01-01")
    page.locator("[name=first_weight]").fill("5")
    page.locator("[name=second_weight]").fill("5")
    _press(page, "保存")
    office.go(f"{park}splits/new/")
    page.locator("[name=year]").fill("2024")
    _press(page, "保存")
    where = page.url.removeprefix(office.address)
    _press(page, "提交对方确认")
    other.go(where)
    _press(other.page, "确认", exact=True)


def test_a_company_is_entered_reviewed_and_stands_in_two_columns(site: Site, visit: Callable[..., Visitor]) -> None:
    park = f"/parks/{site.do(MAKE).strip().splitlines()[-1]}/"
    _enter(visit("unit", phone=True), park)
    office = visit("shenyang-lead")
    office.go(f"{park}review/?span=2024")
    _press(office.page, "审核通过")
    expect(office.page.locator("main")).to_contain_text("没有待提交或审核的数据")
    other = visit("beijing")
    _split(office, other, park)
    for visitor in (office, other, visit("unit", phone=True)):
        visitor.go(park)
        main = visitor.page.locator("main")
        expect(main).to_contain_text("在地统计数（官方）")
        expect(main).to_contain_text("协议分成数（双方考核用）")
        expect(main).to_contain_text("200.00")
        expect(main).to_contain_text("100.00")
        assert visitor.has_no_sideways_scroll()
    visit("two-posts").go(park, status=404)
