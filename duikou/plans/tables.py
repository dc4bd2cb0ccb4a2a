"""The columns of the list of plans, on the page and in the export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from duikou.kernel.clock import SHANGHAI
from duikou.kernel.keyset import Order
from duikou.kernel.sheets import Out
from duikou.kernel.templatetags.look import or_dash, state_badge
from duikou.plans.states import STATE_LABELS, VersionState

Kind = Literal["text", "number", "integer", "money_wan", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `plain` is what an export writes, `html` what the page shows (default: the same)."""

    name: str
    label: Promise
    plain: Callable[[Any], Any]
    html: Callable[[Any], Any] | None = None
    sort: str = ""
    kind: Kind = "text"
    width: float = 16.0
    chosen: bool = True

    @property
    def number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind == "integer"

    def shown(self, plan: Any) -> Any:
        """What the page shows."""
        return or_dash((self.html or self.plain)(plan))

    def out(self) -> Out:
        """The column of an export."""
        return Out(str(self.label), self.kind, self.width)


def _link(plan: Any) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("plans:plan", args=[plan.pk]), plan.title)


def _state(plan: Any) -> Any:
    return state_badge(plan.version_state, STATE_LABELS[VersionState(plan.version_state)])


COLUMNS: tuple[Column, ...] = (
    Column("title", _("标题"), lambda p: p.title, _link, sort="title", width=40),
    Column("pairing", _("对口关系"), lambda p: p.pairing.label, width=24),
    Column("kind", _("计划类别"), lambda p: str(p.get_kind_display())),
    Column("year", _("年度"), lambda p: p.year, kind="integer", width=8),
    Column("starts", _("起始日期"), lambda p: p.starts_on, sort="starts_on", kind="date", width=12),
    Column("ends", _("截止日期"), lambda p: p.ends_on, sort="ends_on", kind="date", width=12),
    Column("number", _("版次"), lambda p: p.version_number, kind="integer", width=8),
    Column("state", _("状态"), lambda p: str(STATE_LABELS[VersionState(p.version_state)]), _state, width=12),
    Column("parent", _("上级计划"), lambda p: p.parent.title if p.parent else "", width=30, chosen=False),
    Column(
        "created",
        _("建立时间"),
        lambda p: p.created_at.astimezone(SHANGHAI).date(),
        sort="id",
        kind="date",
        width=12,
        chosen=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A column in the chooser."""

    name: str
    label: Promise
    chosen: bool


def columns_chosen(names: list[str]) -> tuple[Column, ...]:
    """The columns asked for, in the table's own order; none means the usual ones."""
    wanted = set(names) & {column.name for column in COLUMNS}
    return tuple(one for one in COLUMNS if (one.name in wanted if wanted else one.chosen) or one.name == "title")


def chooser(chosen: tuple[Column, ...]) -> list[Choice]:
    """Every column, and whether it is shown."""
    return [Choice(column.name, column.label, column in chosen) for column in COLUMNS]


def order_of(text: str) -> Order:
    """The order that `sort` in the address names; anything else means newest first."""
    column = next((one for one in COLUMNS if one.sort and one.name == text.removeprefix("-")), None)
    if column is None:
        return Order("id", descending=True)
    return Order(column.sort, descending=text.startswith("-"))
