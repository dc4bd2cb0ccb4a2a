"""Projects by the places of their sides: how many, and their money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, Sum

from duikou.kernel.money import Money
from duikou.programme.models import Region
from duikou.projects.models import Project

MONEY = ("planned", "signed", "completed")


@dataclass(slots=True)
class Place:
    """One region: projects with a side there, by side, and the sums of what is known (None: nothing is)."""

    region: Region
    count: int = 0
    by_side: dict[str, int] = field(default_factory=dict)
    planned: Money | None = None
    signed: Money | None = None
    completed: Money | None = None


def places_of(projects: QuerySet[Project], *, by_province: bool) -> list[Place]:
    """The places, most projects first (one grouped query a side, one for the regions).

    A project counts once on each side; a place that lies on both sides of different projects adds them up.
    `by_province`: cities and counties count in their province.
    """
    found: list[tuple[str, tuple[int, int, Money | None, Money | None, Money | None]]] = []
    plain = projects.select_related(None).defer(None).order_by()
    for side in ("first", "second"):
        name = f"{side}_region_id"
        rows = plain.filter(**{f"{side}_region__isnull": False}).values(name)
        sums = {f"sum_{money}": Sum(f"{money}_amount") for money in MONEY}
        names = [name, "n", *sums]
        found += [(side, row) for row in rows.annotate(n=Count("id"), **sums).values_list(*names)]
    regions = Region.objects.in_bulk({row[0] for _side, row in found})
    tops = _provinces(regions.values()) if by_province else {}
    places: dict[int, Place] = {}
    for side, (region_id, count, *money) in found:
        region = regions[region_id]
        region = tops.get(region.path.partition("/")[0], region)
        place = places.setdefault(region.pk, Place(region))
        place.count += count
        place.by_side[side] = place.by_side.get(side, 0) + count
        for name, amount in zip(MONEY, money, strict=True):
            if amount is not None:
                setattr(place, name, (getattr(place, name) or Money(0)) + amount)
    return sorted(places.values(), key=lambda place: (-place.count, place.region.adcode))


def _provinces(regions: Iterable[Region]) -> dict[str, Region]:
    codes = {region.path.partition("/")[0] for region in regions}
    return {region.adcode: region for region in Region.objects.filter(adcode__in=codes)}
