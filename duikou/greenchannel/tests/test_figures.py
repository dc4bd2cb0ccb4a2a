"""Statistics are exact, asked in a constant number of queries, and reveal nothing that the viewer may not see."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.greenchannel.models import GreenChannelRequest
from duikou.greenchannel.rules.figures import median
from duikou.greenchannel.selectors.figures import Figures, statistics
from duikou.greenchannel.services.raising import request_raise
from duikou.greenchannel.tests.conftest import draft_of, kind, project_made
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.programme.models import Region

ME = Actor.job("tests")
KINDS = ("land", "finance", "other")
PLACES = ("210100", "110000")
STATES = ("raised", "working", "asked", "proposed", "solved", "withdrawn")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.sampled_from(KINDS),
        st.sampled_from(STATES),
        st.integers(0, 5),
        st.integers(0, 2),
        st.booleans(),
        st.sampled_from([2024, 2025]),
    ),
    max_size=25,
)


def made(project: Any, rows: list[Any]) -> list[GreenChannelRequest]:
    """Rows as they would stand after such a life, written at once."""
    kinds = {code: kind(code) for code in KINDS}
    regions = {code: Region.objects.get(adcode=code) for code in PLACES}
    moment, day = now(), today()
    some = [
        GreenChannelRequest(
            programme_id=project.programme_id,
            project=project,
            kind=kinds[code],
            title="诉求",
            wanted_on=day,
            side="first",
            region=regions[place],
            year=year,
            asker_name="某",
            owner_name="某",
            basis="rule",
            state=state,
            round=came_back,
            term=10,
            started_on=day,
            due_on=day - dt.timedelta(days=3) if late else day,
            late_on=day - dt.timedelta(days=3) if late and state not in ("raised", "working") else None,
            paused_on=day if state in ("asked", "proposed") else None,
            raised_at=moment,
            changed_at=moment,
            ended_at=moment if state in ("solved", "withdrawn") else None,
            clock_days=days if state == "solved" else None,
            whole_days=days * 2 + 1 if state == "solved" else None,
        )
        for place, code, state, days, came_back, late, year in rows
    ]
    return GreenChannelRequest.objects.bulk_create(some)


def plain(rows: list[GreenChannelRequest]) -> Figures:
    """The same in Python, the long way."""
    live = [row for row in rows if row.state not in ("solved", "withdrawn")]
    solved = [row for row in rows if row.state == "solved"]
    return Figures(
        raised=len(rows),
        open=len(live),
        overdue=sum(row.is_overdue for row in live),
        late=sum(row.late_on is not None or row.is_overdue for row in rows),
        reopened=sum(row.round > 0 for row in rows),
        solved=len(solved),
        median=median(row.clock_days or 0 for row in solved),
        median_whole=median(row.whole_days or 0 for row in solved),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
@pytest.mark.django_db
def test_the_database_counts_as_python_does(project: Any, rows: list[Any]) -> None:
    GreenChannelRequest.objects.all().delete()
    some = made(project, rows)
    for year in (None, 2025):
        chosen = [row for row in some if year in (None, row.year)]
        groups: dict[Any, list[GreenChannelRequest]] = defaultdict(list)
        for row in chosen:
            for key in ((row.region_id, None), (None, row.kind_id), (row.region_id, row.kind_id)):
                groups[key].append(row)
        found = statistics(actor=ME, year=year)
        assert found.total == (plain(chosen) if chosen else Figures())
        lines = {
            (line.region.pk if line.region else None, line.kind.pk if line.kind else None): line.figures
            for line in (*found.regions, *found.kinds, *found.cells)
        }
        assert lines == {key: plain(group) for key, group in groups.items()}
    assert found.years == sorted({row.year for row in some}, reverse=True)


def test_more_rows_ask_no_more_queries(project: Any) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            statistics(actor=ME)
        return len(queries)

    made(project, [("210100", "land", "solved", 3, 0, False, 2025)] * 2)
    few = asked()
    made(project, [(place, code, "solved", 3, 0, False, 2025) for place in PLACES for code in KINDS] * 20)
    assert asked() == few <= 15


def test_no_count_tells_of_what_one_may_not_see(
    project: Any, member: Any, other_member: Any, dalian_editor: Any, unit: Any, shenyang_editor: Any
) -> None:
    request_raise(actor=member.actor, draft=draft_of(project))
    theirs = project_made("另一家的项目", other_member.organisation)
    request_raise(actor=other_member.actor, draft=draft_of(theirs, kind="land"))
    assert statistics(actor=member.actor).total.raised == 1
    assert [line.kind.code for line in statistics(actor=member.actor).kinds if line.kind] == ["approval"]
    assert statistics(actor=shenyang_editor.actor).total.raised == 2
    assert statistics(actor=dalian_editor.actor) == statistics(actor=unit.actor)
    assert statistics(actor=dalian_editor.actor).years == []
