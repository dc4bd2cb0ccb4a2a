"""The monthly form: amounts in 万元, exact, beside what was said last month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.errors import Invalid
from duikou.kernel.money import Bound, Money, parse_amount
from duikou.kernel.web.nul import name_nul
from duikou.progress.models import FIGURES, ProgressReport
from duikou.progress.services.draft import FIELDS, ReportDraft
from duikou.progress.states import Source

_STARTED = {"yes": True, "no": False}
_YES_NO = [("yes", _l("已开工")), ("no", _l("未开工"))]


def wan_text(amount: Money | None) -> str:
    """An amount as the form holds it: 万元 without a unit."""
    if amount is None:
        return ""
    text = format(amount.wan, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class ExactAmount(forms.CharField):
    """An exact amount of 万元, or with a unit of its own; empty is not stated."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "dk-wan", "data-wan": ""})
        super().__init__(required=False, max_length=40, widget=widget, **kwargs)

    def clean(self, value: Any) -> Money | None:
        """Text to money; about and at least are refused: a monthly report states what is."""
        text = super().clean(value)
        try:
            found = parse_amount(text, unit="万元") if text else None
        except Invalid as bad:
            raise forms.ValidationError(bad.message) from None
        if found is not None and found.bound is not Bound.EXACT:
            raise forms.ValidationError(_("月报须填写准确数，不能写约数。"))
        return found.amount if found else None


class Day(forms.DateField):
    """A date the browser helps with."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=widget, **kwargs)


def _text(label: Any, limit: int, rows: int, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, required=False, max_length=limit, widget=widget, **kwargs)


class ReportForm(forms.Form):
    """All that a monthly report says."""

    has_started = forms.ChoiceField(label=_l("是否开工"), choices=_YES_NO, required=False, widget=forms.RadioSelect)
    started_on = Day(label=_l("开工日期"))
    invested_month = ExactAmount(label=_l("本月完成投资"))
    invested_year = ExactAmount(label=_l("本年累计完成投资"))
    invested_total = ExactAmount(label=_l("累计完成投资"))
    paid_month = ExactAmount(label=_l("本月支付"))
    paid_total = ExactAmount(label=_l("累计支付"))
    funds_central = ExactAmount(label=Source.CENTRAL.label)
    funds_local = ExactAmount(label=Source.LOCAL.label)
    funds_own = ExactAmount(label=Source.OWN.label)
    funds_loan = ExactAmount(label=Source.LOAN.label)
    funds_other = ExactAmount(label=Source.OTHER.label)
    percent = forms.DecimalField(
        label=_l("形象进度(%)"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    physical = _text(_l("形象进度"), 1000, 2, help_text=_l("工程进行到哪一步，如“主体结构封顶”。"))
    problems = _text(_l("存在问题"), 1000, 2)
    planned_finish = Day(label=_l("预计完工日期"))
    remark = _text(_l("备注"), 500, 2)
    fall_reason = _text(
        _l("累计数下调的理由"), 500, 2, help_text=_l("只在累计数确需低于上次已审核的数时填写，会写入历史。")
    )

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any], last: ProgressReport | None) -> None:
        super().__init__(data, initial=dict(initial))
        name_nul(self)
        for name in (*FIGURES, "percent"):
            if said := last_said(last, name):
                self.fields[name].help_text = said

    def draft(self) -> ReportDraft:
        """What was filled in."""
        data: dict[str, Any] = {name: self.cleaned_data[name] for name in FIELDS}
        data["has_started"] = _STARTED.get(data["has_started"])
        return ReportDraft(**data)

    def add_faults(self, fields: Mapping[str, Iterable[str]]) -> None:
        """What a service refused, at the fields it names."""
        for name, texts in fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


def last_said(last: ProgressReport | None, name: str) -> str:
    """What the report before said of a figure, in words."""
    value = getattr(last, name) if last is not None else None
    if last is None or value is None:
        return ""
    text = f"{value:f}%" if isinstance(value, Decimal) and not isinstance(value, Money) else wan_text(value)
    if isinstance(value, Money):
        return _("%(month)s：%(value)s万元") % {"month": last.month_label, "value": text}
    return _("%(month)s：%(value)s") % {"month": last.month_label, "value": text}


def initial_of(report: ProgressReport | None) -> dict[str, Any]:
    """A report as the form shows it."""
    if report is None:
        return {}
    found: dict[str, Any] = {name: getattr(report, name) for name in FIELDS}
    found.update({name: wan_text(found[name]) for name in FIGURES})
    found["has_started"] = next((word for word, is_so in _STARTED.items() if is_so is report.has_started), "")
    return found


def initial_after(last: ProgressReport | None) -> dict[str, Any]:
    """What a new month goes on from: whether it has started, when it is to finish, the money in place."""
    if last is None:
        return {}
    known = initial_of(last)
    kept = ("has_started", "started_on", "planned_finish", *(name for name in FIGURES if name.startswith("funds_")))
    return {name: known[name] for name in kept}


class ReasonForm(forms.Form):
    """Why something is returned, reopened or corrected."""

    reason = forms.CharField(label=_l("理由"), max_length=500, widget=forms.Textarea({"rows": 3}))
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)
