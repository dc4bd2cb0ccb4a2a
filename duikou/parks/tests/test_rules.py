"""The arithmetic of parks: two columns that never meet, years without double counting, totals that disclose nobody."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel.money import Money
from duikou.parks.rules.amounts import Agreed, Official, split
from duikou.parks.rules.disclosure import may_show
from duikou.parks.rules.outline import BadOutline, outline_of, picture
from duikou.parks.rules.spans import Row, Span, gaps, span_of_text, year_of_rows

cents = st.integers(-(10**13), 10**13)
weights = st.decimals("0", "1000", places=3)


@pytest.mark.parametrize("other", [Agreed(Money(1)), Money(1), Decimal(1), 1])
def test_an_official_figure_takes_nothing_but_official_figures(other: Any) -> None:
    official = Official(Money(1))
    for do in (
        lambda: official + other,
        lambda: other + official,
        lambda: official - other,
        lambda: sum([official, other]),
        lambda: Official.total([official, other]),
        lambda: Money(official),  # type: ignore[arg-type]
        lambda: official < other,
    ):
        with pytest.raises(TypeError):
            do()
    assert official != other


def test_an_agreed_share_takes_nothing_but_agreed_shares() -> None:
    agreed = Agreed(Money(1))
    for other in (Official(Money(1)), Money(1), 1):
        with pytest.raises(TypeError):
            agreed + other  # type: ignore[operator]
        with pytest.raises(TypeError):
            Agreed.total([agreed, other])  # type: ignore[list-item]
    assert Agreed.total([agreed, agreed]) == Agreed(Money(2))
    assert Official.total([]) == Official(Money(0))


@given(cents, st.lists(weights, min_size=2, max_size=2).filter(lambda two: sum(two) > 0))
def test_the_shares_of_a_split_add_up_to_the_whole_to_the_cent(amount: int, two: list[Decimal]) -> None:
    whole = Agreed(Money.from_cents(amount))
    assert Agreed.total(split(whole, two)) == whole


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025", "2025"),
        ("2025年", "2025"),
        ("2025年第三季度", "2025Q3"),
        ("2025Q3", "2025Q3"),
        ("2025年7月", "2025-07"),
        ("2025-07", "2025-07"),
    ],
)
def test_spans_are_read_as_people_write_them(text: str, code: str) -> None:
    found = span_of_text(text)
    assert found is not None
    assert found.code == code
    assert span_of_text(found.text) == found == span_of_text(found.code)


@pytest.mark.parametrize("text", ["", "2025年上半年", "2025-13", "abc", "2025年7月1日", "1"])
def test_what_is_no_month_quarter_or_year_is_no_span(text: str) -> None:
    assert span_of_text(text) is None


SPANS = [
    Span("year", 2024, 1),
    *(Span("quarter", 2024, month) for month in (1, 4, 7, 10)),
    *(Span("month", 2024, month) for month in range(1, 13)),
]


@given(st.dictionaries(st.sampled_from(SPANS), st.integers(0, 10**9), max_size=17))
def test_a_year_counts_no_month_twice(found: dict[Span, int]) -> None:
    """Given figures that agree with one another (each month its own), any mix of spans covers each month once."""
    months = dict.fromkeys(range(1, 13), 7)
    rows = [Row(span, {"tax": Decimal(sum(months[month] for month in span.months))}) for span in found]
    year = year_of_rows(rows, ["tax"])
    covered = frozenset[int]().union(*(span.months for span in found))
    assert year.values.get("tax", Decimal(0)) == 7 * len(covered)
    assert year.months == len(covered)
    assert gaps(rows, ["tax"]) == []


def test_a_year_that_its_quarters_do_not_add_up_to_is_named() -> None:
    rows = [Row(SPANS[0], {"tax": Decimal(10)}), *(Row(span, {"tax": Decimal(3)}) for span in SPANS[1:5])]
    (gap,) = gaps(rows, ["tax"])
    assert (gap.span, gap.stated, gap.added) == (SPANS[0], 10, 12)
    assert year_of_rows(rows, ["tax"]).values["tax"] == 10
    part = [Row(SPANS[0], {"tax": Decimal(2)}), Row(SPANS[1], {"tax": Decimal(3)})]
    assert len(gaps(part, ["tax"])) == 1
    assert gaps(part, ["tax"], may_fall=["tax"]) == []


def test_jobs_of_a_year_are_those_at_its_last_known_end() -> None:
    rows = [Row(SPANS[1], {}, 10), Row(SPANS[3], {}, 30), Row(SPANS[2], {}, 20)]
    assert year_of_rows(rows, []).jobs == 30


def _spanned(rows: list[list[Fraction]], target: list[Fraction]) -> bool:
    """Whether `target` is a combination of `rows` (Gauss, exact)."""

    def rank(matrix: list[list[Fraction]]) -> int:
        matrix, done = [row[:] for row in matrix], 0
        for column in range(len(target)):
            pivot = next((at for at in range(done, len(matrix)) if matrix[at][column]), None)
            if pivot is None:
                continue
            matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
            for at in range(len(matrix)):
                if at != done and matrix[at][column]:
                    times = matrix[at][column] / matrix[done][column]
                    matrix[at] = [a - times * b for a, b in zip(matrix[at], matrix[done], strict=True)]
            done += 1
        return done

    return rank(rows) == rank([*rows, target])


@given(
    st.sets(st.integers(0, 7)),
    st.sets(st.integers(0, 7)),
    st.integers(2, 5),
)
def test_no_shown_total_gives_away_one_company_not_even_by_difference(
    official: set[int], agreed: set[int], least: int
) -> None:
    shown = may_show(official=official, agreed=agreed, least=least)
    rows = [
        [Fraction(int(at in who)) for at in range(8)]
        for who, is_shown in ((official, shown.official), (agreed, shown.agreed))
        if is_shown
    ]
    for company in range(8):
        alone = [Fraction(int(at == company)) for at in range(8)]
        assert not _spanned(rows, alone)


def polygon(*points: tuple[float, float]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [[list(point) for point in (*points, points[0])]]})


def test_a_proper_outline_is_taken_and_drawn() -> None:
    text = polygon((123.4, 41.8), (123.5, 41.8), (123.5, 41.9), (123.4, 41.9))
    rings = outline_of(text)
    assert outline_of(json.dumps({"type": "Feature", "properties": {}, "geometry": json.loads(text)})) == rings
    path, metres = picture(rings)
    assert path.startswith("M")
    assert path.endswith("Z")
    assert metres > 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "json"),
        ("[1,2]", "kind"),
        ("[" * 100_000, "json"),
        ('{"type": "Point", "coordinates": [1, 2]}', "kind"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1]]]}', "json"),
        ('{"type": "Polygon", "coordinates": [[[true, 1], [1, 1], [1, 2], [true, 1]]]}', "kind"),
        ('{"type": "Polygon", "coordinates": []}', "kind"),
        (polygon((41.8, 123.4), (41.8, 123.5), (41.9, 123.5)), "place"),
        (polygon((100.0, 30.0), (110.0, 30.0), (110.0, 40.0)), "extent"),
        (polygon((123.4, 41.8), (123.5, 41.9), (123.5, 41.8), (123.4, 41.9)), "crossing"),
        (polygon(*((123.4, 41.8) for _ in range(3000))), "points"),
        (" " * 500_000, "size"),
    ],
)
def test_what_is_no_outline_of_a_park_is_refused_by_its_fault(text: str, code: str) -> None:
    with pytest.raises(BadOutline) as refused:
        outline_of(text)
    assert refused.value.code == code
