"""The columns of the list of requests and of the figures, on the page and in the export."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from duikou.greenchannel.models import GreenChannelRequest
from duikou.greenchannel.selectors.figures import Line
from duikou.kernel.clock import SHANGHAI
from duikou.kernel.columns import Column, Columns
from duikou.kernel.templatetags.look import day, state_badge


def _link(row: GreenChannelRequest) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("greenchannel:request", args=[row.pk]), row.title)


def _state(row: GreenChannelRequest) -> Any:
    return state_badge(row.state, row.state_label)


def _due(row: GreenChannelRequest) -> Any:
    late = state_badge("overdue", _t("逾期")) if row.is_overdue else ""
    return format_html("{} {}", day(row.due_on), late)


REQUESTS = Columns(
    all=(
        Column("number", _("编号"), lambda r: r.number, sort="id", width=12),
        Column("title", _("诉求"), lambda r: r.title, _link, width=40),
        Column("project", _("项目"), lambda r: r.project.name, width=36),
        Column("kind", _("类别"), lambda r: r.kind.label, width=10),
        Column("region", _("地区"), lambda r: r.region.label, width=14),
        Column("owner", _("责任人"), lambda r: r.owner_name, width=30),
        Column("state", _("状态"), lambda r: r.state_label, _state, width=16),
        Column("due", _("办理期限"), lambda r: r.due_on, _due, sort="due_on", kind="date", width=14),
        Column("late", _("是否逾期"), lambda r: _t("逾期") if r.is_overdue else "", width=10, usual=False),
        Column(
            "wanted", _("希望解决日期"), lambda r: r.wanted_on, sort="wanted_on", kind="date", width=14, usual=False
        ),
        Column(
            "raised",
            _("提出日期"),
            lambda r: r.raised_at.astimezone(SHANGHAI).date(),
            kind="date",
            width=14,
            usual=False,
        ),
        Column(
            "asker",
            _("提出单位"),
            lambda r: r.asker_organisation.name if r.asker_organisation else "",
            width=30,
            usual=False,
        ),
        Column("pairing", _("对口关系"), lambda r: r.project.pairing.label, width=22, usual=False),
        Column("round", _("被退回次数"), lambda r: r.round, kind="integer", width=10, usual=False),
        Column("days", _("办理用时（工作日）"), lambda r: r.clock_days, kind="integer", width=14, usual=False),
        Column("whole", _("全程用时（工作日）"), lambda r: r.whole_days, kind="integer", width=14, usual=False),
    ),
    always="title",
)


def median_words(value: Fraction | None) -> str:
    """A median of whole days: whole, or with a half."""
    if value is None:
        return ""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.1f}"


def figure_columns(*, of: tuple[str, ...], year: int | None) -> tuple[Column, ...]:
    """The columns of a table of figures by `of` ("region", "kind"); each count leads to the list behind it."""
    names = {
        "region": Column("region", _("地区"), lambda line: line.region.label, width=16),
        "kind": Column("kind", _("类别"), lambda line: line.kind.label, width=12),
    }
    counts = (
        ("raised", _("提出")),
        ("open", _("未办结")),
        ("overdue", _("逾期未解决")),
        ("late", _("曾经逾期")),
        ("reopened", _("被退回过")),
        ("solved", _("已解决")),
    )
    return (
        *(names[name] for name in of),
        *(_counted(name, label, year) for name, label in counts),
        Column("median", _("办理用时中位数（工作日）"), _median("median"), _shown("median"), kind="number", width=16),
        Column(
            "whole",
            _("全程用时中位数（工作日）"),
            _median("median_whole"),
            _shown("median_whole"),
            kind="number",
            width=16,
        ),
    )


def figure_address(line: Line, which: str, year: int | None) -> str:
    """The list behind one figure."""
    given = {
        "region": line.region.pk if line.region else "",
        "kind": line.kind.pk if line.kind else "",
        "year": year or "",
        "which": "" if which == "raised" else which,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('greenchannel:list')}?{query}"


def _counted(name: str, label: Any, year: int | None) -> Column:
    def shown(line: Line) -> Any:
        number = getattr(line.figures, name)
        return format_html('<a href="{}">{}</a>', figure_address(line, name, year), number) if number else 0

    return Column(name, label, lambda line: getattr(line.figures, name), shown, kind="integer", width=12)


def _median(name: str) -> Callable[[Line], Decimal | None]:
    def plain(line: Line) -> Decimal | None:
        value = getattr(line.figures, name)
        return None if value is None else Decimal(value.numerator) / value.denominator

    return plain


def _shown(name: str) -> Callable[[Line], str]:
    return lambda line: median_words(getattr(line.figures, name))
