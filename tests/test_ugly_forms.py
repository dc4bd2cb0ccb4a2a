"""Every form of the house, filled with the ugliest inputs: a clear answer, never a broken page, never a script."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.urls import reverse

from tests import arguments
from tests.addresses import walk

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(2017)</script>"
UGLY = {
    "nothing": "",
    "nul": "甲\x00乙",
    "control": "\x07\x1b[31m",
    "right-to-left": "\u202e甲乙\u2066丙",
    "emoji": "👩‍👩‍👧‍👦" * 40,
    "script": f"\"'>{SCRIPT}{{{{ 1 }}}}",
    "no such day": "2017-02-30",
    "far day": "9999-12-31",
    "early day": "0001-01-01",
    "negative": "-1",
    "huge": "9" * 40,
    "boundless": "1e999",
    "not a number": "NaN",
    "long": "长" * 120_000,
    "half a character": "\ufffd\ufffe",
    "path": "../../../etc/passwd",
}
ALONE = ("nothing", "nul", "emoji", "script", "far day", "huge")
"""What a field is filled with while the others hold what the page gave them: one on each database, others in the next
field."""
FEW = ("nothing", "nul", "script", "huge", "long", "half a character")
"""What fills all fields at once on SQLite."""
JARGON = re.compile("这个字段|必填项|(?<!行之)有效的|该变量|Traceback|DoesNotExist|must be")
LEFT_ALONE = re.compile(r"/accounts/|/language/|/logout")
"""The sign-in machinery has ugly tests of its own, and signing out would end the visit."""


class Forms(HTMLParser):
    """The forms of a page: method, address, fields with what they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, dict[str, str], set[str]]] = []
        self._inside = False

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = True
            self.found.append((given.get("method", "get").lower(), given.get("action", ""), {}, set()))
        elif self._inside and tag in {"input", "select", "textarea", "button"} and given.get("name"):
            if given.get("type") == "file":
                return
            self.found[-1][2].setdefault(given["name"], given.get("value", ""))
            if tag != "button" and given.get("type") not in {"hidden", "submit"}:
                self.found[-1][3].add(given["name"])

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "form"


def _pages(client, known):
    """Every page that answers, with its address."""
    for address in walk():
        if address.name.startswith("(") or LEFT_ALONE.search(address.route):
            continue
        kwargs = arguments.of(address, known) if address.parameters else None
        url = reverse(address.name, kwargs=kwargs)
        with transaction.atomic():
            answer = client.get(url)
            transaction.set_rollback(True)
        if answer.status_code == 200 and not answer.streaming and "text/html" in answer["Content-Type"]:
            yield url, answer.content.decode()


def _forms(client, known, seen):
    """Every form that is not yet in `seen`, once, whichever page shows it."""
    for url, page in _pages(client, known):
        parser = Forms()
        parser.feed(page)
        for method, action, held, open_to in parser.found:
            target = urljoin(url, action or url).partition("?")[0]
            key = (method, re.sub(r"\d+", "N", target), tuple(sorted(held)))
            if open_to and key not in seen and not LEFT_ALONE.search(target):
                seen.add(key)
                yield method, target, held, open_to


def _answer(client, method, target, data):
    with transaction.atomic():
        answer = client.post(target, data) if method == "post" else client.get(f"{target}?{urlencode(data)}")
        body = b"" if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer.status_code, body.decode(errors="replace")


def _rounds(method, open_to):
    """All fields at once with each ugliness; then each field alone, the others as the page holds them.

    SQLite minds less what is put into it: it gets few at once, and of the two that a field gets alone the other one.
    """
    sqlite = connection.vendor == "sqlite"
    for name in FEW if sqlite else UGLY:
        if method == "post" or len(UGLY[name]) <= 1000:
            yield open_to, name
    for at, field in enumerate(sorted(open_to)[:12] if len(open_to) > 1 else ()):
        yield {field}, ALONE[(at + 3 * sqlite) % len(ALONE)]


def test_every_form_answers_every_ugliness(request, client_for):
    """A form is tried by the first person who finds it."""
    people = {name: request.getfixturevalue(name) for name in arguments.PEOPLE}
    known, seen, wrong, asked = arguments.made(people), set(), [], 0
    for person in ("shenyang_lead", "coordinator", "unit", "operator"):
        client = client_for(people[person])
        client.raise_request_exception = False
        for method, target, held, open_to in list(_forms(client, known, seen)):
            for fields, name in _rounds(method, open_to):
                cache.clear()
                asked += 1
                status, body = _answer(client, method, target, {**held, **dict.fromkeys(fields, UGLY[name])})
                said = JARGON.search(body) if status in (200, 400) else None
                if status >= 500 or SCRIPT in body or said:
                    wrong.append(f"{person} {method} {target} {sorted(fields)} ({name}): {status} {said and said[0]}")
    assert asked > 200
    assert wrong == []
