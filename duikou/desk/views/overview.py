"""总览: the map, signed against completed, the matrix, the trend, and what was reported, scoped to the viewer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.desk import policies
from duikou.desk.selectors.overview import MatrixCell, Overview, overview_of
from duikou.kernel.actor import OFFICE, Actor, Role
from duikou.kernel.money import BOUND_LABELS, Bound, BoundedMoney
from duikou.kernel.web import Page
from duikou.programme.models import Region
from duikou.projects import policies as project_policies

GROUPS = ("planned", "moving", "done", "blocked")


class OverviewPage(Page):
    """The whole programme on one page."""

    needs = policies.OVERVIEW.code

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; `?programme=` chooses another programme."""
        project_policies.browse(self.actor).or_raise()
        found = overview_of(actor=self.actor, code=request.GET.get("programme", ""))
        if found is None:
            return self.render("desk/overview_empty.html")
        return self.render(
            "desk/overview.html",
            {
                "found": found,
                "totals": found.totals,
                "why_empty": why_empty(self.actor),
                "list_url": list_url(found),
                "matrix": matrix_of(found),
                "map": map_of(found),
                "bars": bars_of(found),
                "trend": trend_of(found),
                "unknown_year": found.years.get(None),
                "as_of": max((row.year for row in found.statistics if row.year), default=None),
            },
        )


def why_empty(actor: Actor) -> str:
    """Why somebody who sees no project sees none, and what would change that."""
    if actor.role in OFFICE:
        return _("您能看到涉及本地区的项目和公开的项目，目前还没有。从“项目”导入或登记之后，这里会显示汇总。")
    if actor.role in {Role.UNIT, Role.MEMBER}:
        return _("您能看到公开的项目，以及贵单位列为合作单位的项目，目前都还没有。请联系本地对口合作办公室登记。")
    if actor.role is Role.CADRE_OFFICER:
        return _("您能看到涉及本地区的项目和公开的项目，目前还没有。项目由两侧的对口合作办公室登记。")
    return _("这个方案还没有登记任何项目。项目由两侧的对口合作办公室导入或登记，之后这里会显示汇总。")


def list_url(found: Overview, **narrowed: str | int) -> str:
    """The list of exactly the projects that a figure counts."""
    return f"{reverse('projects:list')}?{urlencode({'programme': found.programme.code, **narrowed})}"


def matrix_of(found: Overview) -> dict[str, Any]:
    """What the component `matrix` draws: every cell with the address of the list behind it."""
    has_other = any(row.other for row in found.rows)
    columns = [
        {"code": task.code, "title": task.label, "full": task.label, "url": list_url(found, clause=task.code)}
        for task in found.tasks
    ]
    rows = []
    for row in found.rows:
        code = row.pairing.code
        cells = [
            _cell(cell, list_url(found, pairing=code, clause=task.code))
            for cell, task in zip(row.cells, found.tasks, strict=True)
        ]
        if has_other:
            cells.append(_cell(row.other, list_url(found, pairing=code, clause="other")))
        rows.append(
            {
                "name": row.pairing.label,
                "url": list_url(found, pairing=code),
                "cells": cells,
                "total": row.totals.count,
            }
        )
    groups = list(found.sections)
    if has_other:
        columns.append({"code": "", "title": _("其他条款"), "full": "", "url": list_url(found, clause="other")})
        groups.append((_("任务之外"), 1))
    totals = [sum(cell.totals.count for cell in column if cell) for column in _columns(found)]
    if has_other:
        totals.append(sum(row.other.totals.count for row in found.rows if row.other))
    return {"groups": groups, "columns": columns, "rows": rows, "totals": [*totals, found.totals.count]}


def _columns(found: Overview) -> list[tuple[MatrixCell | None, ...]]:
    return list(zip(*(row.cells for row in found.rows), strict=True))


def _cell(cell: MatrixCell | None, url: str) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {"count": cell.totals.count, "url": url, **{name: cell.groups.get(name, 0) for name in GROUPS}}


def map_of(found: Overview) -> dict[str, Any]:
    """One arc per pairing, with what its tip tells."""
    by_root = {row.pairing.pk: row.totals for row in found.rows}
    pairings = []
    for pairing in found.pairings:
        if pairing.second_region is None or pairing.retired_in_id is not None:
            continue
        sums = by_root.get(pairing.pk)
        told = []
        if sums is not None:
            told = [
                [_("项目"), str(sums.count)],
                [_("签约金额"), amount_text(sums.signed)],
                [_("完成投资"), amount_text(sums.completed)],
            ]
        pairings.append(
            {
                "name": pairing.label,
                "level": pairing.level,
                "url": list_url(found, pairing=pairing.code),
                "first": _place(pairing.first_region),
                "second": _place(pairing.second_region),
                "facts": told,
            }
        )
    levels = {pairing.level: pairing.get_level_display() for pairing in found.pairings}
    return {"pairings": pairings, "levels": levels}


def _place(region: Region) -> dict[str, Any]:
    return {"name": region.short_label, "adcode": region.adcode, "at": region.centre}


def bars_of(found: Overview) -> dict[str, Any]:
    """Signed against completed by root pairing, in 亿元."""
    rows = [
        {
            "name": row.pairing.label,
            "url": list_url(found, pairing=row.pairing.code),
            "signed": _yi(row.totals.signed),
            "completed": _yi(row.totals.completed),
            "signed_money": row.totals.signed,
            "completed_money": row.totals.completed,
            "share": f"{row.totals.rate}%" if row.totals.rate is not None else "",
            "both": row.totals.both_count,
        }
        for row in found.rows
    ]
    drawn = [{name: row[name] for name in ("name", "url", "signed", "completed", "share")} for row in rows]
    words = {
        "signed": _("签约金额"),
        "completed": _("完成投资"),
        "share": _("完成率"),
        "unit": _("亿元"),
        "legend": _("%(label)s（%(unit)s）"),
    }
    return {"rows": rows, "chart": {"rows": drawn, "words": words}}


def trend_of(found: Overview) -> dict[str, Any]:
    """Signed money and number of projects by year."""
    rows = [
        {
            "year": year,
            "signed": _yi(sums.signed),
            "projects": sums.count,
            "url": list_url(found, year_from=year, year_to=year),
        }
        for year, sums in found.years.items()
        if year is not None
    ]
    words = {"signed": _("签约金额"), "projects": _("项目数"), "unit": _("亿元"), "count": _("个")}
    return {"rows": rows, "words": words}


def _yi(amount: BoundedMoney | None) -> str | None:
    return None if amount is None else f"{amount.amount.yi.quantize(Decimal('0.01'))}"


def amount_text(amount: BoundedMoney | None) -> str:
    """An amount in 亿元 with its bound, for the tip of a chart."""
    if amount is None:
        return "—"
    bound = "" if amount.bound is Bound.EXACT else _("（%(text)s）") % {"text": BOUND_LABELS[amount.bound]}
    return f"{_yi(amount)} {_('亿元')}{bound}"
