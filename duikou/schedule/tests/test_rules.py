"""What follows from dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from duikou.schedule.rules import Edge, Node, Ring, Schedule, makes_ring, ordered, schedule, slip, standing

DAY = dt.date(2026, 3, 1)
days = st.integers(-400, 400).map(lambda n: DAY + dt.timedelta(days=n))


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Node], list[Edge]]:
    """Milestones without rings: an edge leads from a lower to a higher id."""
    count = draw(st.integers(1, 8))
    nodes = [Node(pk, draw(days), draw(st.none() | days), draw(st.none() | st.none() | days)) for pk in range(count)]
    pairs = [(a, b) for b in range(count) for a in range(b)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12)) if pairs else []
    return nodes, [Edge(a, b, draw(st.integers(0, 60))) for a, b in chosen]


def moved(nodes: list[Node], pk: int, by: int, found: Schedule) -> list[Node]:
    shift = dt.timedelta(days=by)
    return [replace(node, forecast=found.expected[pk] + shift) if node.id == pk else node for node in nodes]


@given(networks())
def test_nothing_open_comes_before_what_it_waits_for(network: tuple[list[Node], list[Edge]]) -> None:
    nodes, edges = network
    found = schedule(nodes, edges)
    for node in nodes:
        if node.done is not None:
            assert found.expected[node.id] == node.done
            continue
        asked = [found.expected[e.before] + dt.timedelta(days=e.lag) for e in edges if e.after == node.id]
        assert found.expected[node.id] == max([node.own or DAY, *asked])


@given(networks(), st.data())
def test_a_delay_of_what_carries_the_end_delays_the_end_by_as_much(
    network: tuple[list[Node], list[Edge]], data: st.DataObject
) -> None:
    nodes, edges = network
    found = schedule(nodes, edges)
    assume(found.critical)
    pk = data.draw(st.sampled_from(sorted(found.critical)))
    after = schedule(moved(nodes, pk, 5, found), edges)
    assert _end(nodes, after) == _end(nodes, found) + dt.timedelta(days=5)


@given(networks(), st.data())
def test_within_its_slack_a_delay_moves_the_end_not_at_all(
    network: tuple[list[Node], list[Edge]], data: st.DataObject
) -> None:
    nodes, edges = network
    found = schedule(nodes, edges)
    assume(found.slack)
    pk = data.draw(st.sampled_from(sorted(found.slack)))
    after = schedule(moved(nodes, pk, found.slack[pk], found), edges)
    assert _end(nodes, after) == _end(nodes, found)


def _end(nodes: list[Node], found: Schedule) -> dt.date:
    return max(found.expected[node.id] for node in nodes if node.done is None)


@given(networks())
def test_a_slip_never_pulls_anything_forward(network: tuple[list[Node], list[Edge]]) -> None:
    nodes, edges = network
    found = schedule(nodes, edges)
    first = nodes[0]
    later = schedule(
        [replace(first, planned=first.planned and first.planned + dt.timedelta(days=30)), *nodes[1:]], edges
    )
    assert all(later.expected[pk] >= day for pk, day in found.expected.items())


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=20))
def test_links_that_are_checked_one_by_one_never_make_a_ring(pairs: list[tuple[int, int]]) -> None:
    edges: list[Edge] = []
    for before, after in pairs:
        if not makes_ring(edges, before, after):
            edges.append(Edge(before, after))
        else:
            with pytest.raises(Ring):
                ordered(range(7), [*edges, Edge(before, after)])
    order = ordered(range(7), edges)
    assert all(order.index(edge.before) < order.index(edge.after) for edge in edges)


def test_who_pushes_whom_is_named() -> None:
    nodes = [Node(1, DAY, DAY + dt.timedelta(days=20)), Node(2, DAY + dt.timedelta(days=10)), Node(3, DAY)]
    found = schedule(nodes, [Edge(1, 2, 5), Edge(3, 2, 1)])
    assert found.expected[2] == DAY + dt.timedelta(days=25)
    assert (found.pushed_by[2], found.pushes(1), found.pushes(3)) == ((1,), (2,), ())
    assert found.critical == {1, 2}


def test_slip_is_told_against_the_baseline_only() -> None:
    assert slip(DAY + dt.timedelta(days=3), DAY) == 3
    assert slip(DAY, DAY + dt.timedelta(days=3)) == -3
    assert slip(DAY, None) is None


@pytest.mark.parametrize(
    ("planned", "expected", "done", "said"),
    [
        (-1, 5, None, "overdue"),
        (0, 0, None, "soon"),
        (7, 7, None, "soon"),
        (8, 9, None, "slipped"),
        (8, 8, None, "open"),
        (-9, -3, -3, "done"),
    ],
)
def test_a_promise_that_has_passed_is_overdue_whatever_is_forecast(
    planned: int, expected: int, done: int | None, said: str
) -> None:
    at = [DAY + dt.timedelta(days=n) if n is not None else None for n in (planned, expected, done)]
    assert at[1] is not None
    assert standing(planned=at[0], expected=at[1], baseline=None, done=at[2], today=DAY) == said
