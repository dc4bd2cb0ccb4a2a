"""The coordinator sets a deadline; when it has passed, both offices and the coordinator see that it is overdue."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from duikou.kernel.clock import today

pytestmark = pytest.mark.journey

DUTY = "年度工作会商"
PAIRING = re.compile("沈阳.*北京")


def test_a_deadline_that_the_coordinator_set_and_that_passed_is_overdue_for_both_sides(visit):
    year, day = today().year, today() - dt.timedelta(days=1)
    page = (coordinator := visit("coordinator", to=f"/inbox/duties/?year={year}")).page
    row = page.locator(".dk-board tbody tr").filter(has_text=PAIRING)
    column = page.locator(".dk-board thead th").all_inner_texts()
    at = next(number for number, text in enumerate(column) if text.strip().startswith(DUTY))
    row.locator("td, th").nth(at).get_by_role("link").click()
    page.locator("input[name=due_on]").fill(day.isoformat())
    page.locator("[name=reason]").fill("按统筹会议确定")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".dk-board tbody tr").filter(has_text=PAIRING).locator("td, th").nth(at)).to_contain_text(
        "逾期未报"
    )
    for username in ("shenyang", "beijing"):
        office = visit(username, to="/", phone=username == "beijing")
        late = office.page.locator("li.dk-row").filter(has_text=DUTY).filter(has_text="逾期未报")
        expect(late.first).to_be_visible()
        assert office.has_no_sideways_scroll()
        office.go(f"/inbox/duties/?year={year}&state=overdue")
        expect(office.page.locator("table tbody tr").filter(has_text=DUTY).first).to_be_visible()
        assert office.has_no_sideways_scroll()
    coordinator.go("/")
    expect(
        coordinator.page.locator("li.dk-row").filter(has_text=DUTY).filter(has_text="逾期未报").first
    ).to_be_visible()
