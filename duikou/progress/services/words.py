"""Faults of figures in words, both numbers named."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from duikou.kernel.money import WAN
from duikou.progress.models import month_label
from duikou.progress.rules.figures import Fault, FaultKind

_TEXTS = {
    FaultKind.FALLS: gettext_noop(
        "填写的%(given)s少于%(month)s已审核的%(other)s；累计数不能减少，确需下调请填写下调的理由。"
    ),
    FaultKind.BELOW_KNOWN: gettext_noop(
        "填写的%(given)s少于项目已登记的完成投资%(other)s；累计数不能减少，确需下调请填写下调的理由。"
    ),
    FaultKind.ABOVE_LATER: gettext_noop("填写的%(given)s大于%(month)s已审核的%(other)s，请先更正%(month)s的月报。"),
    FaultKind.NOT_SUM: gettext_noop("填写的%(given)s不等于上月累计加本月数，应为%(other)s。"),
    FaultKind.LESS_THAN_SUM: gettext_noop("填写的%(given)s少于上一份月报的累计加本月数%(other)s。"),
    FaultKind.UNDER_PART: gettext_noop("填写的%(given)s少于它所包含的%(other)s。"),
}


def fault_text(fault: Fault) -> str:
    """What is wrong with a figure, with the number given and the one that it contradicts."""
    show = _percent if fault.field == "percent" else _wan
    values = {"given": show(fault.given), "other": show(fault.other)}
    return _(_TEXTS[fault.kind]) % {**values, "month": month_label(fault.month) if fault.month else ""}


def _wan(amount: Decimal) -> str:
    exact = Decimal(amount) / WAN
    text = f"{exact:,.6f}".rstrip("0").rstrip(".")
    return _("%(amount)s万元") % {"amount": text}


def _percent(value: Decimal) -> str:
    return f"{value:f}%"
