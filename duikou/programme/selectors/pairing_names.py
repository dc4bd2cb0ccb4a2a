"""Which pairing somebody means by its name or by its two sides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from duikou.kernel.text import near_key, normalise
from duikou.programme.models import Pairing, Programme, Region
from duikou.programme.selectors.programmes import pairings_of

_BETWEEN = re.compile(r"\s*(?:[-–—~～]+|与|和|、|/)\s*")


@dataclass(frozen=True, slots=True)
class PairingMatch:
    """What a written pairing resolves to; several candidates when the words do not decide."""

    pairing: Pairing | None
    candidates: tuple[Pairing, ...] = ()


class PairingIndex:
    """A programme's pairings in memory, for resolving many rows (one query)."""

    def __init__(self, pairings: Sequence[Pairing]) -> None:
        self.pairings = tuple(pairings)
        self._by_name: dict[str, list[Pairing]] = {}
        for pairing in pairings:
            for name in {near_key(pairing.code), near_key(pairing.name), near_key(pairing.name_en), *_sides(pairing)}:
                self._by_name.setdefault(name, []).append(pairing)

    def resolve(self, text: str) -> PairingMatch:
        """By code, name, or both sides in either order: 哈尔滨-深圳, 深圳市—哈尔滨市."""
        parts = [near_key(part) for part in _BETWEEN.split(normalise(text)) if near_key(part)]
        for key in (near_key(text), "".join(parts), "".join(reversed(parts))):
            found = tuple(dict.fromkeys(self._by_name.get(key, [])))
            if found:
                return PairingMatch(found[0] if len(found) == 1 else None, found)
        return PairingMatch(None)

    def of_sides(self, first: Region, second: Region) -> PairingMatch:
        """The nearest pairing whose two sides cover the two places, in either order (no query)."""
        best: list[Pairing] = []
        depth = -1
        for pairing in self.pairings:
            if pairing.second_region is None:
                continue
            one, two = pairing.first_region, pairing.second_region
            if (one.covers(first) and two.covers(second)) or (one.covers(second) and two.covers(first)):
                here = len(one.path) + len(two.path)
                if here > depth:
                    best, depth = [pairing], here
                elif here == depth:
                    best.append(pairing)
        return PairingMatch(best[0] if len(best) == 1 else None, tuple(best))


def _sides(pairing: Pairing) -> set[str]:
    if pairing.second_region is None:
        return set()
    one, two = pairing.first_region, pairing.second_region
    return {
        near_key(first) + near_key(second)
        for first in (one.name, one.short_name)
        for second in (two.name, two.short_name)
    }


def pairing_index(programme: Programme) -> PairingIndex:
    """An index for resolving many written pairings."""
    return PairingIndex(list(pairings_of(programme)))


def pairing_resolve(programme: Programme, text: str) -> PairingMatch:
    """The pairing that one written text means; for many texts take `pairing_index`."""
    return pairing_index(programme).resolve(text)
