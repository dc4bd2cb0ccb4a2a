"""The own fields of a kind: how they are named and read, and their numbers as the database computes with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, DecimalField, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from duikou.kernel.money import Bound
from duikou.kernel.templatetags.look import money
from duikou.programme.models import ProjectKind
from duikou.programme.models.localised import in_language
from duikou.projects import rules

NUMBERS = frozenset({"int", "decimal", "area", "money"})
Spec = Mapping[str, Any]


def spec_label(spec: Any) -> str:
    """A kind's field with its unit, in the reader's language."""
    label = in_language(spec["label"], spec.get("label_en", ""))
    if spec["type"] == "money":
        return label
    unit = in_language(spec.get("unit", ""), spec.get("unit_en", ""))
    return _("%(label)s（%(unit)s）") % {"label": label, "unit": unit} if unit else label


def spec_value(spec: Any, value: Any) -> Any:
    """A kind's value as read by people."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if spec["type"] == "money" and (amount := rules.money_value(value)) is not None:
        return money(amount.amount, bound="" if amount.bound is Bound.EXACT else amount.bound)
    for choice in spec.get("choices") or ():
        if isinstance(choice, dict) and str(choice.get("value")) == str(value):
            return in_language(choice.get("label", str(value)), choice.get("label_en", ""))
    return value


def spec_plain(spec: Spec, value: Any) -> Any:
    """A kind's value as an export writes it: numbers as numbers, money in 元."""
    if value in (None, ""):
        return None
    if spec["type"] == "money":
        amount = rules.money_value(value)
        return None if amount is None else amount.amount
    return rules.number_value(value) if spec["type"] in NUMBERS else spec_value(spec, value)


def spec_number(kind: ProjectKind, spec: Spec) -> Any:
    """The number in a field of `kind`, NULL for projects of other kinds (whose field of that name may be a text)."""
    kept: Any = KT(f"extra__{spec['key']}")
    if spec["type"] == "money":
        kept = Coalesce(KT(f"extra__{spec['key']}__amount"), kept)
    number = DecimalField(max_digits=30, decimal_places=6)
    return Case(When(kind_id=kind.pk, then=Cast(kept, number)), default=None, output_field=number)


def numbers_of(kind: ProjectKind) -> list[Spec]:
    """The kind's fields that can be added up: per cents and terms are not."""
    return [spec for spec in kind.fields if spec["type"] in NUMBERS and spec.get("unit") not in ("%", "年")]
