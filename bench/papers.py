"""A plan of about a hundred pages as PDF, against the bare typesetter on the same content.

    python -m bench.papers [--entries 105] [--turns 5]

Ours: read the version, compose, look for characters without a glyph, set. The peer: the typesetter alone, given the
same layout and the finished data in memory. Turns are interleaved, medians compared; exits with 1 above twice the
peer's time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import os
import statistics
import sys
import tempfile
import time
from typing import Any

TARGET = 2.0


def main() -> int:
    """Make the plan, take turns, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--entries", type=int, default=105)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="duikou-bench-") as home:
        os.environ["DUIKOU_HOME"] = home
        return _run(options.entries, options.turns)


def _run(entries: int, turns: int) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    version_id = _plan(entries)
    from pypdf import PdfReader

    from duikou.documents.services.compose import Dress, plan_paper
    from duikou.documents.services.typesetter import data_of, layout, pdf
    from duikou.kernel.actor import Actor
    from duikou.kernel.typesetting.engine import STANDARD, typeset
    from duikou.plans.selectors import version_visible

    def ours() -> bytes:
        version = version_visible(actor=Actor.command("bench"), version_id=version_id)
        return pdf(plan_paper(version, Dress(), check_address="https://example.cn/")).data

    version = version_visible(actor=Actor.command("bench"), version_id=version_id)
    data = data_of(plan_paper(version, Dress(), check_address="https://example.cn/"), {})

    def bare() -> bytes:
        return typeset(layout(), data, standard=STANDARD)

    found: dict[str, list[float]] = {"ours": [], "bare": []}
    pages = len(PdfReader(io.BytesIO(ours())).pages)
    bare()
    for _turn in range(turns):
        for name, made in (("ours", ours), ("bare", bare)):
            started = time.perf_counter()
            made()
            found[name].append(time.perf_counter() - started)
    mine, peer = (statistics.median(found[name]) for name in ("ours", "bare"))
    print(f"{pages} pages, {entries} entries: {mine:.2f} s against {peer:.2f} s, {mine / peer:.2f}x (target {TARGET}x)")
    return int(mine > TARGET * peer)


def _plan(entries: int) -> int:
    from django.conf import settings
    from django.db import transaction

    from duikou.kernel.actor import Actor
    from duikou.kernel.money import Money
    from duikou.plans.services.entries import EntryDraft, MoneyDraft, UnitDraft, entry_add
    from duikou.plans.services.plans import PlanDraft, plan_create
    from duikou.programme.models import Pairing
    from duikou.programme.services.pack_load import programme_load
    from duikou.programme.services.region_load import regions_load

    actor: Any = Actor.command("bench")
    regions_load(actor=actor)
    programme_load(actor=actor, folder=settings.PACKS / settings.PROGRAMME)
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="dalian-shanghai")
    with transaction.atomic():
        draft = PlanDraft(
            pairing, "phase", "大连市与上海市对口合作实施方案", dt.date(2017, 3, 7), dt.date(2020, 12, 31)
        )
        version = plan_create(actor=actor, draft=draft)
        for number in range(entries):
            entry = EntryDraft(
                f"第{number}项重点合作事项",
                measure="推动双方企业、园区和高校院所建立稳定的合作机制，按季度会商，形成可复制可推广的经验。" * 3,
                target="建成示范项目一个，形成年度报告",
                due_on=dt.date(2018, 12, 31),
                units=(UnitDraft("first", "大连市发展改革委", True), UnitDraft("second", "上海市发展改革委", True)),
                money=(MoneyDraft("local", Money(number * 10_000), "first"),),
            )
            entry_add(actor=actor, version_id=version.pk, draft=entry)
    return int(version.pk)


if __name__ == "__main__":
    sys.exit(main())
