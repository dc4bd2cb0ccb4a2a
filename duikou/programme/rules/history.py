"""What became of codes that are no longer in the list, read out of its successive revisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duikou.programme.rules.places import short_name

_NOT_PLACES = ("市辖区", "县", "市", "省直辖", "自治区直辖")


@dataclass(frozen=True, slots=True)
class Former:
    """A code and name of the past: when it was last and no longer listed, and which codes of today follow it."""

    adcode: str
    name: str
    last: str
    gone: str
    successors: tuple[str, ...]


def level_of(adcode: str) -> str:
    """province, prefecture or county, from the code's zeros."""
    if adcode.endswith("0000"):
        return "province"
    return "prefecture" if adcode.endswith("00") else "county"


def first_of_month(revision: str) -> dt.date:
    """The first day of a revision "YYYYMM"."""
    return dt.date(int(revision[:4]), int(revision[4:6]), 1)


def formers(revisions: Sequence[tuple[str, Mapping[str, str]]], current: Mapping[str, str]) -> list[Former]:
    """Codes and names that `revisions` (oldest first) know and today's list does not.

    A name seen in one revision only is a slip or a statistical zone and is left out, but for the oldest. A successor is
    named only where one single place of the same level in the same province bears the name or its stem.
    """
    seen: dict[tuple[str, str], list[int]] = {}
    for at, (_, names) in enumerate(revisions):
        for adcode, name in names.items():
            if not name.startswith(_NOT_PLACES[3:]) and name not in _NOT_PLACES:
                seen.setdefault((adcode, name), []).append(at)
    by_name = _index(current)
    found: list[Former] = []
    for (adcode, name), listed in sorted(seen.items()):
        if current.get(adcode) == name or (len(listed) == 1 and listed[0] != 0):
            continue
        followers = _followers(adcode, name, current, by_name)
        if adcode in current and followers != (adcode,) and followers:
            continue  # the code was given to another place; the name lives on elsewhere
        gone = revisions[listed[-1] + 1][0] if listed[-1] + 1 < len(revisions) else ""
        found.append(
            Former(adcode, name, revisions[listed[-1]][0], gone, followers or ((adcode,) if adcode in current else ()))
        )
    return found


def _index(current: Mapping[str, str]) -> dict[tuple[str, str, str], list[str]]:
    index: dict[tuple[str, str, str], list[str]] = {}
    for adcode, name in current.items():
        for form in {name, short_name(name)}:
            index.setdefault((adcode[:2], level_of(adcode), form), []).append(adcode)
    return index


def _followers(
    adcode: str, name: str, current: Mapping[str, str], by_name: Mapping[tuple[str, str, str], list[str]]
) -> tuple[str, ...]:
    for form in (name, short_name(name)):
        here = by_name.get((adcode[:2], level_of(adcode), form), [])
        exact = [code for code in here if current[code] == name] or here
        near = [code for code in exact if code[:4] == adcode[:4]]
        for candidates in (exact, near):
            if len(candidates) == 1:
                return (candidates[0],)
    return ()
