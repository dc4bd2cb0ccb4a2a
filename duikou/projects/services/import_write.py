"""Writing accepted rows of cooperation records: many projects in few statements, sums and trail with them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connections, router
from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Accepted, Fate, Options, Source
from duikou.kernel.actor import Actor
from duikou.kernel.bulk import Inserter, reserve_ids
from duikou.kernel.clock import now
from duikou.kernel.facts import announce
from duikou.kernel.money import Bound, Money
from duikou.kernel.text import near_key
from duikou.programme.models import Clause, Pairing, Programme, ProjectKind, Region
from duikou.programme.selectors.programmes import programme_at
from duikou.projects import policies
from duikou.projects.models import Project, ProjectClause, ProjectParty
from duikou.projects.models.summary import AMOUNTS, SUM_FIELDS
from duikou.projects.services.draft import draft_of
from duikou.projects.services.near import near_keys_write
from duikou.projects.services.projects import project_update
from duikou.projects.services.statistics import StatisticDraft, statistic_record
from duikou.projects.services.summaries import SumKey, summaries_append
from duikou.projects.states import Measure, Side, Visibility
from duikou.records.services.audit import Entry, SubjectRef, record_many

FIELDS = (
    "id", "programme", "name", "near_key", "search_text", "kind", "pairing", "first_region", "second_region", "clause",
    "industry", "state", "state_before_suspension", "state_wording", "state_as_of", "year", "planned_amount",
    "planned_bound",
    "signed_amount", "signed_bound", "completed_amount", "completed_bound", "description", "extra", "project_code",
    "visibility", "source_name", "source_url", "source_note", "reported_by_first_at", "reported_by_second_at",
    "opinion",
    "opinion_note", "opinion_by", "merged_into", "version", "created_at", "updated_at",
)  # fmt: skip
PREPARED = (
    "planned_amount", "signed_amount", "completed_amount", "extra", "state_as_of", "reported_by_first_at",
    "reported_by_second_at", "created_at", "updated_at", "source_url",
)  # fmt: skip
SUMS_HELD = 20_000
"""How many different sums are held back at most: memory stays flat, and a usual file appends each of them once."""
NOTHING = (None, Bound.EXACT.value)
FORM = 2
"""Grows when the payload of a checked row means something else than before."""
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
    ("project_code", "project_code"),
)  # fmt: skip
_NAMED = {
    "pairing": "pairing", "clause": "clause", "first": "first_region", "second": "second_region", "kind": "kind",
}  # fmt: skip
_AMOUNT_NAMES = [(name, f"{name}_amount", f"{name}_bound") for name in AMOUNTS]


def _word(thing: Pairing | Clause | Region | ProjectKind) -> str:
    """A thing as the trail names it."""
    if isinstance(thing, ProjectKind):
        return thing.title
    return thing.name if isinstance(thing, (Pairing, Region)) else str(thing)


class RecordWriter:
    """Writes batches inside the import's transaction."""

    def __init__(self, actor: Actor, options: Options, source: Source) -> None:
        programme = programme_at(options["programme"])
        assert programme is not None  # noqa: S101 - the dry run used it
        self.actor, self.programme, self.source = actor, programme, source
        self.visibility = import_visibility(actor, options)
        self.counts: Counter[str] = Counter()
        self.sums: dict[SumKey, list[int]] = defaultdict(lambda: [0] * len(SUM_FIELDS))
        self.words: dict[tuple[int | None, ...], dict[str, str]] = {}
        self.pairings = {p.pk: p for p in Pairing.objects.filter(programme=programme)}
        self.clauses = {c.pk: c for c in Clause.objects.filter(programme=programme)}
        self.kinds = {k.pk: k for k in ProjectKind.objects.filter(programme=programme)}
        self.regions: dict[int, Region] = {}
        self.sides: dict[tuple[int, int | None], Side] = {}
        self.moment = now()
        ops = connections[router.db_for_write(Project)].ops
        self.stored_moment = ops.adapt_datetimefield_value(self.moment.astimezone(dt.UTC))
        self.stored_date = lru_cache(10_000)(lambda text: ops.adapt_datefield_value(dt.date.fromisoformat(text)))
        self.reason = _("导入文件“%(file)s”") % {"file": source.file_name}
        self._insert = Inserter()
        self._ids: Iterator[int] | None = None

    def __call__(self, batch: Sequence[Accepted]) -> None:
        """Write projects, statistics, and what the other side says of known projects."""
        fresh = [row.payload for row in batch if row.fate is Fate.NEW]
        if fresh:
            self._projects(fresh)
        for row in batch:
            if row.fate is Fate.ASIDE:
                self._statistic(row.payload)
            elif row.fate is Fate.UPDATE:
                self._fill(row)
        self._tell([row for row in batch if row.fate is Fate.SAME])

    def finish(self) -> dict[str, int]:
        """The sums, and how many records came of the file."""
        self._insert.wait()
        summaries_append(self.sums)
        labels = {
            "projects": _("新增项目"),
            "filled": _("补充项目"),
            "told": _("对方已填报、本侧确认填报的项目"),
            "statistics": _("公开统计"),
        }
        return {str(labels[name]): number for name, number in self.counts.items() if number}

    def close(self) -> None:
        """Nothing of ours runs any more."""
        self._insert.close()

    # -- projects --------------------------------------------------------------------------------------------------

    def _projects(self, payloads: Sequence[dict[str, Any]]) -> None:
        self._load_regions(payloads)
        if self._ids is None:
            self._ids = iter(reserve_ids(Project, self.source.fresh))
        ids = list(islice(self._ids, len(payloads)))
        for payload in payloads:
            self._side(payload["first"], payload["second"])
        keys = [payload["key"] for payload in payloads]
        rows = zip(ids, payloads, keys, strict=True)
        self._insert(Project, FIELDS, (self._row(*row) for row in rows), prepared=PREPARED)
        self._parties(ids, payloads)
        links = ((pk, clause) for pk, p in zip(ids, payloads, strict=True) for clause in p.get("further", ()))
        self._insert(ProjectClause, ("project", "clause"), links)
        near_keys_write(((pk, payload["keys"]) for pk, payload in zip(ids, payloads, strict=True)), self._insert)
        for payload in payloads:
            self._add_up(payload)
        if len(self.sums) > SUMS_HELD:
            self._insert.wait()
            summaries_append(self.sums)
            self.sums.clear()
        record_many(
            actor=self.actor,
            action="projects.project.created",
            entries=(
                Entry(SubjectRef("projects.project", str(pk), payload["name"]), None, self._facts(payload))
                for pk, payload in zip(ids, payloads, strict=True)
            ),
            reason=self.reason,
            insert=self._insert,
        )
        announce("projects.project.created", project_ids=ids)
        self.counts["projects"] += len(ids)

    def _row(self, pk: int, payload: dict[str, Any], key: str) -> tuple[Any, ...]:
        get = payload.get
        planned, signed, completed = get("planned", NOTHING), get("signed", NOTHING), get("completed", NOTHING)
        side = self.sides[payload["first"], payload["second"]]
        as_of, extra, moment = get("as_of"), get("extra"), self.stored_moment
        names = [near_key(name) for name, _side, _role in get("parties", ())]
        return (
            pk, self.programme.pk, payload["name"], key, " ".join(dict.fromkeys([key, *names])) if names else key,
            get("kind"), payload["pairing"], payload["first"], payload["second"], payload["clause"], get("industry"),
            payload["state"], "", payload["wording"], as_of and self.stored_date(as_of),
            get("year"), planned[0], planned[1], signed[0], signed[1], completed[0], completed[1],
            get("description", ""), json.dumps(extra) if extra else "{}", get("project_code", ""),
            get("visibility", self.visibility), get("source", ""), get("source_url", ""), get("note", ""),
            moment if side is Side.FIRST else None, moment if side is Side.SECOND else None, "pending",
            "", "", None, 1, moment, moment,
        )  # fmt: skip

    def _parties(self, ids: Sequence[int], payloads: Sequence[dict[str, Any]]) -> None:
        rows = {
            (pk, near_key(name)[:200], side, role): name
            for pk, payload in zip(ids, payloads, strict=True)
            for name, side, role in payload.get("parties", ())
        }
        self._insert(
            ProjectParty,
            ("project", "near_key", "side", "role", "name"),
            ((*key, name) for key, name in rows.items()),
        )

    def _add_up(self, payload: dict[str, Any]) -> None:
        """Add a project to the sums that are appended at the end; only what is not nothing is added."""
        get = payload.get
        sums = self.sums[
            SumKey(
                self.programme.pk, payload["pairing"], payload["first"], payload["second"], payload["clause"],
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
        facts = {"name": payload["name"], "state": payload["state"], **self._words(*map(payload.get, _NAMED))}
        for field, key in _PLAIN:
            if value := payload.get(key):
                facts[field] = value
        facts["visibility"] = payload.get("visibility", self.visibility)
        if "parties" in payload:
            facts["parties"] = [name for name, _side, _role in payload["parties"]]
        for name, amount, bounded in _AMOUNT_NAMES:
            if name in payload:
                cents, bound = payload[name]
                facts[amount] = f"{cents // 100}.{cents % 100:02d}"
                facts[bounded] = bound
        return facts

    def _words(self, *place: int | None) -> dict[str, str]:
        """Pairing, clause, regions and kind by their ids, as the trail names them."""
        words = self.words.get(place)
        if words is None:
            known: tuple[Mapping[int, Any], ...] = (self.pairings, self.clauses, self.regions, self.regions, self.kinds)
            named = zip(_NAMED.values(), known, place, strict=True)
            words = self.words[place] = {field: _word(things[pk]) for field, things, pk in named if pk}
        return words

    # -- known projects --------------------------------------------------------------------------------------------

    def _tell(self, rows: Sequence[Accepted]) -> None:
        """The other side reports a known project too: it still counts once, and now both have reported it."""
        told: dict[str, set[int]] = {Side.FIRST.value: set(), Side.SECOND.value: set()}
        for row in rows:
            payload = row.payload or {}
            if "tell" in payload:
                told[payload["side"]].add(payload["tell"])
            elif row.target:
                self._load_regions([payload])
                side = self._side(payload["first"], payload["second"])
                if side is not Side.NONE:
                    told[side.value].add(int(row.target))
        for side_value, ids in told.items():
            field = f"reported_by_{side_value}_at"
            mine = Project.objects.filter(pk__in=ids, merged_into=None, **{f"{field}__isnull": True})
            found = dict(mine.values_list("pk", "name"))
            Project.objects.filter(pk__in=found).update(**{field: self.moment, "updated_at": self.moment})
            record_many(
                actor=self.actor,
                action="projects.project.reported",
                entries=[
                    Entry(SubjectRef("projects.project", str(pk), name), None, {field: self.moment.isoformat()})
                    for pk, name in found.items()
                ],
                reason=self.reason,
            )
            self.counts["told"] += len(found)

    def _fill(self, row: Accepted) -> None:
        """Put into a known project what it does not say yet; what it says stays."""
        project = Project.objects.get(pk=int(row.target))
        present, payload = draft_of(project), row.payload
        news: dict[str, Any] = {}
        for name in AMOUNTS:
            if name in payload and getattr(present, f"{name}_amount") is None:
                cents, bound = payload[name]
                news |= {f"{name}_amount": Money.from_cents(cents), f"{name}_bound": Bound(bound)}
        for field, key in (
            ("description", "description"),
            ("source_name", "source"),
            ("source_url", "source_url"),
            ("source_note", "note"),
            ("project_code", "project_code"),
            ("year", "year"),
        ):
            if not getattr(present, field) and payload.get(key):
                news[field] = payload[key]
        if news:
            draft = dataclasses.replace(present, **news)
            project_update(
                actor=self.actor,
                project_id=project.pk,
                version=project.version,
                draft=draft,
                reason=self.reason,
                partial=True,
            )
            self.counts["filled"] += 1
        self._tell([row._replace(fate=Fate.SAME)])

    # -- statistics ------------------------------------------------------------------------------------------------

    def _statistic(self, payload: dict[str, Any]) -> None:
        self._load_regions([payload])
        for measure, at, label, value, amount, bound, unit in payload["figures"]:
            draft = StatisticDraft(
                programme=self.programme,
                title=payload["name"],
                pairing=self.pairings.get(payload["pairing"]),
                clause=self.clauses.get(payload["clause"]),
                first_region=self.regions.get(payload["first"]),
                second_region=self.regions.get(payload["second"]),
                measure=Measure(measure),
                figure=at,
                label=label,
                value=None if value is None else Decimal(value),
                amount=None if amount is None else Money.from_cents(amount),
                bound=Bound(bound),
                unit=unit,
                year=payload["year"],
                as_of=dt.date.fromisoformat(payload["as_of"]) if payload["as_of"] else None,
                wording=payload["wording"],
                source_name=payload["source"],
                source_url=payload["source_url"],
                source_note=payload["note"],
            )
            _row, is_new = statistic_record(actor=self.actor, draft=draft)
            self.counts["statistics"] += int(is_new)

    # -- places ----------------------------------------------------------------------------------------------------

    def _load_regions(self, payloads: Sequence[dict[str, Any]]) -> None:
        named = {pk for payload in payloads for key in ("first", "second") if (pk := payload.get(key)) is not None}
        wanted = named - self.regions.keys()
        if wanted:
            self.regions.update({region.pk: region for region in Region.objects.filter(pk__in=wanted)})

    def _side(self, first: int, second: int | None) -> Side:
        """On which side the actor stands; raises `Forbidden` where it stands on none."""
        if (first, second) not in self.sides:
            one, two = self.regions[first], self.regions[second] if second else None
            policies.create(self.actor, one, two).or_raise()
            self.sides[first, second] = policies.side_of(self.actor, one, two)
        return self.sides[first, second]


def import_visibility(actor: Actor, options: Options) -> str:
    """Who may see what a file brings, where its rows do not say; raises `Forbidden` for who may not publish."""
    chosen = options.get("visibility") or Visibility.PAIRING.value
    if chosen == Visibility.PUBLIC:
        policies.publish(actor).or_raise()
    return chosen


def data_stamp(programme: Programme) -> str:
    """What changes when any project or statistic of the programme does: cheap to read, compared at the commit.

    It also names the form of what a dry run leaves behind, so that rows checked before an upgrade are checked again.
    """
    newest = Project.objects.filter(programme=programme).order_by("-updated_at", "-id")
    last = newest.values_list("updated_at", "id").first()
    highest = Project.objects.filter(programme=programme).order_by("-id").values_list("id", flat=True).first()
    return f"{FORM}:{programme.pk}:{last}:{highest}"
