"""Arithmetic and forms of projects: nothing here asks a database or a clock."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from duikou.kernel.errors import Invalid
from duikou.kernel.money import LARGEST, UNITS, Bound, BoundedMoney, Money, parse_amount

_HYPHENS = re.compile(r"[‐‑‒–—―−]")
_CODE = re.compile(r"(\d{2})(\d{2})-(\d{6})-(\d{2})-(\d{2})-(\d{5})([0-9A-Z])")
NATIONAL = "000000"
"""The region part of a code given out by a central department."""


_NUMBER = re.compile(r"(?:XM)?(\d{1,12})(?: .*)?", re.ASCII)


def project_number(text: str) -> int | None:
    """The id in a project's number as people write it ("XM000012", "12", "XM000012 名称"); None where there is none."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    return int(found[1]) if found else None


class CodeFault(StrEnum):
    """What is wrong with a project code."""

    FORM = "form"
    MONTH = "month"
    REGION = "region"


class BadCode(ValueError):
    """A project code that cannot be one; `fault` names the part."""

    def __init__(self, fault: CodeFault) -> None:
        self.fault = fault
        super().__init__(fault.value)


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """The parts of an investment project code (domain.md, section 6); the check character is not public."""

    text: str
    year: int
    month: int
    region: str


def parse_project_code(text: str) -> ProjectCode:
    """Read `YYMM-RRRRRR-DD-TT-NNNNNC`, full width and long hyphens folded; raises `BadCode` for form or month.

    Whether the region exists is for the caller to ask (it may be a code of the past).
    """
    plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", text)).strip().upper()
    found = _CODE.fullmatch(plain) if plain.isascii() else None
    if found is None:
        raise BadCode(CodeFault.FORM)
    if not 1 <= int(found[2]) <= 12:
        raise BadCode(CodeFault.MONTH)
    return ProjectCode(plain, 2000 + int(found[1]), int(found[2]), found[3])


class ValueFault(StrEnum):
    """What is wrong with a value of a kind's own field."""

    REQUIRED = "required"
    UNKNOWN = "unknown"
    TYPE = "type"
    CHOICE = "choice"
    LENGTH = "length"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class TypedValues:
    """Values fit to store as JSON, and the faults by key."""

    values: Mapping[str, Any] = field(default_factory=dict)
    faults: Mapping[str, ValueFault] = field(default_factory=dict)


TEXT_LIMIT = 2000
_FINE = re.compile(r"\.\d\d\d*[1-9]\d*$")
_TRUE = {"true", "1", "是", "yes", "y", "有", "on"}
_FALSE = {"false", "0", "否", "no", "n", "无", "off"}


def typed_values(fields: Sequence[Mapping[str, Any]], given: Mapping[str, Any]) -> TypedValues:
    """Check `given` against a kind's `fields`; decimals, money and area are kept as exact text, dates as ISO."""
    values: dict[str, Any] = {}
    faults: dict[str, ValueFault] = {key: ValueFault.UNKNOWN for key in given if key not in {f["key"] for f in fields}}
    for spec in fields:
        raw = given.get(spec["key"])
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if spec.get("required"):
                faults[spec["key"]] = ValueFault.REQUIRED
            continue
        try:
            values[spec["key"]] = _typed(spec, raw)
        except BadValue as bad:
            faults[spec["key"]] = bad.fault
    return TypedValues(values, faults)


class BadValue(ValueError):
    """One value that does not fit its field."""

    def __init__(self, fault: ValueFault) -> None:
        self.fault = fault
        super().__init__(fault.value)


def _typed(spec: Mapping[str, Any], raw: Any) -> Any:
    kind, text = spec["type"], str(raw).strip()
    if kind == "bool":
        return _truth(raw, text)
    if kind == "choice":
        return _choice(spec, text)
    if kind in {"decimal", "money", "area", "int"}:
        return _number(spec, raw)
    if kind == "date":
        return _date(raw, text)
    if len(text) > TEXT_LIMIT:
        raise BadValue(ValueFault.LENGTH)
    return text


def _truth(raw: Any, text: str) -> bool:
    if isinstance(raw, bool):
        return raw
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise BadValue(ValueFault.TYPE)


def _choice(spec: Mapping[str, Any], text: str) -> str:
    for choice in spec.get("choices") or ():
        value, label = (choice["value"], choice.get("label")) if isinstance(choice, Mapping) else (choice, choice)
        if text in {str(value), str(label)}:
            return str(value)
    raise BadValue(ValueFault.CHOICE)


_LARGEST: Mapping[str, Decimal] = {"int": Decimal(10) ** 8, "area": Decimal(10) ** 8, "decimal": Decimal(10) ** 12}


def value_range(spec: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    """Least and greatest value of a number field in its unit: the pack's `min` and `max`, else what is sensible."""
    unit = UNITS.get(spec.get("unit") or "", Decimal(1))
    largest = LARGEST / unit if spec["type"] == "money" else _LARGEST[spec["type"]]
    least, most = spec.get("min"), spec.get("max")
    return Decimal(0 if least is None else str(least)), largest if most is None else Decimal(str(most))


def _number(spec: Mapping[str, Any], raw: Any) -> Any:
    kind, text = spec["type"], str(raw).strip()
    if kind == "money":
        return _money(spec, raw)
    try:
        number = Decimal(unicodedata.normalize("NFKC", text).replace(",", ""))
    except InvalidOperation:
        raise BadValue(ValueFault.TYPE) from None
    if not number.is_finite():
        raise BadValue(ValueFault.TYPE)
    _refuse_outside(spec, number)
    if kind == "int":
        if number != number.to_integral_value():
            raise BadValue(ValueFault.TYPE)
        return int(number)
    if -int(number.as_tuple().exponent) > 6:
        raise BadValue(ValueFault.TYPE)
    return format(number, "f")


def _refuse_outside(spec: Mapping[str, Any], number: Decimal) -> None:
    least, most = value_range(spec)
    if not least <= number <= most:
        raise BadValue(ValueFault.RANGE)


def _money(spec: Mapping[str, Any], raw: Any) -> Any:
    """An amount as people write it, kept as exact 元; with its bound beside it where it is not exact."""
    unit = spec["unit"] if spec.get("unit") in UNITS else "元"
    if isinstance(raw, Mapping):
        found = money_value(raw)
    elif _FINE.search(unicodedata.normalize("NFKC", str(raw))) and unit == "元":
        raise BadValue(ValueFault.TYPE)
    else:
        try:
            found = parse_amount(str(raw), unit=unit)
        except Invalid:
            raise BadValue(ValueFault.TYPE) from None
    if found is None:
        raise BadValue(ValueFault.TYPE)
    _refuse_outside(spec, Decimal(found.amount) / UNITS[unit])
    exact = format(Decimal(found.amount), "f").removesuffix(".00")
    return exact if found.bound is Bound.EXACT else {"amount": exact, "bound": found.bound.value}


def money_value(stored: Any) -> BoundedMoney | None:
    """A stored money value of a kind's own field with its bound; None where there is none."""
    amount, bound = (stored.get("amount"), stored.get("bound")) if isinstance(stored, Mapping) else (stored, None)
    if amount in (None, ""):
        return None
    try:
        return BoundedMoney(Money(str(amount)), Bound(bound or Bound.EXACT))
    except (InvalidOperation, ValueError):
        raise BadValue(ValueFault.TYPE) from None


def number_value(stored: Any) -> Decimal:
    """A stored number of a kind's own field."""
    return Decimal(str(stored))


def typed_value(spec: Mapping[str, Any], raw: Any) -> Any:
    """One value as `typed_values` keeps it; raises `BadValue`."""
    return _typed(spec, raw)


class Doubt(StrEnum):
    """Figures of one project that seldom go together, yet may."""

    OVER_PLANNED = "over_planned"
    OVER_SIGNED = "over_signed"


def doubts(
    completed: BoundedMoney | None, *, planned: BoundedMoney | None, signed: BoundedMoney | None
) -> tuple[Doubt, ...]:
    """Where completed money exceeds the planned or the signed; bounds that leave it possible raise no doubt."""
    if completed is None or completed.bound is Bound.AT_MOST:
        return ()
    pairs = ((Doubt.OVER_PLANNED, planned), (Doubt.OVER_SIGNED, signed))
    return tuple(
        doubt
        for doubt, other in pairs
        if other is not None and other.bound is not Bound.AT_LEAST and completed.amount > other.amount
    )


def _date(raw: Any, text: str) -> str:
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat()
    if isinstance(raw, dt.date):
        return raw.isoformat()
    try:
        return dt.date.fromisoformat(text.replace("/", "-").replace(".", "-")).isoformat()
    except ValueError:
        raise BadValue(ValueFault.TYPE) from None


def completion_rate(completed: Decimal, signed: Decimal) -> Decimal | None:
    """Completed as a per cent of signed, one decimal; None where nothing was signed."""
    return (completed * 100 / signed).quantize(Decimal("0.1")) if signed > 0 else None
