"""Bringing GB/T 4754 into the database."""

from __future__ import annotations

import csv
from pathlib import Path

from django.conf import settings
from django.db import transaction

from duikou.kernel.actor import Actor
from duikou.programme import policies
from duikou.programme.models import Industry
from duikou.programme.services.locks import hold
from duikou.records.services.audit import SubjectRef, record

FILE = "industries/gbt4754-2017.csv"


@transaction.atomic
def industries_load(*, actor: Actor) -> bool:
    """Make the table of industries equal to the standard; False when it is already (nothing is written)."""
    policies.programme_load(actor).or_raise()
    with (Path(settings.PACKS) / FILE).open(encoding="utf-8-sig", newline="") as stream:
        rows = [(row["code"], row["name"], row["parent"]) for row in csv.DictReader(stream)]
    if _is_loaded(rows):
        return False
    hold("programme.industries")
    if _is_loaded(rows):
        return False
    known = Industry.objects.in_bulk(field_name="code")
    levels: dict[str, int] = {}
    for code, name, _ in rows:
        levels[code] = 1 if code.isalpha() else len(code)
        industry = known.setdefault(code, Industry(code=code))
        industry.name, industry.level = name, levels[code]
    parents = {code: parent for code, _, parent in rows}
    for level in sorted(set(levels.values())):
        layer = [known[code] for code, _, _ in rows if levels[code] == level]
        for industry in layer:
            parent = parents[industry.code]
            industry.parent = known[parent] if parent else None
        Industry.objects.bulk_create(
            layer,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "level", "parent"],
            batch_size=400,
        )
    record(
        actor=actor,
        action="programme.industries.loaded",
        subject=SubjectRef("programme.industry", "GB/T 4754-2017", "GB/T 4754-2017"),
        after={"rows": len(rows)},
    )
    return True


def _is_loaded(rows: list[tuple[str, str, str]]) -> bool:
    known = Industry.objects.values_list("code", "name", "parent__code")
    return {(code, name, parent or "") for code, name, parent in known} == set(rows)
