"""Sums by kind, and of one kind's own numbers by pairing and year."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, Sum

from duikou.kernel.actor import Actor
from duikou.kernel.money import Money
from duikou.programme.models import Pairing, Programme, ProjectKind
from duikou.projects.models.summary import AMOUNTS
from duikou.projects.selectors.scope import projects_visible
from duikou.projects.selectors.specs import numbers_of, spec_number

Row = dict[str, Any]


def kinds_summed(*, actor: Actor, programme: Programme, pairings: list[Pairing]) -> list[Row]:
    """Every kind with count and money over its visible projects (one query); kinds without projects are told too."""
    found = projects_visible(actor=actor, pairings=pairings).filter(programme=programme, kind__isnull=False)
    rows: dict[int, Row] = {
        row["kind_id"]: dict(row) for row in found.order_by().values("kind_id").annotate(**_money())
    }
    kinds = ProjectKind.objects.filter(programme=programme).select_related("programme").order_by("order")
    return [{"kind": kind, **_read(rows.get(kind.pk, {}))} for kind in kinds]


def kind_by_pairing(*, actor: Actor, kind: ProjectKind, pairings: list[Pairing]) -> list[Row]:
    """One kind's visible projects by pairing and year: count, money, and the sums of its own numbers (one query).

    A number that nobody states is None, never 0. Each project counts once, under its own pairing and year.
    """
    own = {f"x_{spec['key']}": Sum(spec_number(kind, spec)) for spec in numbers_of(kind)}
    found = projects_visible(actor=actor, pairings=pairings).filter(kind=kind)
    grouped = found.order_by().values("pairing_id", "year").annotate(**_money(), **own)
    rows: list[Row] = [dict(row) for row in grouped]
    names = {pairing.pk: (order, pairing) for order, pairing in enumerate(pairings)}
    told = [
        {**_read(row), **{name: row[name] for name in own}, "pairing": names[row["pairing_id"]][1], "year": row["year"]}
        for row in rows
    ]
    return sorted(told, key=lambda row: (names[row["pairing"].pk][0], row["year"] or 0))


def _money() -> dict[str, Any]:
    sums = {f"agg_{name}": Sum(f"{name}_sort", filter=Q(**{f"{name}_amount__isnull": False})) for name in AMOUNTS}
    return {"agg_count": Count("id"), **sums}


def _read(row: Row) -> Row:
    amounts = {
        name: None if row.get(f"agg_{name}") is None else Money.from_cents(row[f"agg_{name}"]) for name in AMOUNTS
    }
    return {"count": row.get("agg_count", 0), **amounts}
