"""Organisations as the viewer may know them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from rapidfuzz import fuzz

from duikou.access.models import Organisation, OrganisationContact, PersonalDataRead
from duikou.access.rules import core_name
from duikou.kernel.actor import OFFICE, Actor, Role
from duikou.kernel.errors import NotFound
from duikou.kernel.text import clean, near_key, normalise
from duikou.programme.models import Pairing, Region
from duikou.records.models import AuditEvent
from duikou.records.selectors.wording import Names, action_label, changes_in_words, names_of

NEAR_ENOUGH = 88.0
"""Likeness (0–100) of two names' telling parts from which a person is asked whether they are the same body."""


def organisations_visible(*, actor: Actor) -> QuerySet[Organisation]:
    """Organisations the actor may know of, merged ones left out.

    Nation-wide roles and operators: all. Offices and organisation departments: those of their region, of the
    regions paired with it, and published names. Others: their own and published names. The public: published names.
    """
    rows = Organisation.objects.filter(merged_into=None)
    if actor.sees_all or actor.role is Role.OPERATOR or (actor.is_signed_in and not actor.is_person):
        return rows
    known = Q(is_published=True)
    if actor.organisation_id is not None:
        known |= Q(pk=actor.organisation_id)
    if actor.region_path:
        known |= Q(region__path__startswith=actor.region_path)
        if actor.role in OFFICE | {Role.CADRE_OFFICER}:
            for path in partner_paths(actor.region_path):
                known |= Q(region__path__startswith=path)
    return rows.filter(known)


def partner_paths(region_path: str) -> list[str]:
    """Paths of the regions that are or were paired with the region at `region_path` or one inside it (one query)."""
    sides = Pairing.objects.filter(
        Q(first_region__path__startswith=region_path) | Q(second_region__path__startswith=region_path)
    ).values_list("first_region__path", "second_region__path")
    return sorted({path for pair in sides for path in pair if path and not path.startswith(region_path)})


def organisation_get(*, actor: Actor, pk: int) -> Organisation:
    """One organisation with region and industry; raises `NotFound` when it is not there for this actor.

    A merged one is returned as itself when its successor is visible, so that the page can lead there.
    """
    found = Organisation.objects.select_related("region", "industry", "merged_into").filter(pk=pk).first()
    if found is None:
        raise NotFound
    shown = survivor(found)
    if not organisations_visible(actor=actor).filter(pk=shown.pk).exists():
        raise NotFound
    return found


def survivor(organisation: Organisation) -> Organisation:
    """The organisation that stands today for `organisation`, through any number of merges."""
    seen = {organisation.pk}
    while organisation.merged_into is not None and organisation.merged_into.pk not in seen:
        organisation = organisation.merged_into
        seen.add(organisation.pk)
    return organisation


def organisations_matching(rows: QuerySet[Organisation], query: str) -> QuerySet[Organisation]:
    """Narrow `rows` to what was typed: Chinese anywhere in a name, pinyin or initials from the start, a credit code."""
    text = normalise(query)[:120]
    if not text:
        return rows
    typed = clean(query)[:120]
    found = Q(name__icontains=typed) | Q(short_name__icontains=typed)
    key = near_key(text)
    if key:  # marks alone have an empty key, which every name contains
        found |= Q(near_key__contains=key)
    letters = text.replace(" ", "")
    if letters.isascii() and letters.isalnum():
        found |= Q(pinyin__startswith=letters) | Q(initials__startswith=letters) | Q(uscc__startswith=letters.upper())
        found |= Q(pinyin__contains=letters) if len(letters) >= 4 else Q()
    return rows.filter(found)


@dataclass(frozen=True, slots=True)
class Likeness:
    """An organisation already there that may be the one being entered; `score` 0–100, 100 = written alike."""

    organisation: Organisation
    score: int


def organisations_alike(
    *, actor: Actor, name: str, region: Region, but: int | None = None, limit: int = 5
) -> list[Likeness]:
    """Organisations the actor may know of, of one province, whose names are near the given one, likest first.

    Equal comparing keys count anywhere; other names are compared by their telling part within the region.
    """
    key = near_key(name)
    if not key:
        return []
    province = region.path.split("/", 1)[0] + "/"
    rows = organisations_visible(actor=actor).exclude(pk=but or 0).select_related("region")
    exact = [Likeness(found, 100) for found in rows.filter(near_key=key)[:limit]]
    known = {found.organisation.pk for found in exact}
    core = near_key(core_name(name))
    close: list[tuple[float, int]] = []
    candidates = rows.filter(region__path__startswith=province).order_by().values_list("pk", "name")
    for pk, other in candidates.iterator(chunk_size=2000):
        if pk not in known:
            score = fuzz.ratio(core, near_key(core_name(other)), score_cutoff=NEAR_ENOUGH)
            if score:
                close.append((score, pk))
    close.sort(reverse=True)
    found_by_id = rows.in_bulk([pk for _score, pk in close[:limit]])
    near = [Likeness(found_by_id[pk], min(99, round(score))) for score, pk in close[:limit] if pk in found_by_id]
    return [*exact, *near][:limit]


def organisation_with_uscc(uscc: str, *, but: int | None = None) -> Organisation | None:
    """The organisation that holds this credit code today, through merges; None when nobody does."""
    held = Organisation.objects.filter(uscc=uscc).exclude(pk=but or 0).select_related("merged_into", "region")
    for found in held.order_by("id"):
        stands = survivor(found)
        if stands.pk != but:
            return stands
    return None


def contacts_of(*, actor: Actor, organisation: Organisation) -> QuerySet[OrganisationContact]:
    """Contacts of one organisation, in the order they were entered; pages show them masked, to the public none."""
    rows = OrganisationContact.objects.filter(organisation=organisation)
    return rows if actor.role is not Role.PUBLIC else rows.none()


def contact_reads_of(*, actor: Actor, organisation: Organisation, limit: int = 20) -> list[PersonalDataRead]:
    """Who read the organisation's contacts in full, newest first, for those who may see its people."""
    if not organisation.shows_people_to(actor):
        return []
    return list(PersonalDataRead.objects.filter(subject_organisation_id=organisation.pk).order_by("-id")[:limit])


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened, as the timeline shows it; `changes` are (field, before, after)."""

    at: dt.datetime
    what: str
    who: str
    where: str
    reason: str
    changes: list[tuple[str, str | None, str | None]]


def history_of(*, actor: Actor, organisation: Organisation, limit: int = 30) -> list[HistoryEntry]:
    """What happened to the organisation, newest first, for those who may see its people."""
    if not organisation.shows_people_to(actor):
        return []
    rows = AuditEvent.objects.filter(subject_kind=organisation._meta.label_lower, subject_id=str(organisation.pk))
    events = list(rows.order_by("-id")[:limit])
    names = names_of((event.subject_kind, event.before, event.after) for event in events)
    return [
        HistoryEntry(
            at=event.at,
            what=action_label(event.action),
            who=event.actor_name,
            where=event.organisation_name,
            reason=event.reason,
            changes=_changes(event, names),
        )
        for event in events
    ]


_SHOWN = {name for field in Organisation._meta.concrete_fields for name in (field.name, field.attname)}


def _changes(event: AuditEvent, names: Names) -> list[tuple[str, str | None, str | None]]:
    before, after = (
        {name: value for name, value in (values or {}).items() if name in _SHOWN}
        for values in (event.before, event.after)
    )
    return changes_in_words(event.subject_kind, before, after, names)


_TEXT = re.compile(r"(.*) #(\d{1,12})", re.ASCII | re.DOTALL)


def organisation_text(organisation: Organisation) -> str:
    """An organisation as a form writes it, so that one of two of the same name comes back as itself."""
    return f"{organisation.name} #{organisation.pk}"


def organisation_named(*, actor: Actor, text: str) -> Organisation | None:
    """The visible organisation that `organisation_text` wrote, with its region; None for any other text (one query)."""
    found = _TEXT.fullmatch(text.strip())
    if found is None:
        return None
    rows = organisations_visible(actor=actor).select_related("region")
    return rows.filter(pk=int(found[2]), near_key=near_key(found[1])[:120]).first()


def organisations_suggest(*, actor: Actor, query: str, limit: int = 20) -> list[Organisation]:
    """For a type-ahead: what matches, names that begin with the words first (one query)."""
    rows = organisations_matching(organisations_visible(actor=actor), query)
    text = clean(query)
    begins = Case(
        When(Q(name__istartswith=text) | Q(short_name__istartswith=text), then=Value(0)),
        When(Q(initials__startswith=text.lower()), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return list(rows.select_related("region").order_by(begins, "pinyin", "id")[:limit])
