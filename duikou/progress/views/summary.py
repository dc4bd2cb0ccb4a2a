"""The roll-up of a month or a year by pairing, clause or month; the same as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.columns import Column, Columns, cells_of, workbook
from duikou.kernel.templatetags.look import money, thousands
from duikou.programme.models import Clause, Pairing, Programme
from duikou.progress.filters import Choices, choices_of, month_choices
from duikou.progress.models import FUNDS, month_label
from duikou.progress.rules.months import shifted
from duikou.progress.selectors.months import rule_of
from duikou.progress.selectors.owed import MISSING
from duikou.progress.selectors.sums import By, Line, Wanted, report_lines, total_of
from duikou.progress.services.exports import export_note
from duikou.progress.views.page import ProgressPage
from duikou.projects.selectors import pairings_of


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its name and, for one month, the way to who has not reported."""

    name: str
    line: Line
    missing_url: str = ""


def _wan(name: str) -> dict[str, Any]:
    return {
        "plain": lambda row: row.line.money(name).wan,
        "html": lambda row: money(row.line.money(name), "wan", bare=True),
        "kind": "money_wan",
    }


def _count(name: str) -> dict[str, Any]:
    return {
        "plain": lambda row: getattr(row.line, name),
        "html": lambda row: thousands(getattr(row.line, name)),
        "kind": "integer",
        "width": 10,
    }


def _missing(row: Row) -> Any:
    number = row.line.missing
    return format_html('<a href="{}">{}</a>', row.missing_url, number) if number and row.missing_url else str(number)


_OWED = (
    Column("owed", _l("应报"), **_count("owed")),
    Column("missing", _l("未报"), lambda row: row.line.missing, _missing, kind="integer", width=10),
)
_FIGURES = (
    Column("accepted", _l("已审核"), **_count("accepted")),
    Column("waiting", _l("待审核"), **_count("waiting")),
    Column("late", _l("逾期报送"), **_count("late")),
    Column("invested", _l("本期完成投资(万元)"), **_wan("invested_month")),
    Column("total", _l("累计完成投资(万元)"), **_wan("invested_total")),
    Column("paid", _l("本期支付(万元)"), **_wan("paid_month")),
    Column("paid_total", _l("累计支付(万元)"), **_wan("paid_total")),
    Column(
        "in_place",
        _l("累计到位(万元)"),
        lambda row: row.line.in_place.wan,
        lambda row: money(row.line.in_place, "wan", bare=True),
        kind="money_wan",
    ),
    *(
        Column(name, label, **_wan(name))
        for name, label in zip(
            FUNDS,
            (
                _l("其中中央(万元)"),
                _l("其中地方(万元)"),
                _l("其中自有(万元)"),
                _l("其中贷款(万元)"),
                _l("其中其他(万元)"),
            ),
            strict=True,
        )
    ),
)
_NAMES = {"pairing": _l("对口关系"), "clause": _l("任务条款"), "month": _l("月份")}


class _Summary(ProgressPage):
    needs = "progress.summary.read"

    def asked(self) -> tuple[Programme, Choices, Wanted, list[Row], Columns]:
        """What the address asks for, its lines and columns."""
        programme = self.programme()
        pairings, rule = pairings_of(programme), rule_of(programme)
        choices = choices_of(self.request.GET, programme=programme, pairings=pairings, rule=rule)
        wanted = _wanted(programme, choices)
        lines = report_lines(actor=self.actor, wanted=wanted, pairings=pairings, rule=rule)
        names = _names(wanted, pairings)
        rows = [Row(name, lines[key], _missing_url(wanted, key, pairings)) for key, name in names if key in lines]
        if len(rows) > 1 and wanted.by != "month":
            rows.append(Row(_("合计"), total_of(row.line for row in rows)))
        by_month = wanted.by == "month" or choices.is_year
        name = Column("name", _NAMES[wanted.by], lambda row: row.name, width=30)
        return programme, choices, wanted, rows, Columns((name, *(() if by_month else _OWED), *_FIGURES), "name")


def _wanted(programme: Programme, choices: Choices) -> Wanted:
    by: By = choices.by  # type: ignore[assignment]
    first = choices.month
    if choices.is_year:
        first = choices.month // 100 * 100 + 1
    elif by == "month":
        first = shifted(choices.month, -11)
    return Wanted(programme, first, choices.month, by, choices.pairing, choices.clause)


def _names(wanted: Wanted, pairings: list[Pairing]) -> list[tuple[int, str]]:
    if wanted.by == "clause":
        return [
            (clause.pk, str(clause)) for clause in Clause.objects.filter(programme=wanted.programme).order_by("order")
        ]
    if wanted.by == "month":
        month, found = wanted.last, []
        while month >= wanted.first:
            found.append((month, month_label(month)))
            month = shifted(month, -1)
        return found
    return [(pair.pk, pair.label) for pair in pairings]


def _missing_url(wanted: Wanted, key: int, pairings: list[Pairing]) -> str:
    given = {"month": f"{wanted.last // 100}-{wanted.last % 100:02d}", "status": MISSING}
    pairing = next((pair for pair in pairings if pair.pk == key), None) if wanted.by == "pairing" else wanted.pairing
    if pairing is not None:
        given["pairing"] = pairing.code
    clause = wanted.clause
    if wanted.by == "clause":
        clause = Clause.objects.filter(pk=key).first()
    if clause is not None:
        given["clause"] = clause.code
    return f"{reverse('progress:list')}?{urlencode(given)}"


class Summary(_Summary):
    """The roll-up as a page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """One period."""
        programme, choices, wanted, rows, table = self.asked()
        columns = table.chosen(request.GET.getlist("columns"))
        label = month_label(wanted.last)
        if choices.is_year or wanted.by == "month":
            label = _("%(first)s至%(last)s") % {"first": month_label(wanted.first), "last": label}
        context = {
            "programme": programme,
            "wanted": choices,
            "period": label,
            "last": month_label(wanted.last),
            "months": month_choices(choices.month),
            "pairings": pairings_of(programme),
            "clauses": Clause.objects.filter(programme=programme, is_task=True).order_by("order"),
            "groupings": [(value, label, value == wanted.by) for value, label in _NAMES.items()],
            "columns": columns,
            "chooser": table.chooser(columns),
            "rows": [(row, cells_of(row, columns)) for row in rows],
            "query": request.GET.urlencode(),
        }
        return self.render("progress/summary.html", context)


class SummaryExport(_Summary):
    """The same as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """What the page shows; the trail notes who took it."""
        _programme, _choices, wanted, rows, table = self.asked()
        export_note(actor=self.actor, what="summary", query=request.GET.urlencode(), rows=len(rows))
        title = _("进展汇总%(month)s") % {"month": month_label(wanted.last)}
        return workbook(title, table.chosen(request.GET.getlist("columns")), [rows])
