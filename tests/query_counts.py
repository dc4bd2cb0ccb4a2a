"""Query counts as a committed baseline: `tests/query_counts.json`, rewritten by `make query-counts`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

BASELINE = Path(__file__).with_name("query_counts.json")
WRITE = os.environ.get("DUIKOU_QUERY_COUNTS") == "write"
_measured: dict[str, int] = {}
"""What this run has seen: a page that asks more often over more rows fails even while the baseline is written."""


def _known() -> dict[str, int]:
    return dict(json.loads(BASELINE.read_text())) if BASELINE.exists() else {}


@pytest.fixture
def query_counts() -> Callable[[str], AbstractContextManager[None]]:
    """`with query_counts("projects.list"): client.get(…)` must take exactly as many queries as the baseline says."""

    @contextmanager
    def counted(name: str) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        known, found = _known(), len(captured)
        assert _measured.setdefault(name, found) == found, f"{name}: {_measured[name]} queries, then {found}"
        if WRITE:
            BASELINE.write_text(json.dumps({**known, name: found}, indent=1, sort_keys=True) + "\n")
            return
        assert name in known, f"{name} has no baseline ({found} queries): run `make query-counts` and commit the change"
        listing = "\n".join(query["sql"][:300] for query in captured.captured_queries)
        assert found == known[name], f"{name}: {found} queries, baseline {known[name]}\n{listing}"

    return counted
