"""The two sides of a programme as lists of places, and which pairing relates two of them."""

from __future__ import annotations

from dataclasses import dataclass

from duikou.kernel.actor import OFFICE, Actor
from duikou.programme.models import Pairing, Programme, Region
from duikou.programme.selectors import PairingIndex
from duikou.reforms.states import OTHER, Side


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a programme's pairings by side, each once, in the order of the pack."""

    programme: Programme
    pairings: tuple[Pairing, ...]
    by_side: dict[str, tuple[Region, ...]]

    def side_of(self, region: Region) -> str:
        """The side on which a place stands; "" for none."""
        return next((side for side, places in self.by_side.items() if region in places), "")

    def across(self, side: str) -> tuple[Region, ...]:
        """The places that learn from `side`."""
        return self.by_side[OTHER[side]]

    @property
    def all(self) -> tuple[Region, ...]:
        """Every place, the first side before the second."""
        return (*self.by_side[Side.FIRST.value], *self.by_side[Side.SECOND.value])

    def acted_for(self, actor: Actor) -> tuple[Region, ...]:
        """The places for which the actor's office acts (no query)."""
        if actor.role not in OFFICE or not actor.region_path:
            return ()
        return tuple(region for region in self.all if region.path.startswith(actor.region_path))

    def pairing_of(self, one: Region, other: Region) -> Pairing | None:
        """The nearest pairing of two places; None where none relates them, or several do alike."""
        return PairingIndex(self.pairings).of_sides(one, other).pairing

    def partners(self, region: Region) -> tuple[Region, ...]:
        """Places paired with this one, or with one around or inside it (no query)."""
        found: dict[int, Region] = {}
        for pairing in self.pairings:
            one, two = pairing.first_region, pairing.second_region
            if two is None:
                continue
            if one.covers(region) or region.covers(one):
                found[two.pk] = two
            if two.covers(region) or region.covers(two):
                found[one.pk] = one
        return tuple(found.values())


def places_of(programme: Programme) -> Places:
    """The places of a programme (one query); places of a pairing that the pack retired are none."""
    rows = Pairing.objects.filter(programme=programme, retired_in=None).order_by("order")
    pairings = tuple(rows.select_related("first_region", "second_region"))
    firsts = {pairing.first_region_id: pairing.first_region for pairing in pairings}
    seconds = {pairing.second_region.pk: pairing.second_region for pairing in pairings if pairing.second_region}
    by_side = {Side.FIRST.value: tuple(firsts.values()), Side.SECOND.value: tuple(seconds.values())}
    return Places(programme, pairings, by_side)
