"""Areas in 亩, exact to the hundredth, and how people write them."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duikou.kernel.errors import Invalid

HUNDREDTH = Decimal("0.01")
LARGEST = Decimal(10_000_000)
"""亩; about 6,667 square kilometres, more than any park or new area the programme knows."""
_SQUARE_METRE = Decimal(15) / Decimal(10_000)
UNITS = {
    "亩": Decimal(1),
    "万亩": Decimal(10_000),
    "公顷": Decimal(15),
    "平方公里": Decimal(1500),
    "平方千米": Decimal(1500),
    "km2": Decimal(1500),
    "平方米": _SQUARE_METRE,
    "平米": _SQUARE_METRE,
    "m2": _SQUARE_METRE,
    "万平方米": _SQUARE_METRE * 10_000,
}
"""亩 in one of each; 1 亩 is 10000/15 square metres."""
_WRITTEN = re.compile(r"约?(\d[\d,]*(?:\.\d+)?)(\D*\d?)")


class Area(Decimal):
    """An area in 亩, a whole number of hundredths (half up). Never made from a float."""

    def __new__(cls, value: Decimal | int | str = 0) -> Area:
        if isinstance(value, float):
            raise TypeError("Area is never made from a float")
        exact = Decimal(value)
        if not exact.is_finite():
            raise ValueError("Area must be finite")
        return super().__new__(cls, exact.quantize(HUNDREDTH, ROUND_HALF_UP))

    @classmethod
    def from_hundredths(cls, hundredths: int) -> Area:
        """From a whole number of hundredths of a 亩."""
        return cls(Decimal(int(hundredths)).scaleb(-2))

    @property
    def hundredths(self) -> int:
        """The area in hundredths of a 亩."""
        return int(self.scaleb(2))

    @property
    def square_kilometres(self) -> Decimal:
        """The area in 平方公里."""
        return Decimal(self) / UNITS["平方公里"]


def parse_area(text: str | int | Decimal, unit: str = "亩") -> Area | None:
    """Read an area as people write it ("1.2万亩", "26平方公里"); `unit` holds where none is written.

    None for an empty cell; raises `Invalid` for what cannot be read, for negative ones and beyond `LARGEST`.
    """
    if isinstance(text, float):
        text = Decimal(repr(text))
    raw = str(text).strip()
    if not raw or raw in {"-", "—", "/", "无"}:
        return None
    plain = unicodedata.normalize("NFKC", raw).replace(" ", "").replace("㎡", "m2").lower()
    found = _WRITTEN.fullmatch(plain)
    if found is None or (found[2] or unit) not in UNITS:
        raise Invalid(_("无法识别面积“%(text)s”，请写成数字（亩），或带单位，如“26平方公里”。") % {"text": raw[:40]})
    try:
        value = Decimal(found[1].replace(",", "")) * UNITS[found[2] or unit]
    except InvalidOperation:
        raise Invalid(_("无法识别面积“%(text)s”。") % {"text": raw[:40]}) from None
    if value > LARGEST:
        raise Invalid(_("面积“%(text)s”超出可接受的范围。") % {"text": raw[:40]})
    return Area(value)


class AreaField(models.BigIntegerField[Any, Any]):
    """Stores hundredths of a 亩 as an integer and gives `Area`: sums are exact on every database."""

    description = gettext_lazy("面积（亩，精确到百分之一）")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Area | None:
        """Hundredths in the database to 亩 in Python."""
        return None if value is None else Area.from_hundredths(int(value))

    def to_python(self, value: Any) -> Any:
        """Any exact spelling of 亩 to `Area`; raises `ValidationError` otherwise."""
        if value is None or isinstance(value, Area):
            return value
        try:
            return Area(value)
        except (InvalidOperation, TypeError, ValueError):
            raise ValidationError(_("请输入以亩为单位的面积。"), code="invalid") from None

    def get_prep_value(self, value: Any) -> int | None:
        """亩 in Python to hundredths in the database."""
        if hasattr(value, "resolve_expression"):
            return value  # type: ignore[no-any-return]
        area = self.to_python(value)
        return None if area is None else area.hundredths

    def value_to_string(self, obj: models.Model) -> str:
        """For serialisers: 亩 with two decimals."""
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    @property
    def validators(self) -> list[Any]:
        """64-bit range checks of the parent speak of hundredths; the range of 亩 is checked where areas come in."""
        return []
