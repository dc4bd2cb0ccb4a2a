"""Everybody gets in, and only where they may."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from duikou.access.services.demonstration import POSTS

pytestmark = pytest.mark.journey

PEOPLE = {post.username: post.display_name for post in POSTS}


@pytest.mark.parametrize("username", PEOPLE)
def test_every_role_signs_in_and_out_again(visit, username):
    visitor = visit(username, to="/programmes/")
    page = visitor.page
    expect(page.locator("main")).to_be_visible()
    expect(page.locator("body")).to_contain_text(PEOPLE[username])
    page.goto(f"{visitor.address}/accounts/logout/")
    page.locator("main form [type=submit]").click()
    page.goto(f"{visitor.address}/projects/")
    expect(page.locator("input[name=password]")).to_be_visible()


def test_an_operator_sees_no_business_data_outside_the_logged_mode(visit):
    visitor = visit("operator", to="/programmes/")
    visitor.go("/overview/", status=403)
    expect(visitor.page.locator("main")).to_contain_text("403")


def test_nobody_in_particular_is_asked_to_sign_in(visit):
    visitor = visit()
    visitor.page.goto(visitor.address + "/projects/")
    expect(visitor.page.locator("input[name=password]")).to_be_visible()


def test_a_wrong_address_answers_with_a_page_that_says_so(visit):
    visitor = visit()
    visitor.go("/nowhere-at-all/", status=404)
    expect(visitor.page.locator("main")).to_contain_text("404")
