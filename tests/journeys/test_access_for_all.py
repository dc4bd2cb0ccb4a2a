"""The main pages hold the rules of WCAG 2.1 AA that a machine can judge: names, labels, contrast, reach by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

AXE = Path(__file__).resolve().parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
RULES = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
PAGES = [
    "/",
    "/overview/",
    "/projects/",
    "/projects/1/",
    "/programmes/",
    "/programmes/northeast-east-2017/",
    "/programmes/northeast-east-2017/clauses/3.2.2/",
    "/programmes/northeast-east-2017/pairings/",
    "/imports/",
    "/inbox/",
    "/records/trail/",
    "/access/organisations/",
    "/access/organisations/1/",
    "/access/organisations/new/",
    "/access/organisations/1/people/",
    "/access/account/",
    "/access/admin-modes/",
    "/inbox/preferences/",
    "/accounts/2fa/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/sessions/",
]


def broken_rules(visitor, path):
    """Every rule that the page breaks, with the first place that breaks it."""
    visitor.go(path)
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = visitor.page.evaluate(RULES)["violations"]
    return [f"{path} {rule['id']} ({len(rule['nodes'])}): {rule['nodes'][0]['html'][:160]}" for rule in found]


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_main_pages_can_be_used_by_everybody(visit, phone):
    visitor = visit("coordinator", to="/overview/", phone=phone)
    assert [line for path in PAGES for line in broken_rules(visitor, path)] == []


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_the_pages_before_signing_in_can_be_used_by_everybody(visit, phone):
    visitor = visit(phone=phone)
    pages = ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/signup/"]
    assert [line for path in pages for line in broken_rules(visitor, path)] == []
