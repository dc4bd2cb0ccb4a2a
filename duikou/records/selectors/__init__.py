"""Reads of proof."""

from duikou.records.selectors.evidence import evidence_found, evidence_of
from duikou.records.selectors.trail import (
    Page,
    Query,
    Shown,
    event_shown,
    events_page,
    events_rows,
    history,
    kinds_known,
    trail_state,
)

__all__ = [
    "Page",
    "Query",
    "Shown",
    "event_shown",
    "events_page",
    "events_rows",
    "evidence_found",
    "evidence_of",
    "history",
    "kinds_known",
    "trail_state",
]
