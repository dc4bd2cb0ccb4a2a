"""Keyset pages: the walk is the whole order, both ways, with unknown values; no cursor can break it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.core import signing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.kernel.clock import SHANGHAI
from duikou.kernel.keyset import SALT, Order, keyset_page, rows_walk

EARLY = dt.datetime(1900, 1, 1, tzinfo=SHANGHAI)
"""What an unknown date stands for in these tests."""


@pytest.fixture
def rows(db):
    """Makes accounts with the given log-in dates (days, None = never)."""

    def make(days):
        account = get_user_model()
        account.objects.filter(username__startswith="keyset-").delete()
        account.objects.bulk_create(
            account(
                username=f"keyset-{number}",
                last_login=None if day is None else dt.datetime(2020, 1, 1 + day, tzinfo=SHANGHAI),
            )
            for number, day in enumerate(days)
        )
        return account.objects.filter(username__startswith="keyset-")

    return make


def expected(query, order):
    found = sorted(query, key=lambda row: ((getattr(row, order.field) or EARLY) if order.field != "id" else 0, row.pk))
    return [row.pk for row in (reversed(found) if order.descending else found)]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(days=st.lists(st.none() | st.integers(0, 3), max_size=23), descending=st.booleans(), size=st.integers(1, 6))
def test_the_walk_both_ways_is_the_whole_order_without_loss_or_doubles(rows, days, descending, size):
    query = rows(days)
    order = Order("last_login", descending=descending, null=EARLY)
    pages, cursor = [], ""
    while True:
        page = keyset_page(query, order, cursor, size=size)
        pages.append([row.pk for row in page.rows])
        if page.next is None:
            break
        cursor = page.next
    assert [pk for page in pages for pk in page] == expected(query, order)
    back = [pages[-1]]
    while page.previous is not None:
        page = keyset_page(query, order, page.previous, size=size)
        back.insert(0, [row.pk for row in page.rows])
    assert back == pages
    assert [row.pk for chunk in rows_walk(query, order, size=size) for row in chunk] == expected(query, order)


def test_a_walk_asks_once_however_many_rows_there_are(rows, django_assert_num_queries):
    query = rows([None, 3, 1, 3, None, 2, 0])
    for order in (Order("id"), Order("last_login", null=EARLY), Order("id", descending=True)):
        with django_assert_num_queries(1):
            assert [len(some) for some in rows_walk(query, order, size=3)] == [3, 3, 1]


@pytest.mark.parametrize(
    "cursor",
    ["x", "…", "a" * 5000, signing.dumps(["-id", 1, 1, 0], salt="other"), signing.dumps([1], salt=SALT)],
    ids=["word", "sign", "long", "other-salt", "short"],
)
def test_a_cursor_that_is_not_ours_gives_the_first_page_and_says_so(rows, cursor):
    query = rows([1, 2, 3])
    page = keyset_page(query, Order("id"), cursor, size=2)
    assert page.damaged
    assert [row.pk for row in page.rows] == expected(query, Order("id"))[:2]


def test_a_cursor_of_another_order_is_not_used(rows):
    query = rows([1, 2, 3])
    cursor = keyset_page(query, Order("id"), size=1).next
    assert keyset_page(query, Order("id", descending=True), cursor, size=1).damaged


def test_a_page_is_one_query_or_two_whatever_its_size(rows, django_assert_num_queries):
    query = rows([1, None, 3])
    order = Order("last_login", null=EARLY)
    with django_assert_num_queries(1):
        cursor = keyset_page(query, order, size=1).next
    with django_assert_num_queries(2):
        keyset_page(query, order, cursor, size=1)


def test_a_page_among_equal_values_is_one_query(rows, django_assert_num_queries):
    query = rows([None, None, None, None, 5])
    order = Order("last_login", null=EARLY)
    cursor = keyset_page(query, order, size=1).next
    with django_assert_num_queries(1):
        page = keyset_page(query, order, cursor, size=1)
    assert len(page.rows) == 1
