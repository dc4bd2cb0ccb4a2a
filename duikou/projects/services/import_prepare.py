"""New projects of a file made ready to be written: rows, near keys, sums and signed events. No query per row."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connections, router
from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Accepted, Fate, Options, Source
from duikou.kernel.actor import Actor
from duikou.kernel.money import Bound
from duikou.kernel.text import near_key
from duikou.programme.models import Clause, Pairing, ProjectKind, Region
from duikou.programme.selectors.programmes import programme_at
from duikou.projects import policies
from duikou.projects.models import Project
from duikou.projects.models.summary import AMOUNTS, SUM_FIELDS
from duikou.projects.services.near import near_key_rows
from duikou.projects.services.summaries import SumKey
from duikou.projects.states import IMPORT, ProjectState, Side, Visibility
from duikou.records.services.audit import Entry, SubjectRef, events_signed

FIELDS = (
    "id", "programme", "name", "near_key", "search_text", "kind", "pairing", "first_region", "second_region", "clause",
    "industry", "state", "state_before_suspension", "state_wording", "state_as_of", "year", "planned_amount",
    "planned_bound",
    "signed_amount", "signed_bound", "completed_amount", "completed_bound", "description", "extra", "project_code",
    "visibility", "source_name", "source_url", "source_note", "reported_by_first_at", "reported_by_second_at",
    "opinion",
    "opinion_note", "opinion_by", "merged_into", "version", "created_at", "updated_at", "planned_start",
    "planned_finish", "parent",
)  # fmt: skip
PREPARED = (
    "planned_amount", "signed_amount", "completed_amount", "extra", "state_as_of", "reported_by_first_at",
    "reported_by_second_at", "created_at", "updated_at", "source_url", "planned_start", "planned_finish",
)  # fmt: skip
PARTY_FIELDS = ("project", "near_key", "side", "role", "name")
SUMS_HELD = 20_000
"""How many different sums are held back at most: memory stays flat, and a usual file appends each of them once."""
NOTHING = (None, Bound.EXACT.value)
_LEAD = ProjectState.LEAD.value
_COUNT, _BOTH = SUM_FIELDS.index("count"), SUM_FIELDS.index("both_count")
_BOTH_SIGNED, _BOTH_COMPLETED = SUM_FIELDS.index("both_signed"), SUM_FIELDS.index("both_completed")
_PLACES: list[tuple[str, int, int, int, int]] = [
    (
        name,
        SUM_FIELDS.index(f"{name}_sum"),
        SUM_FIELDS.index(f"{name}_unknown"),
        SUM_FIELDS.index(f"{name}_about"),
        SUM_FIELDS.index(f"{name}_over"),
    )
    for name in AMOUNTS
]
_PLAIN = (
    ("state_wording", "wording"), ("state_as_of", "as_of"), ("year", "year"), ("source_name", "source"),
    ("source_url", "source_url"), ("source_note", "note"), ("description", "description"),
    ("project_code", "project_code"), ("planned_start", "planned_start"), ("planned_finish", "planned_finish"),
)  # fmt: skip
_NAMED = {
    "pairing": "pairing", "clause": "clause", "first": "first_region", "second": "second_region", "kind": "kind",
}  # fmt: skip
_AMOUNT_NAMES = [(name, f"{name}_amount", f"{name}_bound") for name in AMOUNTS]
Sums = Mapping[SumKey, Sequence[int]]
Row = tuple[Any, ...]


class Terms(NamedTuple):
    """What preparing has to know of the transaction that will write: the ids of new projects in order, its moment."""

    ids: Sequence[int]
    moment: dt.datetime


class Prepared(NamedTuple):
    """A batch ready to be written: rows of new projects and of what belongs to them, and all other accepted rows."""

    ids: Sequence[int] = ()
    projects: Sequence[Row] = ()
    parties: Sequence[Row] = ()
    clauses: Sequence[Row] = ()
    steps: Sequence[Row] = ()
    near_keys: Sequence[Row] = ()
    events: Sequence[Row] = ()
    others: Sequence[Accepted] = ()
    sums: Sums = {}


class Sides(dict[tuple[int, int | None], Side]):
    """On which side the actor stands, by both places; raises `Forbidden` where he stands on none."""

    def __init__(self, actor: Actor, regions: Mapping[int, Region]) -> None:
        super().__init__()
        self._actor, self._regions = actor, regions

    def __missing__(self, places: tuple[int, int | None]) -> Side:
        first, second = (self._regions[pk] if pk else None for pk in places)
        assert first is not None  # noqa: S101 - every project has a first place
        policies.create(self._actor, first, second).or_raise()
        side = self[places] = policies.side_of(self._actor, first, second)
        return side


class RecordPreparer:
    """Prepares batches; asks the database only when it is made, so that it may work beside the writing process."""

    def __init__(self, actor: Actor, options: Options, source: Source, terms: Terms) -> None:
        programme = programme_at(options["programme"])
        assert programme is not None  # noqa: S101 - the dry run used it
        self.actor, self.programme_id, self.ids = actor, programme.pk, terms.ids
        self.visibility = import_visibility(actor, options)
        self.sums: dict[SumKey, list[int]] = defaultdict(lambda: [0] * len(SUM_FIELDS))
        regions = {region.pk: region for region in Region.objects.only("name", "path")}
        self.sides = Sides(actor, regions)
        self._things: tuple[Mapping[int, Any], ...] = (
            {p.pk: p for p in Pairing.objects.filter(programme=programme)},
            {c.pk: c for c in Clause.objects.filter(programme=programme)},
            regions,
            regions,
            {k.pk: k for k in ProjectKind.objects.filter(programme=programme)},
        )
        self._words: dict[Row, dict[str, str]] = {}
        ops = connections[router.db_for_write(Project)].ops
        self.moment = ops.adapt_datetimefield_value(terms.moment.astimezone(dt.UTC))
        self._date = lru_cache(10_000)(lambda text: ops.adapt_datefield_value(dt.date.fromisoformat(text)))
        self.reason = _("导入文件“%(file)s”") % {"file": source.file_name}

    def __call__(self, batch: Sequence[Accepted]) -> Prepared:
        """Rows and events of the new projects; the other rows as they are. Raises `Forbidden`."""
        fresh = [(self.ids[row.number], row.payload) for row in batch if row.fate is Fate.NEW]
        others = [row for row in batch if row.fate is not Fate.NEW]
        for _pk, payload in fresh:
            self._add_up(payload)
        return Prepared(
            ids=[pk for pk, _payload in fresh],
            projects=[self._row(pk, payload) for pk, payload in fresh],
            parties=[row for pk, payload in fresh if "parties" in payload for row in _parties(pk, payload)],
            clauses=[(pk, clause) for pk, payload in fresh for clause in payload.get("further", ())],
            steps=[self._step(pk, payload) for pk, payload in fresh if payload["state"] != _LEAD or "as_of" in payload],
            near_keys=near_key_rows((pk, payload["keys"]) for pk, payload in fresh),
            events=self._events(fresh),
            others=others,
            sums=self._taken() if len(self.sums) > SUMS_HELD else {},
        )

    def rest(self) -> Prepared:
        """The sums that were held back."""
        return Prepared(sums=self._taken())

    def _taken(self) -> Sums:
        taken = dict(self.sums)
        self.sums.clear()
        return taken

    def _row(self, pk: int, payload: dict[str, Any]) -> Row:
        get, key = payload.get, payload["key"]
        planned, signed, completed = get("planned", NOTHING), get("signed", NOTHING), get("completed", NOTHING)
        side = self.sides[payload["first"], payload["second"]]
        as_of, extra, moment = get("as_of"), get("extra"), self.moment
        start, finish = get("planned_start"), get("planned_finish")
        names = [near_key(name) for name, _side, _role in get("parties", ())]
        return (
            pk, self.programme_id, payload["name"], key, " ".join(dict.fromkeys([key, *names])) if names else key,
            get("kind"), payload["pairing"], payload["first"], payload["second"], payload["clause"], get("industry"),
            payload["state"], "", payload["wording"], as_of and self._date(as_of),
            get("year"), planned[0], planned[1], signed[0], signed[1], completed[0], completed[1],
            get("description", ""), json.dumps(extra) if extra else "{}", get("project_code", ""),
            get("visibility", self.visibility), get("source", ""), get("source_url", ""), get("note", ""),
            moment if side is Side.FIRST else None, moment if side is Side.SECOND else None, "pending",
            "", "", None, 1, moment, moment, start and self._date(start), finish and self._date(finish), get("parent"),
        )  # fmt: skip

    def _step(self, pk: int, payload: dict[str, Any]) -> Row:
        """In which state the file brought the project, and of which day that was said."""
        as_of = payload.get("as_of")
        return (pk, IMPORT, "", payload["state"], as_of and self._date(as_of), "", self.moment)

    def _events(self, fresh: Sequence[tuple[int, dict[str, Any]]]) -> list[Row]:
        entries = (
            Entry(SubjectRef("projects.project", str(pk), payload["name"]), None, self._facts(payload))
            for pk, payload in fresh
        )
        action = "projects.project.created"
        return list(events_signed(actor=self.actor, action=action, entries=entries, reason=self.reason))

    def _add_up(self, payload: dict[str, Any]) -> None:
        """Add a project to the sums that are handed over at the end; only what is not nothing is added."""
        get = payload.get
        sums = self.sums[
            SumKey(
                self.programme_id, payload["pairing"], payload["first"], payload["second"], payload["clause"],
                payload["state"], get("visibility", self.visibility), get("year"),
            )
        ]  # fmt: skip
        sums[_COUNT] += 1
        for name, total, unknown, about, over in _PLACES:
            stated = get(name)
            if stated is None:
                sums[unknown] += 1
                continue
            cents, bound = stated
            sums[total] += cents
            if bound != "exact":
                sums[over if bound == "at_least" else about] += 1
        if "signed" in payload and "completed" in payload:
            sums[_BOTH] += 1
            sums[_BOTH_SIGNED] += payload["signed"][0]
            sums[_BOTH_COMPLETED] += payload["completed"][0]

    def _facts(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The facts as they stand in the trail, in words; what is not said is left out."""
        facts = {"name": payload["name"], "state": payload["state"], **self._named(tuple(map(payload.get, _NAMED)))}
        for field, key in _PLAIN:
            if value := payload.get(key):
                facts[field] = value
        facts["visibility"] = payload.get("visibility", self.visibility)
        if "parent" in payload:
            facts["parent"] = f"XM{payload['parent']:06d}"
        if "parties" in payload:
            facts["parties"] = [name for name, _side, _role in payload["parties"]]
        for name, amount, bounded in _AMOUNT_NAMES:
            if name in payload:
                cents, bound = payload[name]
                facts[amount] = f"{cents // 100}.{cents % 100:02d}"
                facts[bounded] = bound
        return facts

    def _named(self, place: Row) -> dict[str, str]:
        """Pairing, clause, regions and kind by their ids, as the trail names them."""
        words = self._words.get(place)
        if words is None:
            named = zip(_NAMED.values(), self._things, place, strict=True)
            words = self._words[place] = {field: _word(things[pk]) for field, things, pk in named if pk}
        return words


def _word(thing: Pairing | Clause | Region | ProjectKind) -> str:
    """A thing as the trail names it."""
    if isinstance(thing, ProjectKind):
        return thing.title
    return thing.name if isinstance(thing, (Pairing, Region)) else str(thing)


def _parties(pk: int, payload: dict[str, Any]) -> list[Row]:
    """Parties of a project, each once; of two written alike the later spelling stays."""
    found = {(near_key(name)[:200], side, role): name for name, side, role in payload["parties"]}
    return [(pk, *key, name) for key, name in found.items()]


def import_visibility(actor: Actor, options: Options) -> str:
    """Who may see what a file brings, where its rows do not say; raises `Forbidden` for who may not publish."""
    chosen = options.get("visibility") or Visibility.PAIRING.value
    if chosen == Visibility.PUBLIC:
        policies.publish(actor).or_raise()
    return chosen
