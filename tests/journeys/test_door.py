"""At the door: a second factor and its loss, a forgotten password, a lock, an outside identity, and what is behind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.post import code_of, letter_to, link_in

pytestmark = pytest.mark.journey

FRESH = "Songhua-Jiang-88"
REASON = "核对沈阳市一个项目的导入结果，工单2031"
MAKE = """
from duikou.access.models import Account, Membership
from duikou.access.services.account import address_proven
post = Membership.objects.get(account__username="member")
for name, shown in (("door-phone", "林手机"), ("door-forgetful", "健忘的人")):
    account = Account.objects.create_user(name, name + "@example.com", "duikou-2017-demo", display_name=shown)
    address_proven(account)
    Membership.objects.create(account=account, organisation=post.organisation, role="member")
"""


@pytest.fixture(scope="module", autouse=True)
def _newcomers(site):
    """Two people of a firm whom no other journey knows: what happens to them disturbs nobody."""
    site.do(MAKE)


def knock(visitor, username, password=PASSWORD):
    """Name and password, wherever they lead."""
    visitor.page.goto(f"{visitor.address}/accounts/login/")
    visitor.page.locator("input[name=login]").fill(username)
    visitor.page.locator("input[name=password]").fill(password)
    visitor.page.locator("form:has(input[name=password]) [type=submit]").click()


def enter(page, code):
    """A code, typed and sent."""
    page.locator("input[name=code]").fill(code)
    page.locator("form:has(input[name=code]) [type=submit]").first.click()


def enter_from(page, secret, *, full_width=False):
    """What the telephone shows; once more should the half minute have ended between reading and typing."""
    for _attempt in range(2):
        code = code_of(secret)
        enter(page, "".join(chr(ord(mark) + 0xFEE0) for mark in code) if full_width else code)
        page.wait_for_load_state()
        if page.locator("input[name=code]").count() == 0:
            break


def confirm_password(page):
    """What sensitive steps ask for first."""
    expect(page).to_have_url(re.compile("/accounts/reauthenticate/"))
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form [type=submit]").first.click()


def codes_on(page):
    """The recovery codes that the page shows."""
    expect(page.locator(".dk-codes code")).to_have_count(10)
    return [text.strip() for text in page.locator(".dk-codes code").all_inner_texts()]


def test_a_second_factor_from_setting_up_to_losing_it(visit, site):
    first = visit("door-phone", to="/accounts/2fa/")
    page = first.page
    page.locator("main a[href*='totp/activate']").click()
    confirm_password(page)
    secret = page.locator("[data-secret]").inner_text().replace(" ", "")
    enter(page, "１２３")
    expect(page.locator("main")).to_contain_text("验证码不正确")
    enter_from(page, secret, full_width=True)
    codes = codes_on(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    assert set(codes) <= set(Path(download.value.path()).read_text().split())

    phone = visit(phone=True, locale="en-US")
    knock(phone, "door-phone")
    expect(phone.page.locator("main")).to_contain_text("No phone at hand?")
    assert phone.has_no_sideways_scroll()
    enter(phone.page, "000")
    expect(phone.page.locator("main")).to_contain_text("Incorrect code")
    enter_from(phone.page, secret)
    expect(phone.page).to_have_url(phone.address + "/")
    phone.go("/accounts/2fa/")
    assert phone.has_no_sideways_scroll()

    second = visit()
    knock(second, "door-phone")
    enter(second.page, codes[0])
    expect(second.page).to_have_url(second.address + "/")
    third = visit(phone=True)
    knock(third, "door-phone")
    enter(third.page, codes[0])
    expect(third.page.locator("main")).to_contain_text("验证码不正确")
    first.go("/accounts/2fa/recovery-codes/generate/")
    page.locator("main form [type=submit]").first.click()
    renewed = codes_on(page)
    assert not set(codes) & set(renewed)
    enter(third.page, codes[1])
    expect(third.page.locator("main")).to_contain_text("验证码不正确")

    operator = visit("operator", to="/access/organisations/?q=北大仓")
    operator.page.locator("tbody a").first.click()
    operator.page.goto(operator.page.url + "people/")
    operator.page.locator("tbody tr", has_text="林手机").get_by_role("link", name="修改").click()
    operator.page.locator("[name=reason]").fill("手机丢失，已电话核实本人")
    operator.page.get_by_role("button", name="重置双因素认证").click()
    expect(operator.page.locator("main")).to_contain_text("已重置，并已通知本人")
    expect(operator.page.locator("#second-factor")).to_contain_text("没有启用")
    knock(third, "door-phone")
    expect(third.page).to_have_url(third.address + "/")
    told = letter_to(page, site.home, "door-phone@example.com", about="/inbox/preferences/")

    nobody = visit(phone=True)
    nobody.go(link_in(told, "/inbox/preferences/"))
    assert nobody.has_no_sideways_scroll()
    expect(nobody.page.locator("[name='mail-flow.account']")).to_be_disabled()
    nobody.page.locator("[name='mail-flow.moved']").select_option("off")
    nobody.page.locator("main form [type=submit]").last.click()
    expect(nobody.page.locator("main")).to_contain_text("通知偏好已保存")
    expect(nobody.page.locator("[name='mail-flow.moved']")).to_have_value("off")
    nobody.page.goto(nobody.address + "/inbox/")
    expect(nobody.page.locator("input[name=password]")).to_be_visible()


def test_who_forgets_is_locked_for_a_while_and_comes_back_by_mail_others_here_are_not(visit, site):
    visitor = visit(phone=True)
    visitor.expected.append("429")
    for _attempt in range(5):
        knock(visitor, "door-forgetful", "not-my-password")
    main = visitor.page.locator("main")
    expect(main).to_contain_text("15分钟")
    assert visitor.has_no_sideways_scroll()
    neighbour = visit("auditor", to="/records/trail/")
    expect(neighbour.page.locator("main")).to_contain_text("多次登录失败，暂时锁定")
    visitor.page.get_by_role("link", name="重置密码").click()
    visitor.page.locator("input[name=email]").fill("door-forgetful@example.com")
    visitor.page.locator("main form [type=submit]").first.click()
    expect(main).to_contain_text("邮件已发出")
    link = link_in(
        letter_to(visitor.page, site.home, "door-forgetful@example.com", about="/reset/key/"),
        "/accounts/password/reset/key/",
    )
    visitor.go(link)
    for password in ("12345", FRESH):
        visitor.page.locator("input[name=password1]").fill(password)
        visitor.page.locator("input[name=password2]").fill(password)
        visitor.page.locator("main form [type=submit]").first.click()
    expect(visitor.page.locator("h1")).to_have_text("密码已修改")
    visitor.go(link)
    expect(visitor.page.locator("h1")).to_have_text("链接无效")
    knock(visitor, "door-forgetful", FRESH)
    expect(visitor.page).to_have_url(visitor.address + "/")


def test_a_new_address_counts_only_after_its_owner_followed_the_link(visit, site):
    visitor = visit("guangzhou-member", to="/accounts/email/")
    page = visitor.page
    page.locator("input[type=email]").fill("huang@example.com")
    page.locator("[name=action_add]").click()
    confirm_password(page)
    expect(page.locator("main")).to_contain_text("huang@example.com")
    visitor.go("/access/account/")
    expect(page.locator("main")).to_contain_text("guangzhou-member@example.com")
    visitor.go(
        link_in(letter_to(page, site.home, "huang@example.com", about="/confirm-email/"), "/accounts/confirm-email/")
    )
    page.locator("main form [type=submit]").first.click()
    visitor.go("/access/account/")
    expect(page.locator("main")).to_contain_text("huang@example.com")


def test_an_outside_identity_signs_in_who_has_an_account_and_nobody_else(visit):
    def ask(visitor, person, answer="Yes"):
        visitor.page.goto(f"{visitor.address}/accounts/login/")
        visitor.page.get_by_role("link", name="统一身份认证").click()
        visitor.page.locator("main form [type=submit]").first.click()
        visitor.page.get_by_label("person").fill(person)
        visitor.page.get_by_role("button", name=answer).click()

    visitor = visit(phone=True)
    ask(visitor, "cadre", "No")
    expect(visitor.page.locator("h1")).to_have_text("已取消登录")
    assert visitor.has_no_sideways_scroll()
    visitor.expected += ["403", "401"]
    ask(visitor, "stranger")
    expect(visitor.page.locator("h1")).to_have_text("还没有关联的账号")
    assert visitor.has_no_sideways_scroll()
    visitor.go("/accounts/oidc/oidc/login/callback/?code=made-up&state=made-up", status=401)
    expect(visitor.page.locator("h1")).to_have_text("统一身份登录未成功")
    ask(visitor, "cadre")
    expect(visitor.page).to_have_url(visitor.address + "/")
    visitor.go("/access/account/")
    expect(visitor.page.locator("main [name=display_name]")).to_have_value("郑文博")


def test_a_contact_is_masked_until_somebody_with_the_right_reads_it_which_is_noted(visit):
    member = visit("member", to="/access/account/")
    page = member.page
    page.locator("#memberships a[href*='/access/organisations/']").first.click()
    address = page.url.removeprefix(member.address)
    page.locator("#contacts summary").last.click()
    form = page.locator("form:has([name=phone])")
    form.locator("[name=name]").fill("欧阳建国")
    form.locator("[name=phone]").fill("13812345678")
    form.locator("[type=submit]").click()
    expect(page.locator("#contacts")).to_contain_text("138******78")
    assert "13812345678" not in page.content()
    ministry = visit("ministry", to=address, phone=True)
    expect(ministry.page.locator("#contacts").get_by_role("button", name="查看全文")).to_be_disabled()
    expect(ministry.page.locator("#contacts")).to_contain_text("联系人信息仅供")
    assert ministry.has_no_sideways_scroll()
    auditor = visit("auditor", to=address)
    auditor.page.locator("#contacts").get_by_role("button", name="查看全文").click()
    expect(auditor.page.locator("#contacts")).to_contain_text("13812345678")
    member.go(address)
    page.locator("#contacts summary", has_text="查看全文").click()
    expect(page.locator("#contacts")).to_contain_text("冯正清")


def test_an_operator_looks_for_a_reason_for_a_while_and_all_of_it_is_known(visit, site):
    operator = visit("operator", to="/access/admin-modes/", phone=True)
    page = operator.page
    operator.go("/overview/", status=403)
    operator.go("/access/admin-modes/")
    operator.expected.append("400")
    for reason in ("看看", REASON):
        page.locator("[name=reason]").fill(reason)
        page.locator("form:has([name=reason]) [type=submit]").click()
    for path in ("/overview/", "/projects/", "/programmes/", "/access/account/"):
        operator.go(path)
        expect(page.locator(".dk-strip-admin")).to_contain_text(REASON)
        assert operator.has_no_sideways_scroll()
    site.do(
        "from duikou.access.models import AdminMode; from duikou.kernel.clock import now; import datetime as dt; "
        "AdminMode.objects.filter(ended_at=None).update(expires_at=now())"
    )
    operator.go("/overview/", status=403)
    expect(page.locator(".dk-strip-admin")).to_have_count(0)
    auditor = visit("auditor", to="/access/admin-modes/")
    auditor.page.locator("tbody tr", has_text=REASON).first.get_by_role("link").first.click()
    expect(auditor.page.locator("main")).to_contain_text("/overview/")


def test_signing_in_switching_posts_and_menus_need_no_mouse(visit):
    visitor = visit()
    page = visitor.page
    page.goto(visitor.address + "/accounts/login/")
    page.keyboard.press("Tab")
    expect(page.locator(".dk-skip")).to_be_focused()
    page.locator("input[name=login]").focus()
    page.keyboard.type("two-posts")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(visitor.address + "/")
    switcher = page.get_by_title("当前岗位")
    for _there_and_back in range(2):
        before = switcher.inner_text()
        switcher.focus()
        page.keyboard.press("Enter")
        other = page.locator("details[open] form[action*='/memberships/pick/'] button:not([aria-current])")
        expect(other).to_be_visible()
        for _step in range(6):
            page.keyboard.press("Tab")
            if other.evaluate("node => node === document.activeElement"):
                break
        page.keyboard.press("Enter")
        expect(switcher).not_to_have_text(before)
    switcher.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("details[open] form[action*='/memberships/pick/']")).to_have_count(0)
    expect(switcher).to_be_focused()
