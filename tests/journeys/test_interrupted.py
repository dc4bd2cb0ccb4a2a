"""What interrupts a writer - a session that ended, a page too old - loses nothing of what was written."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD

pytestmark = pytest.mark.journey

NAME = "会话中断也不丢的合作项目"


def forget(visitor, cookie):
    """Lose one cookie, as time does."""
    kept = [one for one in visitor.page.context.cookies() if one["name"] != cookie]
    visitor.page.context.clear_cookies()
    visitor.page.context.add_cookies(kept)


def begin(visit):
    """Half a project written, in the form of the first kind offered."""
    visitor = visit("shenyang-lead", to="/projects/new/")
    page = visitor.page
    page.locator("main a[href*='kind=']").first.click()
    page.locator("main [name=name]").fill(NAME)
    return visitor


def submit(page):
    """Send the form half written, as a browser without checks of its own would."""
    page.evaluate("document.querySelectorAll('main form.dk-form').forEach((form) => (form.noValidate = true))")
    page.locator("main form.dk-form [type=submit]").last.click()


def test_a_session_that_ends_in_a_form_brings_the_writer_back_with_the_text(visit):
    visitor = begin(visit)
    page = visitor.page
    before = page.url
    forget(visitor, "duikou_session")
    submit(page)
    expect(page.locator("main")).to_contain_text("登录已过期")
    page.locator("input[name=login]").fill("shenyang-lead")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    expect(page).to_have_url(before)
    expect(page.locator("main [name=name]")).to_have_value(NAME)


def test_a_page_too_old_to_submit_says_so_and_opens_again_with_the_text(visit):
    visitor = begin(visit)
    page = visitor.page
    before = page.url
    forget(visitor, "csrftoken")
    visitor.expected.append("403")
    submit(page)
    expect(page.locator("h1")).to_have_text("页面已过期")
    page.get_by_role("link", name="重新打开页面").click()
    expect(page).to_have_url(before)
    expect(page.locator("main [name=name]")).to_have_value(NAME)


def test_nobody_else_who_signs_in_gets_what_another_wrote(visit):
    visitor = begin(visit)
    page = visitor.page
    forget(visitor, "duikou_session")
    submit(page)
    page.locator("input[name=login]").fill("beijing-lead")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    expect(page.locator("main [name=name]")).to_have_value("")
    assert page.evaluate("sessionStorage.getItem('duikou.written')") is None
