"""Fields of a project's forms: amounts, days, and a kind's own fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.errors import Invalid
from duikou.kernel.money import Bound, BoundedMoney, Money, parse_amount
from duikou.programme.models.localised import in_language

_BOUND_MARKS = {Bound.EXACT: "", Bound.ABOUT: "约", Bound.AT_LEAST: "超", Bound.AT_MOST: "不超过"}


class DayField(forms.DateField):
    """A day that may be left open, in the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"required": False, "widget": widget, **kwargs})


class AmountField(forms.CharField):
    """An amount as people write it (万元 where no unit stands), with its bound; empty is unknown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=40,
            help_text=_l("单位万元；也可写“3亿元”“约1200”“超50亿元”。不知道就留空，不要填0。"),
            **kwargs,
        )

    def clean(self, value: Any) -> BoundedMoney | None:
        """Text to a bounded amount."""
        text = super().clean(value)
        try:
            return parse_amount(text, unit="万元") if text else None
        except Invalid as bad:
            raise forms.ValidationError(bad.message) from None


def amount_text(amount: Money | None, bound: Bound) -> str:
    """An amount as `AmountField` reads it."""
    if amount is None:
        return ""
    wan = format(amount.wan, "f")
    return _BOUND_MARKS[bound] + (wan.rstrip("0").rstrip(".") if "." in wan else wan)


def kind_field(spec: Mapping[str, Any]) -> forms.Field:
    unit = in_language(spec.get("unit", ""), spec.get("unit_en", ""))
    label = in_language(spec["label"], spec.get("label_en", ""))
    common: dict[str, Any] = {
        "label": _("%(label)s（%(unit)s）") % {"label": label, "unit": unit} if unit else label,
        "required": bool(spec.get("required")),
    }
    kind = spec["type"]
    if kind == "bool":
        return forms.ChoiceField(**common, choices=[("", _("未注明")), ("true", _("是")), ("false", _("否"))])
    if kind == "choice":
        pairs = [
            (str(choice["value"]), in_language(str(choice.get("label") or choice["value"]), choice.get("label_en", "")))
            if isinstance(choice, Mapping)
            else (str(choice), str(choice))
            for choice in spec.get("choices") or ()
        ]
        return forms.ChoiceField(**common, choices=[("", _("未注明")), *pairs])
    if kind == "date":
        return DayField(**common)
    if kind == "money":
        return forms.CharField(**common, max_length=40, help_text=_("也可写“约3亿元”“超5000万元”。不知道就留空。"))
    if kind in {"int", "decimal", "area"}:
        return forms.CharField(**common, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    return forms.CharField(**common, max_length=2000)


def extra_text(value: Any) -> Any:
    """A kept value of a kind's own field as its form field reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return f"{_BOUND_MARKS[Bound(value['bound'])]}{value['amount']}元"
    return value
