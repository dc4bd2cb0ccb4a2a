"""Clauses, pairings and places by what somebody typed. All of them are public: these need no actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, QuerySet

from duikou.kernel.text import near_key, normalise
from duikou.programme.models import Clause, ClauseFormerCode, ClauseText, Pairing, Programme, Region
from duikou.programme.rules.clause_codes import read
from duikou.programme.rules.hits import hits, snippet, words_of


@dataclass(frozen=True, slots=True)
class FoundClause:
    """A clause of any programme, and the words around the hit where it stands in the text only."""

    clause: Clause
    around: str = ""


def clauses_found(query: str, *, limit: int) -> list[FoundClause]:
    """Live clauses by code (also a former one, also as `三(二)2`), then by title, then by text (two queries)."""
    written, words = read(query), words_of(query)
    codes = {written.code} if written.code else set()
    former = set(ClauseFormerCode.objects.filter(code__in=codes).values_list("clause_id", flat=True))
    texts = ClauseText.objects.filter(version=F("clause__programme__current"), clause__retired_in=None)
    named, titled, said = [], [], []
    for text in _own_first(texts.select_related("clause__programme").order_by("clause__order")):
        clause = text.clause
        if clause.code in codes or clause.pk in former:
            named.append(FoundClause(clause))
        elif hits(clause.title, words) or hits(clause.title_en, words):
            titled.append(FoundClause(clause))
        elif around := snippet(text.text.replace("\n", ""), words):
            said.append(FoundClause(clause, "".join(stretch.text for stretch in around)))
    return [*named, *titled, *said][:limit]


def _own_first(texts: Iterable[ClauseText]) -> list[ClauseText]:
    return sorted(texts, key=lambda text: _rank(text.clause.programme))


def _rank(programme: Programme) -> tuple[bool, str]:
    """The platform's own programme before the others."""
    return programme.code != settings.PROGRAMME, programme.code


def pairings_found(query: str, *, limit: int) -> list[Pairing]:
    """Pairings in force by name, code or their sides' names, pinyin and initials; every word counts (one query)."""
    words = [key for word in normalise(query).replace("-", " ").replace("—", " ").split() if (key := near_key(word))]
    if not words:
        return []
    rows = Pairing.objects.filter(retired_in=None).select_related("programme", "first_region", "second_region")
    found = [pairing for pairing in rows if all(_speaks_of(pairing, word) for word in words)]
    return sorted(found, key=lambda pairing: (_rank(pairing.programme), pairing.order))[:limit]


def _speaks_of(pairing: Pairing, word: str) -> bool:
    sides = [side for side in (pairing.first_region, pairing.second_region) if side is not None]
    if word.isascii() and word.isalpha():
        if any(name.startswith(word) for side in sides for name in (side.pinyin, side.initials)):
            return True
        return any(part.startswith(word) for part in normalise(pairing.name_en).replace("–", " ").split())
    names = [pairing.name, *(name for side in sides for name in (side.name, side.short_name, side.adcode))]
    return any(word in near_key(name) for name in names) or word == near_key(pairing.code)


def region_at(adcode: str) -> Region | None:
    """The place of that code, with those above it."""
    return Region.objects.select_related("parent__parent").filter(adcode=adcode).first()


def places_below(region: Region) -> QuerySet[Region]:
    """Places of today directly below."""
    return Region.objects.filter(parent=region, valid_to=None).order_by("adcode")


def pairings_around(region: Region) -> list[Pairing]:
    """Pairings in force of the place, of places inside it, and of those around it (one query)."""
    rows = Pairing.objects.filter(retired_in=None).select_related("programme", "first_region", "second_region")
    return [pairing for pairing in rows if _touches(pairing, region)]


def _touches(pairing: Pairing, region: Region) -> bool:
    sides = [side for side in (pairing.first_region, pairing.second_region) if side is not None]
    return any(side.covers(region) or region.covers(side) for side in sides)
