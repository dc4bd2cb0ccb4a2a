"""A plan of 500 entries and 2,000 comments: does its page ask more often than a small one's, how long does it take?

`python -m bench.plan_page`. Fails when the page takes another number of queries at another size, when saving an entry
takes more than twelve at any, or when the large page takes longer than `LONGEST` seconds.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from typing import Any

SIZES = ((5, 20), (500, 2_000))
ROUNDS = 5
MOST_QUERIES = 12
LONGEST = 4.0
MEASURE = "双方共同推进。" * 8


def main() -> int:
    """Fill, open, save at each size; judge."""
    with tempfile.TemporaryDirectory(prefix="duikou-bench-") as home:
        os.environ["DUIKOU_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from bench.generate import load_programme
        from duikou.access.services.demonstration import demonstration_seed
        from duikou.kernel.actor import Actor

        call_command("migrate", verbosity=0)
        load_programme()
        demonstration_seed(actor=Actor.command("bench"))
        found = [_measure(entries, comments) for entries, comments in SIZES]
    pages = {one["page"] for one in found}
    saves = max(one["save"] for one in found)
    slowest = found[-1]["seconds"]
    return 0 if len(pages) == 1 and saves <= MOST_QUERIES and slowest <= LONGEST else 1


def _measure(entries: int, comments: int) -> dict[str, Any]:
    """Queries and seconds of the page, queries of saving one entry, in a plan of this size."""
    from dataclasses import replace

    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from duikou.access.models import Membership
    from duikou.access.selectors import actor_of_membership
    from duikou.plans.models import Comment
    from duikou.plans.services.entries import EntryDraft, entry_add, entry_content, entry_save
    from duikou.plans.services.plans import PlanDraft, plan_create
    from duikou.programme.models import Pairing

    post = Membership.objects.select_related("account", "organisation", "region").get(account__username="shenyang")
    actor = actor_of_membership(post)
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    first, last = dt.date(2030, 1, 1), dt.date(2030, 12, 31)
    version = plan_create(actor=actor, draft=PlanDraft(pairing, "phase", f"{entries}项的方案", first, last))
    with transaction.atomic():
        made = [
            entry_add(actor=actor, version_id=version.pk, draft=EntryDraft(f"事项{n}", MEASURE, due_on=last))
            for n in range(entries)
        ]
    Comment.objects.bulk_create(
        Comment(version=version, uid=made[n % entries].uid, text=f"意见{n}", author_name="甲", at=version.created_at)
        for n in range(comments)
    )
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(post.account, backend="allauth.account.auth_backends.AuthenticationBackend")
    url = reverse("plans:plan", args=[version.plan_id])
    client.get(url)
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(url)
        times.append(time.perf_counter() - begun)
        assert answer.status_code == 200
    content, revision = entry_content(version=version, uid=made[-1].uid)
    with CaptureQueriesContext(connection) as saving:
        draft = replace(EntryDraft.of(content), title="改", clauses=("3.2.2",), measure="改了")
        entry_save(actor=actor, version_id=version.pk, uid=made[-1].uid, revision=revision, draft=draft)
    save = len([one for one in saving if "SAVEPOINT" not in one["sql"] and one["sql"] not in {"BEGIN", "COMMIT"}])
    size = len(answer.content) / 1024
    print(
        f"{entries:4d} entries, {comments:5d} comments: page {len(asked)} queries, "
        f"median {statistics.median(times) * 1000:.0f} ms, {size:.0f} KB; saving an entry {save} queries"
    )
    return {"page": len(asked), "save": save, "seconds": statistics.median(times)}


if __name__ == "__main__":
    sys.exit(main())
