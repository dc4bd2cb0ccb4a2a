"""Money, numbers, dates and times as people read them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from duikou.kernel import clock
from duikou.kernel.look.basics import NOTHING, register
from duikou.kernel.money import WAN, YI, Bound, BoundedMoney

_BOUNDS = {
    Bound.ABOUT: pgettext_lazy("before an amount", "约"),
    Bound.AT_LEAST: pgettext_lazy("before an amount", "超"),
    Bound.AT_MOST: pgettext_lazy("before an amount", "不足"),
}
_UNITS = {"元": gettext_lazy("元"), "万元": gettext_lazy("万元"), "亿元": gettext_lazy("亿元")}


def _spaced(value: Decimal, digits: int) -> str:
    return f"{value:,.{digits}f}"


def _money(value: Any, unit: str, bound: str, bare: bool) -> SafeString:
    if isinstance(value, BoundedMoney):
        value, bound = value.amount, bound or value.bound
    if value is None or value == "":
        return NOTHING
    amount = Decimal(value)
    chosen = unit if unit in {"元", "万元", "亿元"} else _unit_for(amount)
    divisor = {"元": Decimal(1), "万元": WAN, "亿元": YI}[chosen]
    mark = _BOUNDS.get(Bound(bound), "") if bound else ""
    return format_html(
        '<span class="dk-money" title="{}{}">{}{}{}</span>',
        mark and f"{mark} ",
        f"{_spaced(amount, 2)} {_UNITS['元']}",
        format_html('<span class="dk-bound">{}</span>', mark) if mark else "",
        _spaced(amount / divisor, 2),
        "" if bare else format_html('<span class="dk-unit">{}</span>', _UNITS[chosen]),
    )


def _unit_for(amount: Decimal) -> str:
    if abs(amount) >= YI:
        return "亿元"
    return "万元" if abs(amount) >= WAN or amount == 0 else "元"


@register.simple_tag
def money(value: Any, unit: str = "auto", bound: Any = "", bare: bool = False) -> SafeString:
    """An amount of 元 in 亿元, 万元 or 元 with two decimals, its bound before it and the whole figure as title.

    `unit` fixes the unit (columns of one unit pass `unit="亿元" bare=True` and name it in the header). Unknown is "—".
    """
    return _money(value, unit, str(bound or ""), bare)


@register.filter(name="money")
def money_filter(value: Any, unit: str = "auto") -> SafeString:
    """`{{ project.signed|money:"亿元" }}`: as the tag `money`."""
    return _money(value, unit, "", bare=False)


@register.filter
def thousands(value: Any, digits: int = 0) -> Any:
    """A number with thousands separators; "—" where unknown."""
    return NOTHING if value is None or value == "" else _spaced(Decimal(str(value)), digits)


@register.filter
def percent(value: Any, digits: int = 1) -> Any:
    """A ratio (0.361) as a percentage (36.1%); "—" where unknown."""
    return NOTHING if value is None or value == "" else f"{Decimal(str(value)) * 100:.{digits}f}%"


def _local(value: dt.date | dt.datetime) -> dt.date | dt.datetime:
    return value.astimezone(clock.SHANGHAI) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: dt.date | dt.datetime | None) -> SafeString:
    """A date (2026-03-01) in a `<time>` element; Asia/Shanghai."""
    if not value:
        return NOTHING
    local = _local(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), f"{local:%Y-%m-%d}")


@register.filter
def moment(value: dt.datetime | None) -> SafeString:
    """A date and time to the minute, with the seconds as title; Asia/Shanghai."""
    if not value:
        return NOTHING
    local = _local(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(),
        f"{local:%Y-%m-%d %H:%M:%S}",
        f"{local:%Y-%m-%d %H:%M}",
    )


@register.filter
def ago(value: dt.date | dt.datetime | None) -> SafeString:
    """How long ago, or in how many days, with the exact time as title."""
    if not value:
        return NOTHING
    local = _local(value)
    exact = f"{local:%Y-%m-%d %H:%M}" if isinstance(local, dt.datetime) else f"{local:%Y-%m-%d}"
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, _ago_text(local))


def _ago_text(local: dt.date | dt.datetime) -> str:
    if isinstance(local, dt.datetime):
        seconds = (clock.now() - local).total_seconds() if timezone.is_aware(local) else 0
        if 0 <= seconds < 60:
            return _("刚刚")
        if 0 <= seconds < 3600:
            return ngettext("%(n)d分钟前", "%(n)d分钟前", int(seconds // 60)) % {"n": int(seconds // 60)}
        if 0 <= seconds < 86400 and local.date() == clock.today():
            return ngettext("%(n)d小时前", "%(n)d小时前", int(seconds // 3600)) % {"n": int(seconds // 3600)}
    date = local.date() if isinstance(local, dt.datetime) else local
    days = (date - clock.today()).days
    near = {0: _("今天"), -1: _("昨天"), 1: _("明天")}
    if days in near:
        return near[days]
    if -30 < days < 0:
        return ngettext("%(n)d天前", "%(n)d天前", -days) % {"n": -days}
    if 0 < days < 30:
        return ngettext("%(n)d天后", "%(n)d天后", days) % {"n": days}
    return date_format(date, "Y-m-d")


@register.filter
def due(value: dt.date | None) -> SafeString:
    """A due date, red when it has passed."""
    if not value:
        return NOTHING
    date = value.date() if isinstance(value, dt.datetime) else value
    late = "dk-overdue" if date < clock.today() else ""
    text = f"{date:%Y-%m-%d}"
    return format_html('<time class="{}" datetime="{}" title="{}">{}</time>', late, text, text, _ago_text(date))
