"""Bringing the national list of places into the database."""

from __future__ import annotations

from django.db import transaction

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.facts import announce
from duikou.kernel.geo import centre_of
from duikou.programme import policies
from duikou.programme.models import Region, RegionChange, RegionName, RegionRelease
from duikou.programme.services.locks import hold
from duikou.programme.services.places import Gazetteer, Place, gazetteer
from duikou.records.services.audit import SubjectRef, record

_FIELDS = ["name", "short_name", "name_en", "level", "path", "pinyin", "initials", "rank", "valid_from", "valid_to"]


@transaction.atomic
def regions_load(*, actor: Actor) -> bool:
    """Make the table of places equal to the list; False when this edition is loaded already (nothing is written)."""
    policies.programme_load(actor).or_raise()
    book = gazetteer()
    if RegionRelease.objects.filter(digest=book.digest).exists():
        return False
    hold("programme.regions")
    if RegionRelease.objects.filter(digest=book.digest).exists():
        return False
    added, amended = _write_places(book)
    _write_names(book)
    RegionRelease.objects.all().delete()
    release = RegionRelease.objects.create(digest=book.digest, loaded_at=now())
    counts = {"added": added, "amended": amended, "changes": len(book.changes), "digest": book.digest}
    record(
        actor=actor,
        action="programme.regions.loaded",
        subject=SubjectRef("programme.regionrelease", str(release.pk), book.digest[:12]),
        after=counts,
    )
    announce("programme.regions.loaded")
    return True


def _write_places(book: Gazetteer) -> tuple[int, int]:
    """Add and amend rows, parents before children; returns how many of each."""
    known = {region.adcode: region for region in Region.objects.all()}
    new = {code: Region(adcode=code) for code in book.places if code not in known}
    everything = {**known, **new}
    touched: list[Region] = []
    for place in book.places.values():
        region = everything[place.adcode]
        if _differs(region, place):
            for name in _FIELDS:
                setattr(region, name, getattr(place, name))
            region.longitude, region.latitude = _centre(place)
            touched.append(region)
    for depth in (0, 1, 2, 3):
        layer = [everything[code] for code in new if book.places[code].path.count("/") == depth + 1]
        for region in layer:
            parent = book.places[region.adcode].parent
            region.parent = everything[parent] if parent else None
        Region.objects.bulk_create(layer, batch_size=500)
    old = [region for region in touched if region.adcode in known]
    for region in old:
        parent = book.places[region.adcode].parent
        region.parent = everything[parent] if parent else None
    Region.objects.bulk_update(old, [*_FIELDS, "longitude", "latitude", "parent"], batch_size=200)
    return len(new), len(old)


def _differs(region: Region, place: Place) -> bool:
    if any(getattr(region, name) != getattr(place, name) for name in _FIELDS):
        return True
    return (region.longitude, region.latitude) != _centre(place)


def _centre(place: Place) -> tuple[float, float] | tuple[None, None]:
    return centre_of(place.adcode) or (None, None)


def _write_names(book: Gazetteer) -> None:
    ids = dict(Region.objects.values_list("adcode", "pk"))
    RegionName.objects.all().delete()
    RegionName.objects.bulk_create(
        (
            RegionName(region_id=ids[place.adcode], name=called.name, key=key, kind=called.kind)
            for place in book.places.values()
            for key, called in place.names.items()
        ),
        batch_size=2000,
    )
    RegionChange.objects.all().delete()
    RegionChange.objects.bulk_create(
        (
            RegionChange(
                old_adcode=change.old_adcode,
                old_name=change.old_name,
                new_adcode=change.new_adcode,
                kind=change.kind,
                date=change.date,
                source=change.source,
            )
            for change in book.changes
        ),
        batch_size=2000,
    )
