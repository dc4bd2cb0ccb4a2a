"""Writing accepted rows of cooperation records: many projects in few statements, sums and trail with them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Accepted, Fate, Options, Source
from duikou.kernel.actor import Actor
from duikou.kernel.bulk import insert_many, reserve_ids
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.facts import announce
from duikou.kernel.money import Bound, Money
from duikou.programme.models import Clause, Pairing, Programme, Region
from duikou.programme.selectors.programmes import programme_at
from duikou.projects import policies
from duikou.projects.models import Project, ProjectClause, ProjectNearKey, ProjectParty, ProjectStep
from duikou.projects.models.summary import AMOUNTS
from duikou.projects.services.contested import figure_contest
from duikou.projects.services.draft import draft_of
from duikou.projects.services.import_judge import differing
from duikou.projects.services.import_prepare import (
    FIELDS,
    PARTY_FIELDS,
    PREPARED,
    SUMS_HELD,
    Prepared,
    Sides,
    Sums,
    Terms,
    import_visibility,
)
from duikou.projects.services.projects import project_locked, project_update
from duikou.projects.services.statistics import StatisticDraft, statistic_record
from duikou.projects.services.step_rows import FIELDS as STEP_FIELDS
from duikou.projects.services.summaries import SumKey, summaries_append
from duikou.projects.states import Measure, Side
from duikou.records.services.audit import Entry, SubjectRef, events_write, record_many

FORM = 3
"""Grows when the payload of a checked row means something else than before."""


class RecordWriter:
    """Writes batches inside the import's transaction."""

    def __init__(self, actor: Actor, options: Options, source: Source) -> None:
        programme = programme_at(options["programme"])
        assert programme is not None  # noqa: S101 - the dry run used it
        self.actor, self.programme, self.source = actor, programme, source
        import_visibility(actor, options)
        self.counts: Counter[str] = Counter()
        self.sums: dict[SumKey, Sequence[int]] = {}
        self.pairings = {p.pk: p for p in Pairing.objects.filter(programme=programme)}
        self.clauses = {c.pk: c for c in Clause.objects.filter(programme=programme)}
        self.regions: dict[int, Region] = {}
        self.sides = Sides(actor, self.regions)
        self.moment = now()
        self.reason = _("导入文件“%(file)s”") % {"file": source.file_name}

    def terms(self) -> Terms:
        """Ids for the new projects of the file, and the moment of the import."""
        return Terms(reserve_ids(Project, self.source.fresh), self.moment)

    def __call__(self, batch: Prepared) -> None:
        """Write projects, statistics, and what the other side says of known projects."""
        if batch.ids:
            self._new(batch)
        for row in batch.others:
            if row.fate is Fate.ASIDE:
                self._statistic(row.payload)
            elif row.fate is Fate.UPDATE:
                self._fill(row)
        same = [row for row in batch.others if row.fate is Fate.SAME]
        self._tell(same)
        for row in same:
            self._differ(row)
        self._sum_up(batch.sums)

    def finish(self) -> dict[str, int]:
        """The sums, and how many records came of the file."""
        summaries_append(self.sums)
        labels = {
            "projects": _("新增项目"),
            "filled": _("补充项目"),
            "told": _("对方已填报、本侧确认填报的项目"),
            "statistics": _("公开统计"),
            "differ": _("双方说法不一的数据"),
        }
        return {str(labels[name]): number for name, number in self.counts.items() if number}

    # -- new projects ----------------------------------------------------------------------------------------------

    def _new(self, batch: Prepared) -> None:
        insert_many(Project, FIELDS, batch.projects, prepared=PREPARED)
        insert_many(ProjectParty, PARTY_FIELDS, batch.parties)
        insert_many(ProjectClause, ("project", "clause"), batch.clauses)
        if batch.steps:
            insert_many(ProjectStep, STEP_FIELDS, batch.steps, prepared=("taken_on", "recorded_at"))
        insert_many(ProjectNearKey, ("id",), batch.near_keys)
        events_write(batch.events)
        announce("projects.project.created", project_ids=batch.ids)
        self.counts["projects"] += len(batch.ids)

    def _sum_up(self, sums: Sums) -> None:
        for key, numbers in sums.items():
            known = self.sums.get(key)
            self.sums[key] = numbers if known is None else [a + b for a, b in zip(known, numbers, strict=True)]
        if len(self.sums) > SUMS_HELD:
            summaries_append(self.sums)
            self.sums.clear()

    # -- known projects --------------------------------------------------------------------------------------------

    def _tell(self, rows: Sequence[Accepted]) -> None:
        """The other side reports a known project too: it still counts once, and now both have reported it."""
        told: dict[str, set[int]] = {Side.FIRST.value: set(), Side.SECOND.value: set()}
        for row in rows:
            payload = row.payload or {}
            if "tell" in payload:
                told[payload["side"]].add(payload["tell"])
            elif row.target and "first" in payload:
                self._load_regions([payload])
                side = self.sides[payload["first"], payload["second"]]
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

    def _differ(self, row: Accepted) -> None:
        """Where the file states other amounts than the project, they are recorded as what this side says of them."""
        payload = row.payload or {}
        project_id, differ = payload.get("id") or int(row.target or 0), payload.get("differ")
        if differ is None and row.target:
            known = Project.objects.get(pk=project_id)
            differ = differing([payload.get(name) for name in AMOUNTS], known)
        if not differ or not policies.contest_figure(self.actor, project_locked(project_id)):
            return
        for figure, value in differ.items():
            told = {"actor": self.actor, "project_id": project_id, "figure": figure, "value": value}
            with suppress(Conflict, Invalid):
                figure_contest(**told, reason=self.reason, kept=True)
                self.counts["differ"] += 1

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
        for field in ("planned_start", "planned_finish"):
            if getattr(present, field) is None and payload.get(field):
                news[field] = dt.date.fromisoformat(payload[field])
        if present.parent is None and payload.get("parent"):
            news["parent"] = Project.objects.filter(pk=payload["parent"]).first()
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
        self._differ(row)

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


def data_stamp(programme: Programme) -> str:
    """What changes when any project or statistic of the programme does: cheap to read, compared at the commit.

    It also names the form of what a dry run leaves behind, so that rows checked before an upgrade are checked again.
    """
    newest = Project.objects.filter(programme=programme).order_by("-updated_at", "-id")
    last = newest.values_list("updated_at", "id").first()
    highest = Project.objects.filter(programme=programme).order_by("-id").values_list("id", flat=True).first()
    return f"{FORM}:{programme.pk}:{last}:{highest}"
