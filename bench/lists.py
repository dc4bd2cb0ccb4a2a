"""Lists of plans, meetings, action items, duties and the inbox over 10³ and 10⁴ rows: as many queries, short pages.

`python -m bench.lists`. Rows go straight into the tables (no trail: they are nobody's work). Fails when a page takes
other queries at another size, longer than `LONGEST` seconds or more than `LARGEST` bytes (but for exports), or when a
deep page of a list takes more than 1.5× the first.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

SIZES = (1_000, 10_000)
ROUNDS = 5
LONGEST = 1.5
LARGEST = 600_000
DEEPER = 1.5
SLACK = 0.01
"""Seconds that a deep page may take more in any case: what one machine does to two equal pages."""
PAGES = {
    "plans": ("coordinator", "/plans/"),
    "plans, filtered": ("shenyang", "/plans/?kind=special&state=in_force&q=5&sort=title"),
    "plans, export": ("coordinator", "/plans/export/"),
    "meetings": ("coordinator", "/meetings/"),
    "meetings, filtered": ("shenyang", "/meetings/?kind=work&state=planned&sort=-when"),
    "meetings, export": ("coordinator", "/meetings/export/"),
    "action items": ("coordinator", "/meetings/actions/"),
    "action items, export": ("coordinator", "/meetings/actions/export/"),
    "calendar": ("coordinator", "/meetings/calendar/"),
    "calendar, list": ("shenyang", "/meetings/calendar/?view=list"),
    "duties": ("coordinator", "/inbox/duties/"),
    "duties, export": ("coordinator", "/inbox/duties/export/"),
    "inbox": ("shenyang", "/inbox/"),
    "notices": ("shenyang", "/inbox/?tab=notices"),
    "workbench": ("shenyang", "/"),
}
SEALED = "0" * 64
DEEP = ("plans", "meetings", "action items", "inbox")


def main() -> int:
    """Fill, open and judge at each size."""
    with tempfile.TemporaryDirectory(prefix="duikou-bench-") as home:
        os.environ["DUIKOU_HOME"] = home
        os.environ.setdefault("DUIKOU_LOG_LEVEL", "WARNING")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from bench.generate import load_programme
        from duikou.access.services.demonstration import demonstration_seed
        from duikou.flow.services.obligations import obligations_plan
        from duikou.kernel.actor import Actor
        from duikou.kernel.clock import today
        from duikou.programme.selectors import programme_current

        call_command("migrate", verbosity=0)
        load_programme()
        demonstration_seed(actor=Actor.command("bench"))
        for year in (today().year - 1, today().year):
            obligations_plan(actor=Actor.command("bench"), programme=programme_current(), year=year)
        found, missed, done = [], [], 0
        for size in SIZES:
            _fill(range(done, size))
            done = size
            found.append({name: _measure(who, path) for name, (who, path) in PAGES.items()})
            missed += [f"{name}: a deep page at {size} rows" for name in DEEP if not _is_deep_fast(*PAGES[name])]
        print(f"{'':22}{'queries':>14}{'median ms':>16}{'KB':>14}")
        for name in PAGES:
            few, many = found[0][name], found[1][name]
            print(
                f"{name:22}{few['queries']:6d} {many['queries']:6d}{few['seconds'] * 1000:9.0f} "
                f"{many['seconds'] * 1000:6.0f}{few['size'] // 1024:8d} {many['size'] // 1024:5d}"
            )
            missed += _judged(name, few, many)
        for line in missed:
            print(f"MISSED {line}")
    return 1 if missed else 0


def _judged(name: str, few: dict[str, Any], many: dict[str, Any]) -> Iterator[str]:
    if few["queries"] != many["queries"]:
        yield f"{name}: {few['queries']} queries, then {many['queries']}"
    if "export" in name:
        return
    if many["seconds"] > LONGEST:
        yield f"{name}: {many['seconds']:.2f} s"
    if many["size"] > LARGEST:
        yield f"{name}: {many['size'] // 1024} KB"


def _browser(who: str) -> Any:
    from django.test import Client

    from duikou.access.models import Account

    client = Client(HTTP_HOST="127.0.0.1")
    account = Account.objects.get(username=who)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _open(client: Any, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _measure(who: str, path: str) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _browser(who)
    body, times = _open(client, path), []
    for _round in range(1 if "export" in path else ROUNDS):
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            body = _open(client, path)
        times.append(time.perf_counter() - begun)
    return {"queries": len(asked), "seconds": statistics.median(times), "size": len(body)}


def _is_deep_fast(who: str, path: str) -> bool:
    """Whether the twentieth page is as fast as the first."""
    client = _browser(who)
    first = min(_timed(client, path) for _round in range(ROUNDS))
    for _page in range(19):
        text = _open(client, path).decode()
        after = re.search(r'href="([^"]*cursor=[^"]*)"[^>]*rel="next"|rel="next"[^>]*href="([^"]*cursor=[^"]*)"', text)
        if after is None:
            break
        query = (after[1] or after[2]).replace("&amp;", "&")
        path = query if query.startswith("/") else path.partition("?")[0] + query
    return min(_timed(client, path) for _round in range(ROUNDS)) <= first * DEEPER + SLACK


def _timed(client: Any, path: str) -> float:
    begun = time.perf_counter()
    _open(client, path)
    return time.perf_counter() - begun


def _fill(numbers: range) -> None:
    """As many plans, meetings, action items, inbox items and notices, over all pairings and two years around today."""
    from django.db import transaction

    with transaction.atomic():
        _plans(numbers)
        _meetings(numbers)
        _waiting(numbers)


def _pairings() -> list[Any]:
    from duikou.programme.models import Pairing

    rows = Pairing.objects.filter(programme__code="northeast-east-2017", second_region__isnull=False)
    return list(rows.select_related("programme").order_by("id")[:7])


def _plans(numbers: range) -> None:
    from duikou.kernel.clock import now
    from duikou.plans.models import Plan, PlanVersion
    from duikou.programme.models import Clause

    pairings, fields = _pairings(), list(Clause.objects.filter(programme__code="northeast-east-2017", is_task=True))
    states = ("draft", "in_cosign", "filed", "in_force", "in_force", "superseded")
    stamp = {"created_at": now(), "created_by": "bench"}
    plans = Plan.objects.bulk_create(
        (
            Plan(
                programme=pairings[n % 7].programme,
                pairing=pairings[n % 7],
                kind="special",
                title=f"{n}号专项方案",
                field=fields[n % len(fields)],
                starts_on=dt.date(2017 + n % 9, 1, 1),
                ends_on=dt.date(2018 + n % 9, 12, 31),
                **stamp,
            )
            for n in numbers
        ),
        batch_size=500,
    )
    PlanVersion.objects.bulk_create(
        (
            PlanVersion(plan=plan, number=1, state=states[n % 6], digest=SEALED, sealed="{}", **stamp)
            for n, plan in enumerate(plans)
        ),
        batch_size=500,
    )


def _meetings(numbers: range) -> None:
    from duikou.kernel.clock import now, today
    from duikou.meetings.models import ActionItem, Meeting

    pairings, moment, day = _pairings(), now(), today()
    stamp = {"created_at": moment, "changed_at": moment}
    by = {"changed_by": "bench", "created_by": "bench"}
    meetings = Meeting.objects.bulk_create(
        (
            Meeting(
                programme=pairings[n % 7].programme,
                pairing=pairings[n % 7],
                kind="work",
                layer="execution",
                title=f"第{n}次例会",
                host="first",
                starts_at=moment + dt.timedelta(hours=n * 17 % 17_520 - 8_760),
                ends_at=moment + dt.timedelta(hours=n * 17 % 17_520 - 8_758),
                **stamp,
                **by,
            )
            for n in numbers
        ),
        batch_size=500,
    )
    ActionItem.objects.bulk_create(
        (
            ActionItem(
                meeting=meeting,
                pairing=meeting.pairing,
                given_side="first",
                owner_side="second",
                owner_name="对方对口办",
                text=f"落实第{n}项",
                due_on=day + dt.timedelta(days=n * 7 % 730 - 365),
                **stamp,
            )
            for n, meeting in zip(numbers, meetings, strict=True)
        ),
        batch_size=500,
    )


def _waiting(numbers: range) -> None:
    from duikou.access.models import Account
    from duikou.flow.models import InboxItem, Notice
    from duikou.kernel.clock import now, today

    account, moment, day = Account.objects.get(username="shenyang"), now(), today()
    InboxItem.objects.bulk_create(
        (
            InboxItem(
                key=f"bench-{n}",
                kind="intake.run",
                account=account,
                url="/projects/",
                title=f"第{n}件待办",
                due_on=day + dt.timedelta(days=n % 60 - 30),
                opened_at=moment,
                opened_by="bench",
            )
            for n in numbers
        ),
        batch_size=500,
    )
    Notice.objects.bulk_create(
        (
            Notice(
                key=f"bench-{n}",
                kind="intake.run",
                account=account,
                url="/projects/",
                title=f"第{n}条",
                created_at=moment,
            )
            for n in numbers
        ),
        batch_size=500,
    )


if __name__ == "__main__":
    sys.exit(main())
