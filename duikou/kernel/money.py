"""Money in 元, exact to the 分, and how people write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.kernel.errors import Invalid

CENT = Decimal("0.01")
WAN = Decimal(10_000)
YI = Decimal(100_000_000)
UNITS = {
    "元": Decimal(1),
    "万元": WAN,
    "亿元": YI,
    "万": WAN,
    "亿": YI,
    "千元": Decimal(1000),
    "百万元": Decimal(1_000_000),
    "百万": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "千万": Decimal(10_000_000),
}
LARGEST = Decimal("1e12")
"""The largest single amount taken in, 1万亿元: public statistics state as much (7000亿元 for a pair of provinces).

A sum of 分 in 64 bits holds 92,000 amounts of this size; a million projects may have 90亿元 each on average.
"""


class Money(Decimal):
    """An amount of 元, always a whole number of 分 (half up). Never made from a float."""

    def __new__(cls, value: Decimal | int | str = 0) -> Money:
        if isinstance(value, float):
            raise TypeError("Money is never made from a float")
        exact = Decimal(value)
        if not exact.is_finite():
            raise ValueError("Money must be finite")
        return super().__new__(cls, exact.quantize(CENT, ROUND_HALF_UP))

    @classmethod
    def from_cents(cls, cents: int) -> Money:
        """From a whole number of 分."""
        return cls(Decimal(int(cents)).scaleb(-2))

    @property
    def cents(self) -> int:
        """The amount in 分."""
        return int(self.scaleb(2))

    @property
    def wan(self) -> Decimal:
        """The amount in 万元 (exact)."""
        return Decimal(self) / WAN

    @property
    def yi(self) -> Decimal:
        """The amount in 亿元 (exact)."""
        return Decimal(self) / YI

    def __add__(self, other: Any) -> Money:
        return Money(Decimal(self) + Decimal(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Money:
        return Money(Decimal(self) - Decimal(other))

    def __neg__(self) -> Money:
        return Money(-Decimal(self))


class Bound(StrEnum):
    """How a source qualifies a figure."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


BOUND_LABELS = {
    Bound.EXACT: gettext_lazy("准确数"),
    Bound.ABOUT: gettext_lazy("约数"),
    Bound.AT_LEAST: gettext_lazy("下限"),
    Bound.AT_MOST: gettext_lazy("上限"),
}


@dataclass(frozen=True, slots=True)
class BoundedMoney:
    """An amount and how far it is meant."""

    amount: Money
    bound: Bound = Bound.EXACT


_BOUND_WORDS = (
    (
        Bound.AT_LEAST,
        ("不少于", "不低于", "不小于", "至少", "超过", "高于", "逾", "超", "以上", "余", "多", "+", "≥", ">", "大于"),
    ),
    (
        Bound.AT_MOST,
        ("不超过", "不高于", "不多于", "不大于", "至多", "不足", "低于", "少于", "以内", "以下", "≤", "<", "小于"),
    ),
    (Bound.ABOUT, ("大约", "约", "近", "左右", "将近", "接近", "~", "≈", "上下")),
)
_NOT_LESS = ("不少于", "不低于", "不小于")
_NUMBER = re.compile(r"[-−]?\d[\d,，]*(?:\.\d+)?")
_UNIT = re.compile(r"(亿元|亿|千万元|千万|百万元|百万|万元|万|千元|元)")
_CHINESE = re.compile(
    r"(?<![\d.])[一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾][零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟点]*"
)
_DIGITS = {
    char: value for chars in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖") for value, char in enumerate(chars)
} | {"两": 2}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_COMPOUND = re.compile(r"(\d[\d,]*(?:\.\d+)?)亿元?(\d[\d,]*(?:\.\d+)?)万(?!元?[\d])")
_RANGE = re.compile(r"\d(?:亿元?|万元?|元)?(?:[-—–~～－]+|至|到)\d")
_ROUND_WORDS = {"百": Decimal(100), "千": Decimal(1000), "10": Decimal(10)}


def bound_of(text: str) -> Bound:
    """Which bound the words around a figure express; 不超过 is read before 超过, and 不少于 before 少于."""
    if any(word in text for word in _NOT_LESS):
        return Bound.AT_LEAST
    for bound, words in (_BOUND_WORDS[1], _BOUND_WORDS[0], _BOUND_WORDS[2]):
        if any(word in text for word in words):
            return bound
    return Bound.EXACT


def arabic(text: str) -> str:
    """Chinese numerals below 万 as digits (二十 → 20, 一点五 → 1.5); what makes no number stays as it is."""
    return _CHINESE.sub(lambda found: _arabic(found[0]), text)


def _arabic(numeral: str) -> str:
    whole, point, decimals = numeral.partition("点")
    if point and (not decimals or any(char not in _DIGITS for char in decimals)):
        return numeral
    total, digit, least = 0, None, 10_000
    for char in whole:
        if char in _DIGITS:
            if digit:
                return numeral
            digit = _DIGITS[char]
        elif _TENS[char] < least and (digit or (char in "十拾" and digit is None and not total)):
            least = _TENS[char]
            total, digit = total + (digit or 1) * least, None
        else:
            return numeral
    value = str(total + (digit or 0))
    return f"{value}.{''.join(str(_DIGITS[char]) for char in decimals)}" if point else value


def _one_unit(plain: str) -> str:
    """An amount in 亿 and 万 as one in 万: 1亿2000万元 → 12000万元."""
    found = _COMPOUND.search(plain)
    if found is None:
        return plain
    try:
        total = Decimal(found[1].replace(",", "")) * 10_000 + Decimal(found[2].replace(",", ""))
    except InvalidOperation:
        return plain
    return f"{plain[: found.start()]}{total:f}万{plain[found.end() :]}"


def _refuse_known(plain: str, raw: str) -> None:
    """Say how to write what is no single amount of money."""
    if plain.endswith("%"):
        raise Invalid(_("“%(text)s”是百分比，不是金额；请填写金额。") % {"text": raw[:40]})
    if _RANGE.search(plain):
        raise Invalid(
            _(
                "“%(text)s”是一个范围，只能登记一个数：请写下限加“以上”（如“3亿元以上”）或写约数（如“约4亿元”），原文放在备注。"
            )
            % {"text": raw[:40]}
        )


def parse_amount(text: str | int | Decimal, unit: str = "元") -> BoundedMoney | None:
    """Read an amount as people write it ("近3000亿元", "1.2万", "百亿级"); `unit` holds where none is written.

    Returns None for an empty cell; raises `Invalid` saying what cannot be read, and for amounts beyond `LARGEST`.
    """
    if isinstance(text, float):
        text = Decimal(repr(text))
    raw = str(text).strip()
    if not raw or raw in {"-", "—", "/", "无"}:
        return None
    plain = unicodedata.normalize("NFKC", raw).replace(" ", "").replace("人民币", "").replace("¥", "").replace("￥", "")
    _refuse_known(plain, raw)
    plain = _one_unit(arabic(plain.replace("个亿", "亿").removesuffix("整")))
    bound = bound_of(plain)
    level = re.fullmatch(r"(10|百|千)(亿|万)元?级", plain)
    if level:
        amount = _ROUND_WORDS[level[1]] * UNITS[level[2]]
        return BoundedMoney(Money(amount), Bound.ABOUT)
    numbers = _NUMBER.findall(plain) or re.findall(r"\d+(?:\.\d+)?[eE][+]?\d+", plain)
    if len(numbers) != 1:
        raise Invalid(_("无法识别金额“%(text)s”。") % {"text": raw[:40]})
    units = _UNIT.findall(plain)
    if len(units) > 1:
        raise Invalid(_("金额“%(text)s”含有不止一个单位。") % {"text": raw[:40]})
    leftover = _leftover(plain, numbers[0], units)
    if leftover:
        raise Invalid(_("无法识别金额“%(text)s”中的“%(part)s”。") % {"text": raw[:40], "part": leftover[:20]})
    try:
        value = Decimal(re.sub("[,，]", "", numbers[0].replace("−", "-"))) * UNITS[units[0] if units else unit]
    except InvalidOperation:
        raise Invalid(_("无法识别金额“%(text)s”。") % {"text": raw[:40]}) from None
    if abs(value) > LARGEST:
        raise Invalid(_("金额“%(text)s”超出可接受的范围。") % {"text": raw[:40]})
    return BoundedMoney(Money(value), bound)


def _leftover(plain: str, number: str, units: Sequence[str]) -> str:
    rest = plain.replace(number, "", 1)
    for word in (*units, *sorted((w for _bound, words in _BOUND_WORDS for w in words), key=len, reverse=True)):
        rest = rest.replace(word, "", 1)
    return rest


def share(total: Money, weights: Sequence[Decimal | int]) -> list[Money]:
    """Split `total` by `weights` so that the parts add up to it, to the 分 (largest remainder, earlier part on ties).

    Raises `ValueError` for no weights, a negative weight or weights that add up to nothing.
    """
    exact = [Decimal(weight) for weight in weights]
    whole = sum(exact, Decimal(0))
    if not exact or min(exact) < 0 or whole == 0:
        raise ValueError("weights must be non-negative and add up to more than nothing")
    sign, cents = (-1, -total.cents) if total < 0 else (1, total.cents)
    # integers throughout: a quotient in Decimal would be rounded before its remainder is compared
    scale = max(0, *(-int(weight.as_tuple().exponent) for weight in exact))
    counts = [int(weight.scaleb(scale)) for weight in exact]
    base = sum(counts)
    parts = [cents * count // base for count in counts]
    order = sorted(range(len(counts)), key=lambda i: (-(cents * counts[i] % base), i))
    for i in order[: cents - sum(parts)]:
        parts[i] += 1
    return [Money.from_cents(sign * part) for part in parts]


class MoneyField(models.BigIntegerField[Any, Any]):
    """Stores 分 as a 64-bit integer and gives `Money`: sums are exact on every database."""

    description = gettext_lazy("金额（元，精确到分）")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Money | None:
        """分 in the database to 元 in Python."""
        return None if value is None else Money.from_cents(int(value))

    def to_python(self, value: Any) -> Any:
        """Any exact spelling of 元 to `Money`; raises `ValidationError` otherwise."""
        if value is None or isinstance(value, Money):
            return value
        try:
            return Money(value)
        except (InvalidOperation, TypeError, ValueError):
            raise ValidationError(_("请输入以元为单位的金额。"), code="invalid") from None

    def get_prep_value(self, value: Any) -> int | None:
        """元 in Python to 分 in the database."""
        if hasattr(value, "resolve_expression"):
            return value  # type: ignore[no-any-return]
        money = self.to_python(value)
        return None if money is None else money.cents

    def value_to_string(self, obj: models.Model) -> str:
        """For serialisers: 元 with two decimals."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        """A decimal form field in 元."""
        return forms.DecimalField(
            **{"max_digits": 15, "decimal_places": 2, "required": not self.blank, "label": self.verbose_name, **kwargs}
        )

    @property
    def validators(self) -> list[Any]:
        """64-bit range checks of the parent speak of 分; the range of 元 is checked where amounts come in."""
        return []
