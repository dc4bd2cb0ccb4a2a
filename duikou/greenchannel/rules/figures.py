"""Figures over requests, in plain Python: what the database's own are tested against."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction


def median(values: Iterable[int]) -> Fraction | None:
    """The middle value, or the mean of the two middle ones; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    half, odd = divmod(len(ordered), 2)
    return Fraction(ordered[half]) if odd else Fraction(ordered[half - 1] + ordered[half], 2)


def number_of(pk: int) -> str:
    """How people call a request: LT000123."""
    return f"LT{pk:06d}"


def pk_of(text: str, prefix: str = "LT") -> int | None:
    """The id in a number as people type it ("lt123", "LT000123"); None where it is none."""
    digits = text.strip().upper().removeprefix(prefix)
    known = text.strip().upper().startswith(prefix) and digits.isascii() and digits.isdigit() and len(digits) < 18
    return int(digits) if known else None
