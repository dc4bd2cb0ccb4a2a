"""Reads of this room; each starts from the actor."""

from duikou.reforms.selectors.places import Places, places_of
from duikou.reforms.selectors.scope import (
    adoption_sees,
    adoption_visible,
    adoptions_visible,
    measure_sees,
    measure_visible,
    measures_visible,
    statements_visible,
    thread_visible,
    threads_visible,
)

__all__ = [
    "Places",
    "adoption_sees",
    "adoption_visible",
    "adoptions_visible",
    "measure_sees",
    "measure_visible",
    "measures_visible",
    "places_of",
    "statements_visible",
    "thread_visible",
    "threads_visible",
]
