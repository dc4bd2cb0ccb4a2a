"""Finding places. The list is public: these need no actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from duikou.kernel.text import near_key, normalise
from duikou.programme.models import Pairing, Region, RegionChange, RegionName
from duikou.programme.states import NameKind

_MUNICIPAL_AGGREGATES = ("0100", "0200", "9000")
"""Codes such as 110100 or 419000 stand for "directly below the province"."""


@dataclass(frozen=True, slots=True)
class RegionMatch:
    """What a written place resolves to: one region, or none and the candidates a person must choose from.

    `how` is code, history, name, former or none; `written` is the region of the past that was named, if any.
    """

    region: Region | None
    candidates: tuple[Region, ...] = ()
    how: str = "none"
    written: Region | None = None

    @property
    def is_ambiguous(self) -> bool:
        """Whether several places could be meant."""
        return self.region is None and len(self.candidates) > 1


class RegionIndex:
    """The whole list in memory (three queries), for resolving many written places."""

    def __init__(
        self, regions: Iterable[Region], names: Iterable[tuple[str, int, str]], changes: Iterable[tuple[str, str]]
    ) -> None:
        self._by_pk = {region.pk: region for region in regions}
        self._by_code = {region.adcode: region for region in self._by_pk.values()}
        self._names: dict[str, list[tuple[Region, str]]] = defaultdict(list)
        for key, pk, kind in names:
            self._names[key].append((self._by_pk[pk], kind))
        self._next: dict[str, list[str]] = defaultdict(list)
        for old, new in changes:
            if old != new:
                self._next[old].append(new)

    def resolve(self, text: str, hint_parent: Region | None = None) -> RegionMatch:
        """The place that `text` names by code, full, short or former name, or as a row of them (省市县)."""
        plain = normalise(text)
        if plain.isascii() and plain.isdigit():
            return self._by_adcode(plain)
        key = near_key(plain)
        found = self._by_name(key, hint_parent)
        if found.candidates or not key:
            return found
        for cut in range(len(key) - 1, 1, -1):
            outer = self._by_name(key[:cut], hint_parent)
            if outer.region is not None and outer.region.level != "county":
                inner = self.resolve(key[cut:], outer.region)
                if inner.region is not None and outer.region.covers(inner.region):
                    return inner
        return RegionMatch(None)

    def current(self, region: Region) -> tuple[Region, ...]:
        """The places of today that follow `region` (itself when it still stands)."""
        if not region.is_historic:
            return (region,)
        reached: list[Region] = []
        seen, queue = {region.adcode}, list(self._next[region.adcode])
        while queue:
            code = queue.pop(0)
            if code in seen or code not in self._by_code:
                continue
            seen.add(code)
            step = self._by_code[code]
            if step.is_historic:
                queue.extend(self._next[code])
            else:
                reached.append(step)
        return tuple(reached)

    def _by_adcode(self, code: str) -> RegionMatch:
        region = self._by_code.get(code)
        if region is None and len(code) == 6 and code[2:] in _MUNICIPAL_AGGREGATES:
            region = self._by_code.get(code[:2] + "0000")
        if region is None:
            return RegionMatch(None)
        return self._today([region], "code")

    def _by_name(self, key: str, hint: Region | None) -> RegionMatch:
        named = self._names.get(key, [])
        if hint is not None:
            named = [(region, kind) for region, kind in named if hint.covers(region)]
        for wanted in ((NameKind.FULL,), (NameKind.SHORT,), (NameKind.FORMER,)):
            here = [region for region, kind in named if kind in wanted and not region.is_historic]
            if here:
                how = "former" if NameKind.FORMER in wanted else "name"
                return self._choose(here, how)
        past = [region for region, _ in named if region.is_historic]
        return self._today(past, "history") if past else RegionMatch(None)

    def _today(self, regions: Sequence[Region], how: str) -> RegionMatch:
        """Follow places of the past to today; one that nothing follows stands for itself."""
        old = next((region for region in regions if region.is_historic), None)
        followed = dict.fromkeys(new for region in regions for new in (self.current(region) or (region,)))
        return self._choose(list(followed), "history" if old else how, old)

    @staticmethod
    def _choose(found: Sequence[Region], how: str, written: Region | None = None) -> RegionMatch:
        ordered = tuple(sorted(found, key=lambda region: (_LEVELS[region.level], region.adcode)))
        top = [region for region in ordered if region.level == ordered[0].level]
        only = top[0] if len(top) == 1 and (how != "history" or len(ordered) == 1) else None
        return RegionMatch(only, ordered, how, written)


_LEVELS = {"province": 0, "prefecture": 1, "county": 2}


def region_index() -> RegionIndex:
    """The whole list in memory, for imports (three queries)."""
    return RegionIndex(
        Region.objects.all(),
        RegionName.objects.values_list("key", "region_id", "kind"),
        RegionChange.objects.values_list("old_adcode", "new_adcode"),
    )


def region_resolve(text: str, hint_parent: Region | None = None) -> RegionMatch:
    """The place that one written text names; for many texts take `region_index` (a constant number of queries)."""
    key = near_key(normalise(text))
    keys = (
        {key[start:end] for start in range(len(key)) for end in range(start + 1, len(key) + 1)}
        if len(key) <= 24
        else {key}
    )
    names = list(RegionName.objects.filter(key__in=keys).values_list("key", "region_id", "kind"))
    codes = {key, key[:2] + "0000"} if key.isdigit() else set()
    changes: list[tuple[str, str]] = []
    regions = {
        region.pk: region
        for region in Region.objects.filter(Q(pk__in={pk for _, pk, _ in names}) | Q(adcode__in=codes))
    }
    past = {region.adcode for region in regions.values() if region.is_historic}
    while past:
        steps = list(RegionChange.objects.filter(old_adcode__in=past).values_list("old_adcode", "new_adcode"))
        changes += steps
        later = Region.objects.filter(adcode__in={new for _, new in steps}).exclude(pk__in=regions.keys())
        arrived = {region.pk: region for region in later}
        regions |= arrived
        past = {region.adcode for region in arrived.values() if region.is_historic}
    return RegionIndex(regions.values(), names, changes).resolve(text, hint_parent)


def region_search(query: str, *, limit: int = 20, level: str = "", within: Region | None = None) -> list[Region]:
    """Places for a type-ahead by Chinese, pinyin, initials or code; parents are loaded (one query).

    Best first: sides of a pairing, then exact names, places of today, higher rank.
    """
    plain = normalise(query)
    key = near_key(plain)
    if not key:
        return []
    match = Q(names__key__startswith=key) | Q(names__key__contains=key) if not key.isascii() else _latin(key)
    paired = Exists(
        Pairing.objects.filter(
            Q(first_region=OuterRef("pk")) | Q(second_region=OuterRef("pk")), level__in=("provincial", "city")
        )
    )
    found = Region.objects.filter(match)
    if level:
        found = found.filter(level=level)
    if within is not None:
        found = found.filter(path__startswith=within.path)
    closeness = Case(
        When(Q(names__key=key) | Q(pinyin=key) | Q(initials=key) | Q(adcode=key), then=Value(0)),
        When(Q(short_name__startswith=plain) | Q(pinyin__startswith=key) | Q(initials__startswith=key), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    past = Case(When(valid_to__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows: QuerySet[Region] = (
        found.annotate(closeness=closeness, past=past, paired=paired)
        .select_related("parent", "parent__parent")
        .order_by("past", "closeness", "-paired", "rank", "adcode")
    )
    unique: dict[int, Region] = {}
    for region in rows[: limit * 4]:
        unique.setdefault(region.pk, region)
    return list(unique.values())[:limit]


def _latin(key: str) -> Q:
    if key.isdigit():
        return Q(adcode__startswith=key)
    return Q(pinyin__startswith=key) | Q(initials__startswith=key) | Q(name_en__istartswith=key)


def provinces() -> QuerySet[Region]:
    """Places of the first level that exist today."""
    return Region.objects.filter(level="province", valid_to__isnull=True)


def region_history(region: Region) -> QuerySet[RegionChange]:
    """What led to this place and what followed it, oldest first where known."""
    return RegionChange.objects.filter(Q(new_adcode=region.adcode) | Q(old_adcode=region.adcode)).order_by("date", "id")
