"""Which of several titles somebody means."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import fuzz

from duikou.kernel.text import near_key

LIKE_ENOUGH = 80.0
"""Similarity (0–100) from which a title counts as meant."""


def nearest(text: str, titles: Mapping[str, str]) -> list[str]:
    """Keys of the titles that `text` names: exactly written, else containing or contained, else most alike.

    `titles` maps a key to a title; more than one key means that the text does not decide.
    """
    wanted = near_key(text)
    if not wanted:
        return []
    keys = {key: near_key(title) for key, title in titles.items()}
    same = [key for key, title in keys.items() if title == wanted]
    if same:
        return same
    if len(wanted) >= 2:
        inside = [key for key, title in keys.items() if wanted in title or (len(title) >= 4 and title in wanted)]
        if inside:
            return inside
    scores = {key: fuzz.ratio(wanted, title) for key, title in keys.items()}
    best = max(scores.values(), default=0.0)
    return [key for key, score in scores.items() if score == best] if best >= LIKE_ENOUGH else []
