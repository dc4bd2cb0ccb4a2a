"""Twenty people write one draft at once, ten a side, against a real server: is a word lost, does anybody get a 5xx?

    python -m bench.writing [--rounds 6] [--log serve.log]
    python -m tests.postgres -- python -m bench.writing

Scripted clients do what the editor's script does: open a section, write a word of their own into it, save with the
revision they saw; a refused save goes through the merge page. Every third round is an entry, every round asks who is
here. Fails on any 5xx, on a word that stands nowhere, and on a word of a saved section that the final text lacks
(nobody deletes anything here, so whatever was saved must still be there).
"""

from __future__ import annotations

import argparse
import html
import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.postgres import free_port

SIDES = (("210100", "沈阳市发展和改革委员会对口合作办公室"), ("110000", "北京市发展和改革委员会对口合作处"))
PEOPLE = 10
CROWDED = 3
"""So many sections and entries for twenty people: they meet."""


class Fields(HTMLParser):
    """What a page's form holds: hidden fields, chosen options, checked boxes, texts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self.area = self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.found[name] = given.get("value", "on" if given.get("type") in {"radio", "checkbox"} else "")
        elif tag == "textarea":
            self.area = name
            self.found[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.found[self.select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.found[self.area] = self.found[self.area].removeprefix("\n")
            self.area = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] += data


@dataclass
class Writer:
    """One person's browser, by script."""

    number: int
    cookie: str
    port: int
    version: int
    places: dict[str, list[str]]
    rounds: int
    sent: dict[str, list[str]] = field(default_factory=lambda: {"section": [], "entry": []})
    saved: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    since: int = 0

    def run(self, start: threading.Barrier) -> None:
        """All rounds; what breaks is told at the end."""
        self.dice = random.Random(self.number)
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.token = ""
        start.wait()
        try:
            for turn in range(self.rounds):
                self.here()
                if turn % 3 == 2:
                    self.entry(f"甲{self.number}乙{turn}丙")
                else:
                    self.section(f"字{self.number}词{turn}句")
        except (OSError, http.client.HTTPException, KeyError) as broken:
            self.trouble.append(f"writer {self.number}: {broken!r}")

    def ask(
        self, method: str, path: str, data: dict[str, str] | None = None, *, script: bool = True
    ) -> tuple[int, str]:
        """One request; its status and text."""
        headers = {"Cookie": f"{self.cookie}; csrftoken={self.token}", "X-CSRFToken": self.token}
        headers["Accept"] = "application/json" if script and data is not None else "text/html"
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.line.request(method, path, urlencode(data) if data is not None else None, headers)
        answer = self.line.getresponse()
        text = answer.read().decode()
        self.times.append(time.perf_counter() - begun)
        self.answers[answer.status] += 1
        if token := Fields(text).found.get("csrfmiddlewaretoken") if method == "GET" else None:
            self.token = self.token or token[:64]
        for name, value in answer.getheaders():
            if name == "Set-Cookie" and value.startswith("csrftoken="):
                self.token = value.split("=", 1)[1].split(";")[0]
        if answer.status >= 500:
            self.trouble.append(f"{method} {path}: {answer.status}")
        return answer.status, text

    def here(self) -> None:
        """Who is here, what changed."""
        if self.token:
            self.ask("POST", f"/plans/draft/{self.version}/presence/", {"since": str(self.since), "editing": "0"})

    def section(self, word: str) -> None:
        """Write a word into a section: into a paragraph, or as a new one."""
        place = f"/plans/draft/{self.version}/sections/{self.dice.choice(self.places['section'])}/"
        _status, page = self.ask("GET", f"{place}?in-place=1")
        given = Fields(page).found
        parts = given["body"].split("\n") if given["body"] else []
        at = self.dice.randrange(len(parts) + 1)
        if parts and at < len(parts) and self.dice.random() < 0.6:
            parts[at] += word
        else:
            parts.insert(at, word)
        given["body"] = "\n".join(parts)
        time.sleep(self.dice.random() * 0.2)  # somebody writes
        status, answer = self.ask("POST", place, given)
        self.sent["section"].append(word)
        if status == 200:
            self.saved.append(word)
        elif status == 409:
            self.merge(json_value(answer, "merge"), word)

    def merge(self, where: str, word: str) -> None:
        """Take what the merge page offers, as often as one is overtaken."""
        for _try in range(30):
            _status, page = self.ask("GET", where)
            given = {name: value for name, value in Fields(page).found.items() if not name.startswith("text-")}
            status, answer = self.ask("POST", where, given, script=False)
            if status == 302:
                self.saved.append(word)
                return
            if status != 409:
                self.trouble.append(f"merge answered {status}")
                return
            where = answer.split('class="dk-merge"')[0].rsplit('action="', 1)[1].split('"')[0]
        self.trouble.append("thirty merges in a row were overtaken")

    def entry(self, word: str) -> None:
        """Write a word into what an entry says, and again when somebody was faster."""
        place = f"/plans/draft/{self.version}/entries/{self.dice.choice(self.places['entry'])}/"
        for _try in range(3):
            _status, page = self.ask("GET", place)
            given = Fields(page).found
            given["measure"] = f"{given['measure']}{word}"
            status, answer = self.ask("POST", place, given)
            if status in {200, 409}:
                self.sent["entry"].append(word)
            if status == 200:
                return
            if status != 409:
                self.trouble.append(f"entry answered {status}: {answer[:300]}")


def json_value(text: str, name: str) -> str:
    """One value of a JSON answer."""
    import json

    return str(json.loads(text)[name])


def main() -> int:
    """Set up, let them write, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--log", type=Path, help="keep what the server says here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duikou-bench-") as home:
        os.environ["DUIKOU_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        subprocess.run([sys.executable, "-m", "config", "prepare"], check=True, stderr=subprocess.DEVNULL)
        import django

        django.setup()
        return _run(options.rounds, options.log or Path(home, "serve.log"))


def _run(rounds: int, said: Path) -> int:
    from django.db import connection

    version, places = _draft()
    cookies = [_signed_in(side, number) for side in range(len(SIDES)) for number in range(PEOPLE)]
    connection.close()
    port = free_port()
    with said.open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "config", "serve", "--port", str(port)], stdout=log, stderr=log
        )
    try:
        _wait(port, server)
        writers = [Writer(n, cookie, port, version, places, rounds) for n, cookie in enumerate(cookies)]
        start = threading.Barrier(len(writers))
        threads = [threading.Thread(target=one.run, args=(start,)) for one in writers]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        held = _judge(version, writers, time.perf_counter() - begun)
        for line in [one for one in said.read_text().splitlines() if '"level": "error"' in one][:2]:
            print("!", line[:300], "…", line[-1200:])
        return held
    finally:
        server.terminate()
        server.wait(30)


def _draft() -> tuple[int, dict[str, list[str]]]:
    """A draft of 沈阳 and 北京 with a few crowded sections and entries."""
    import datetime as dt

    from duikou.kernel.actor import Actor
    from duikou.plans.services.entries import EntryDraft, entry_add
    from duikou.plans.services.plans import PlanDraft, plan_create
    from duikou.programme.models import Pairing

    actor = Actor.command("bench")
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    day = dt.date(2030, 1, 1)
    version = plan_create(actor=actor, draft=PlanDraft(pairing, "phase", "二十人同写", day, day.replace(month=12)))
    entries = [entry_add(actor=actor, version_id=version.pk, draft=EntryDraft(f"事项{n}")) for n in range(CROWDED)]
    sections = version.sections.order_by("order")[:CROWDED]
    return version.pk, {"section": [str(one.uid) for one in sections], "entry": [str(one.uid) for one in entries]}


def _signed_in(side: int, number: int) -> str:
    """The session of a new editor of one side."""
    from django.test import Client

    from duikou.access.models import Account, Membership

    model = Membership.objects.filter(role="office_editor", region__adcode=SIDES[side][0]).order_by("id")[0]
    account = Account.objects.create_user(username=f"bench-{side}-{number}", password=None)
    post = Membership.objects.create(
        account=account, organisation=model.organisation, role=model.role, region=model.region
    )
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["membership_id"] = post.pk
    session.save()
    return f"duikou_session={client.cookies['duikou_session'].value}"


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _try in range(300):
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/health/")
            if line.getresponse().status == 200:
                return
        except OSError:
            pass
        if server.poll() is not None:
            break
        time.sleep(0.2)
    raise SystemExit("the server did not start")


def _judge(version: int, writers: list[Writer], seconds: float) -> int:
    from django.db import connection

    from duikou.plans.models import PlanSection, RefusedText, Revision

    every = [*Revision.objects.filter(version=version).values_list("content", flat=True)]
    every += RefusedText.objects.filter(version=version).values_list("content", flat=True)
    anywhere = "\n".join(_words(content) for content in every if content)
    final = "\n".join(PlanSection.objects.filter(version=version).values_list("body", flat=True))
    sent = {word for one in writers for words in one.sent.values() for word in words}
    lost = sorted(word for word in sent if word not in anywhere)
    gone = sorted(word for one in writers for word in one.saved if word not in final)
    answers: Counter[int] = sum((one.answers for one in writers), Counter())
    times = sorted(spent for one in writers for spent in one.times)
    trouble = [text for one in writers for text in one.trouble]
    print(
        f"{connection.vendor}: {len(writers)} writers, {len(times)} requests in {seconds:.0f} s, "
        f"median {statistics.median(times) * 1000:.0f} ms, 95th {times[int(len(times) * 0.95)] * 1000:.0f} ms"
    )
    print(f"answers: {', '.join(f'{status} × {count}' for status, count in sorted(answers.items()))}")
    print(f"words sent {len(sent)}, in no text anywhere {len(lost)}; saved ones that the final text lacks {len(gone)}")
    for text in (trouble + lost + gone)[:10]:
        print("!", text)
    refused = answers[409]
    print(f"refused as stale {refused}; errors of the server {sum(n for code, n in answers.items() if code >= 500)}")
    return 0 if not lost and not gone and not trouble and refused else 1


def _words(content: dict[str, Any]) -> str:
    return html.unescape(" ".join(str(value) for value in content.values()))


if __name__ == "__main__":
    sys.exit(main())
