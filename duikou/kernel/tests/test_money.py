"""Money is exact, shares add up, amounts are read as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel.errors import Invalid
from duikou.kernel.money import LARGEST, Bound, Money, parse_amount, share

cents = st.integers(min_value=-(10**14), max_value=10**14)
weights = st.lists(st.decimals(min_value=0, max_value=10**6, places=4), min_size=1, max_size=20)


@given(cents, weights)
def test_shares_add_up_to_the_whole(total, shares):
    if sum(shares) == 0:
        with pytest.raises(ValueError):
            share(Money.from_cents(total), shares)
        return
    parts = share(Money.from_cents(total), shares)
    assert sum(part.cents for part in parts) == total
    for part, weight in zip(parts, shares, strict=True):
        exact = Decimal(total) * weight / sum(shares)
        assert abs(part.cents - exact) < 1 + Decimal("1e-9")


@given(cents)
def test_cents_survive_the_round_trip(amount):
    assert Money.from_cents(amount).cents == amount
    assert Money(str(Money.from_cents(amount))).cents == amount


@pytest.mark.parametrize(
    ("text", "unit", "amount", "bound"),
    [
        ("11368000", "万元", "113680000000", Bound.EXACT),
        ("近3000亿元", "万元", "300000000000", Bound.ABOUT),
        ("超过200亿元", "万元", "20000000000", Bound.AT_LEAST),
        ("不超过200亿元", "万元", "20000000000", Bound.AT_MOST),
        ("不少于200亿元", "万元", "20000000000", Bound.AT_LEAST),
        ("不低于200亿元", "万元", "20000000000", Bound.AT_LEAST),
        ("少于200亿元", "万元", "20000000000", Bound.AT_MOST),
        ("约48.29亿元", "元", "4829000000", Bound.ABOUT),
        ("4000多万元", "元", "40000000", Bound.AT_LEAST),
        ("１２，３４５．６７", "元", "12345.67", Bound.EXACT),
        ("百亿级", "万元", "10000000000", Bound.ABOUT),
        ("1,234.5万", "元", "12345000", Bound.EXACT),
        (25, "万元", "250000", Bound.EXACT),
        ("二十万元", "元", "200000", Bound.EXACT),
        ("约一点五亿元", "万元", "150000000", Bound.ABOUT),
        ("二十多亿元", "元", "2000000000", Bound.AT_LEAST),
        ("贰佰零叁万元整", "元", "2030000", Bound.EXACT),
        ("五千万元", "元", "50000000", Bound.EXACT),
        ("5千万元", "元", "50000000", Bound.EXACT),
        ("九千万", "元", "90000000", Bound.EXACT),
        ("两个亿", "元", "200000000", Bound.EXACT),
        ("3亿5000万", "元", "350000000", Bound.EXACT),
        ("近三亿五千万元", "元", "350000000", Bound.ABOUT),
        ("十亿级", "元", "1000000000", Bound.ABOUT),
        (0.1, "万元", "1000", Bound.EXACT),
    ],
)
def test_amounts_are_read_as_people_write_them(text, unit, amount, bound):
    read = parse_amount(text, unit)
    assert read is not None
    assert (read.amount, read.bound) == (Money(amount), bound)


@pytest.mark.parametrize("text", ["abc", "12万34", "1e99", "==1", "12元元吧", "百亿元", "三三亿", "数十亿元"])
def test_what_is_not_an_amount_is_refused_with_a_sentence(text):
    with pytest.raises(Invalid) as refused:
        parse_amount(text)
    assert refused.value.message


@pytest.mark.parametrize("text", ["3-5亿元", "3亿—5亿元", "3至5亿元", "3～5亿", "30万元-50万元"])
def test_a_range_is_refused_with_how_to_write_it(text):
    with pytest.raises(Invalid, match="以上"):
        parse_amount(text)


def test_a_percentage_is_no_amount():
    with pytest.raises(Invalid, match="百分比"):
        parse_amount("35%", "万元")


@given(st.integers(1, 9999), st.sampled_from(["亿", "万", "元"]))
def test_chinese_numerals_are_the_numbers_they_say(number, unit):
    digits, written, zero = "零一二三四五六七八九", "", False
    for name, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            written += ("零" if zero and written else "") + digits[digit] + name
        zero = not digit
    assert parse_amount(written + unit) == parse_amount(f"{number}{unit}")


@pytest.mark.parametrize("text", ["", "  ", "—", "-", "无"])
def test_an_empty_cell_is_no_amount(text):
    assert parse_amount(text) is None


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text):
    try:
        parse_amount(text)
    except Invalid:
        pass


def test_money_is_never_made_from_a_float():
    with pytest.raises(TypeError):
        Money(1.1)


def test_sums_hold_what_is_promised_of_them():
    room = 2**63 - 1
    assert Money(LARGEST).cents * 92_000 <= room
    assert Money("9000000000").cents * 1_000_000 <= room
