"""Areas: exact, in 亩, as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel.area import Area, parse_area
from duikou.kernel.errors import Invalid


@given(st.integers(0, 10**9))
def test_an_area_survives_the_way_into_the_database_and_back(hundredths: int) -> None:
    assert Area.from_hundredths(hundredths).hundredths == hundredths


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("1,200.5", "1200.5"),
        ("1.2万亩", "12000"),
        ("26平方公里", "39000"),
        ("20万平方米", "300"),
        ("100公顷", "1500"),
        ("666.67㎡", "1.00"),
        ("约1.53平方公里", "2295"),
        (150, "150"),
    ],
)
def test_areas_are_read_as_people_write_them(text: str | int, area: str) -> None:
    assert parse_area(text) == Decimal(area)


@pytest.mark.parametrize("text", ["-5", "abc", "5英亩", "99999999", "1-2亩", "１亩半"])
def test_what_is_no_area_is_refused_with_words(text: str) -> None:
    with pytest.raises(Invalid):
        parse_area(text)


def test_nothing_written_is_unknown_and_a_float_is_never_an_area() -> None:
    assert parse_area(" — ") is None
    with pytest.raises(TypeError):
        Area(0.1)  # type: ignore[arg-type]
