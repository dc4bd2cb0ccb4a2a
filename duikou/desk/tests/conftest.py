"""Fixtures of this room's tests."""

from tests.query_counts import query_counts

__all__ = ["query_counts"]
