"""Regions for which one may set who owns what."""

from __future__ import annotations

from django.db.models import Q

from duikou.greenchannel.rules.places import around
from duikou.kernel.actor import OFFICE, Actor
from duikou.kernel.errors import NotFound
from duikou.programme.models import Pairing, Programme, Region

MOST = 600


def regions_writable(*, actor: Actor, programme: Programme) -> list[Region]:
    """An office: its own region and what lies in it; the coordinator: the paired regions and those around them."""
    rows = Region.objects.filter(valid_to=None).order_by("path")
    if actor.role in OFFICE:
        return list(rows.filter(path__startswith=actor.region_path)[:MOST]) if actor.region_path else []
    pairings = Pairing.objects.filter(programme=programme, retired_in=None)
    sides = pairings.values_list("first_region__path", "second_region__path")
    paths = {path for side in sides for one in side if one for path in around(one)}
    return list(rows.filter(Q(path__in=paths))[:MOST])


def region_writable(*, actor: Actor, adcode: str) -> Region:
    """The region with this code; raises `NotFound` for none, and for one outside an office's own."""
    known = adcode.isascii() and adcode.isdigit() and len(adcode) == 6
    found = Region.objects.filter(adcode=adcode, valid_to=None).first() if known else None
    if found is None or (actor.role in OFFICE and not actor.covers(found.path)):
        raise NotFound
    return found
