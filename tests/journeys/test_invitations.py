"""How people come in, change posts and leave: invited by mail, at work at once, out at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.post import letter_to, letters, link_in

pytestmark = pytest.mark.journey

ACCEPT = "/access/invitations/accept/"
GOOD = "Songhua-Jiang-88"


def people_page(visitor):
    """Open the people of one's own organisation."""
    visitor.go("/access/account/")
    visitor.page.locator("#memberships a[href*='/access/organisations/']").first.click()
    visitor.page.goto(visitor.page.url + "people/")
    return visitor.page


def invite(visitor, name, address, role, region=""):
    """Fill in the form of the people's page."""
    page = people_page(visitor)
    form = page.locator("form:has([name=email])")
    if not form.is_visible():
        page.locator("summary", has_text=re.compile("邀请人员|Invite")).click()
    form.locator("[name=display_name]").fill(name)
    form.locator("[name=email]").fill(address)
    form.locator("[name=role]").select_option(role)
    form.locator("[name=region]").fill(region)
    form.locator("[type=submit]").click()
    return page


def fill(page, username, password=GOOD, again=GOOD):
    """Choose a name and a password on the page behind the link."""
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password_again]").fill(again)
    page.get_by_role("button", name=re.compile("设置密码并加入|Set a password and join")).click()


def row_of(page, name):
    """The row of one person or invitation."""
    return page.locator("tbody tr", has_text=name)


def test_a_colleague_is_invited_sets_a_password_and_works_in_the_post_until_it_ends(visit, site):
    lead = visit("shenyang-lead")
    page = invite(lead, "赵敏", "zhaomin@example.com", "office_editor", "沈阳市")
    expect(page.locator("main")).to_contain_text("邀请已发送至zhaomin@example.com")
    link = link_in(letter_to(page, site.home, "zhaomin@example.com"), ACCEPT)
    guest = visit(phone=True)
    guest.go(link)
    guest.expected.append("400")
    fill(guest.page, "zhaomin", "12345", "12345")
    expect(guest.page.locator("main")).to_contain_text("至少10位")
    fill(guest.page, "zhaomin", again="something else")
    expect(guest.page.locator("main")).to_contain_text("两次输入的密码不同")
    assert guest.has_no_sideways_scroll()
    fill(guest.page, "zhaomin")
    expect(guest.page.locator("main")).to_contain_text("欢迎加入")
    guest.go("/access/account/")
    expect(guest.page.locator("#memberships")).to_contain_text("对口合作办经办")
    expect(guest.page.locator("#memberships")).to_contain_text("沈阳市")
    guest.go("/projects/new/")
    guest.go(link, status=409)
    expect(guest.page.locator("main")).to_contain_text("邀请已被接受")
    row_of(people_page(lead), "赵敏").filter(has_text="在岗").get_by_role("button", name="停用").click()
    lead.page.get_by_role("button", name="确定").click()
    expect(lead.page.locator("main")).to_contain_text("岗位已停用")
    guest.go("/projects/new/", status=403)
    guest.go("/access/account/")
    expect(guest.page.locator("#memberships")).to_contain_text("没有可用的岗位")


def test_a_link_that_expired_or_was_taken_back_says_so_in_the_reader_s_language(visit, site):
    lead = visit("beijing-lead")
    page = invite(lead, "钱进", "qianjin@example.com", "unit")
    link = link_in(letter_to(page, site.home, "qianjin@example.com"), ACCEPT)
    guest = visit(phone=True, locale="en-US")
    guest.go(link)
    expect(guest.page.locator("h1")).to_have_text("Accept invitation")
    assert guest.has_no_sideways_scroll()
    site.do(
        "from duikou.access.models import Invitation; from duikou.kernel.clock import now; "
        "Invitation.objects.filter(email='qianjin@example.com').update(expires_at=now())"
    )
    guest.expected.append("409")
    fill(guest.page, "qianjin")
    expect(guest.page.locator("main")).to_contain_text("expired or been revoked")
    row = row_of(people_page(lead), "钱进")
    expect(row).to_contain_text("已过期")
    row.get_by_role("button", name="重新发送").click()
    fresh = link_in(letter_to(page, site.home, "qianjin@example.com", after=1), ACCEPT)
    guest.go(link, status=404)
    expect(guest.page.locator("main")).to_contain_text("replaced by a newer one")
    guest.go(fresh)
    row_of(people_page(lead), "钱进").get_by_role("button", name="撤销").click()
    expect(lead.page.locator("main")).to_contain_text("邀请已撤销")
    guest.go(fresh, status=409)


def test_whoever_has_an_account_signs_in_and_gets_a_second_post_to_switch_to(visit, site):
    page = invite(visit("dalian-lead"), "吴雪梅", "unit@example.com", "unit", "大连市")
    link = link_in(letter_to(page, site.home, "unit@example.com", about=ACCEPT), ACCEPT)
    guest = visit(phone=True)
    guest.go(link)
    expect(guest.page.locator("main")).to_contain_text("这个邮箱已有账号")
    guest.page.get_by_role("link", name="去登录").click()
    guest.page.locator("input[name=login]").fill("unit")
    guest.page.locator("input[name=password]").fill("duikou-2017-demo")
    guest.page.locator("form:has(input[name=password]) [type=submit]").click()
    guest.page.get_by_role("button", name="接受这个岗位").click()
    expect(guest.page.locator("main")).to_contain_text("欢迎加入")
    guest.go("/access/account/")
    rows = guest.page.locator("#memberships tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="使用中")).to_contain_text("大连市")
    rows.filter(has_text="沈阳市").get_by_role("button", name="以此岗位工作").click()
    expect(guest.page.locator("#memberships tbody tr", has_text="使用中")).to_contain_text("沈阳市")


def test_a_post_that_sees_everything_waits_for_a_second_person(visit, site):
    coordinator = visit("coordinator")
    page = invite(coordinator, "孙立", "sunli@example.com", "coordinator")
    expect(page.locator("main")).to_contain_text("待第二人确认")
    expect(row_of(page, "孙立").get_by_role("button", name="确认")).to_be_disabled()
    assert letters(site.home, "sunli@example.com") == []
    operator = visit("operator", to="/inbox/")
    operator.page.get_by_role("link", name=re.compile("请第二人确认")).first.click()
    if "/inbox/" in operator.page.url:
        operator.page.locator("main a[href*='/people/']").first.click()
    row_of(operator.page, "孙立").get_by_role("button", name="确认").click()
    expect(operator.page.locator("main")).to_contain_text("已确认，邀请已发出")
    link_in(letter_to(page, site.home, "sunli@example.com"), ACCEPT)
    row_of(people_page(coordinator), "孙立").get_by_role("button", name="撤销").click()


def test_the_pages_follow_the_post_that_one_switches_to(visit):
    visitor = visit("two-posts", to="/")
    page = visitor.page
    menu = page.locator("details", has=page.get_by_title("当前岗位"))
    for post, named, status in (
        ("沈阳市工信局", "沈阳市工业和信息化局", 403),
        ("大连市对口办", "大连市发展和改革委员会", 200),
    ):
        menu.locator("summary").click()
        menu.get_by_role("button", name=re.compile(post)).click()
        expect(page.locator("main")).to_contain_text(named)
        visitor.go("/projects/new/", status=status)
