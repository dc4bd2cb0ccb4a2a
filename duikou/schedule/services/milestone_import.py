"""A table of milestones coming in: what becomes of each row, and the writing of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Accepted, Fate, Incoming, Judged, Options, Problem, Severity, Source
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
from duikou.projects.models import Project
from duikou.records.services.audit import Entry, record, record_many, subject_of
from duikou.schedule.models import Milestone, MilestoneLink
from duikou.schedule.rules import Edge, makes_ring
from duikou.schedule.services.draft import FACTS, MilestoneDraft, checked_among, plan_field
from duikou.schedule.services.keeping import days_follow, family_held, plain, touched
from duikou.schedule.services.milestones import facts_of, new_row, plan_written
from duikou.schedule.services.reading import Read, Reader, merged

CHANGEABLE = (*FACTS, "done_on", "done_as")


def data_stamp(_options: Options) -> str:
    """What changes whenever a milestone or what it waits for does."""
    last = Milestone.objects.aggregate(at=Max("updated_at"), id=Max("id"))
    return f"milestones-1:{last['at']}:{last['id']}:{MilestoneLink.objects.aggregate(id=Max('id'))['id']}"


class MilestoneJudge:
    """Judges rows a batch at a time; keeps in mind what the file itself brings, and what waits for what by then."""

    def __init__(self, actor: Actor, _options: Options) -> None:
        self.reader = Reader(actor)
        self.known: dict[int, dict[str, Milestone | None]] = {}
        self.kinds: dict[int, dict[str, str]] = defaultdict(dict)
        self.edges: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
        self.numbers: dict[tuple[int, str], int] = {}
        self.seen: dict[tuple[int, str], tuple[str, int, Any]] = {}

    def __call__(self, batch: Sequence[Incoming]) -> list[Judged]:
        """One verdict per row; five queries per batch."""
        found = self.reader.read(batch)
        self._learn([one.project.pk for one in found if one.project])
        return [self._judged(one) for one in found]

    def _learn(self, ids: list[int]) -> None:
        new = [pk for pk in dict.fromkeys(ids) if pk not in self.known]
        for pk in new:
            self.known[pk] = {}
        keys: dict[int, str] = {}
        for row in Milestone.objects.filter(project_id__in=new):
            self.known[row.project_id][row.near_key] = row
            keys[row.pk] = row.near_key
            if plan_field(row.kind):
                self.kinds[row.project_id][row.kind] = row.near_key
        links = MilestoneLink.objects.filter(after__project_id__in=new).values_list(
            "before_id", "after_id", "lag", "after__project_id"
        )
        for before, after, lag, project_id in links:
            if before in keys:
                self.edges[project_id][keys[before], keys[after]] = lag

    def _judged(self, one: Read) -> Judged:
        label = f"{one.title}（{one.project.name if one.project else '—'}）"
        if one.project is None or one.problems:
            return Judged(Fate.ERROR, label, None, one.problems)
        place = (one.project.pk, one.key)
        before = self.seen.setdefault(place, (one.row.sheet, one.row.row, (one.said, one.links)))
        if before[:2] != (one.row.sheet, one.row.row):
            return self._twice(one, label, before)
        present = self.known[one.project.pk].get(one.key)
        draft = merged(present, one.said)
        others = {key: row for key, row in self.known[one.project.pk].items() if key != one.key}
        kinds = {kind for kind, key in self.kinds[one.project.pk].items() if key != one.key}
        try:
            draft = checked_among(draft, one.project, titles=set(others), kinds=kinds)
        except Invalid as bad:
            for name, texts in bad.fields.items():
                one.fault("body" if name == "organisation_id" else name, name, texts[0])
        edges = self.edges[one.project.pk]
        known = {(before, lag) for (before, after), lag in edges.items() if after == one.key}
        self._links(one)
        if one.problems:
            return Judged(Fate.ERROR, label, None, one.problems)
        return self._fate(one, present, draft, known)

    def _twice(self, one: Read, label: str, before: tuple[str, int, Any]) -> Judged:
        words = {"sheet": before[0], "row": before[1]}
        if before[2] == (one.said, one.links):
            reason = _("与本文件“%(sheet)s”第 %(row)s 行相同，只登记一次。") % words
            return Judged(Fate.SAME, label, None, [Problem("", "twice", reason, Severity.NOTE)])
        reason = _("与本文件“%(sheet)s”第 %(row)s 行是同一里程碑而内容不同，请合并。") % words
        return Judged(Fate.ERROR, label, None, [Problem("title", "twice", reason)])

    def _links(self, one: Read) -> None:
        """Each that it waits for must be known or stand above; none may close a ring."""
        assert one.project is not None  # noqa: S101 - the caller looked
        titles, edges = self.known[one.project.pk], self.edges[one.project.pk]
        for before, lag in one.links or ():
            if before not in titles:
                one.fault("before", "before", _("前置里程碑须已登记，或写在本行之前。"))
            elif before == one.key or makes_ring(self._edges(one.project.pk), *self._ids(one, before)):
                one.fault("before", "ring", _("这样会使里程碑互相等待，形成循环。"))
            elif not 0 <= lag <= 3650:
                one.fault("before", "lag", _("间隔是0到%(most)d之间的天数。") % {"most": 3650})
            else:
                edges[before, one.key] = lag

    def _ids(self, one: Read, before: str) -> tuple[int, int]:
        assert one.project is not None  # noqa: S101 - the caller looked
        return self._number(one.project.pk, before), self._number(one.project.pk, one.key)

    def _edges(self, project_id: int) -> list[Edge]:
        return [
            Edge(self._number(project_id, before), self._number(project_id, after), lag)
            for (before, after), lag in self.edges[project_id].items()
        ]

    def _number(self, project_id: int, key: str) -> int:
        return self.numbers.setdefault((project_id, key), len(self.numbers))

    def _fate(
        self, one: Read, present: Milestone | None, draft: MilestoneDraft, known_links: set[tuple[str, int]]
    ) -> Judged:
        assert one.project is not None  # noqa: S101 - the caller looked
        label = f"{one.title}（{one.project.name}）"
        payload = {"project": one.project.pk, "draft": packed(draft), "links": one.links}
        if present is None:
            self.known[one.project.pk][one.key] = None
            if plan_field(draft.kind):
                self.kinds[one.project.pk][draft.kind] = one.key
            return Judged(Fate.NEW, label, payload)
        changed = [name for name in CHANGEABLE if getattr(draft, name) != getattr(present, name)]
        new_links = [link for link in one.links or () if link not in known_links]
        if not changed and not new_links:
            return Judged(Fate.SAME, label)
        return Judged(Fate.UPDATE, label, {**payload, "id": present.pk, "version": present.version})


def packed(draft: MilestoneDraft) -> dict[str, Any]:
    """A draft as plain values."""
    return plain(asdict(draft))


def unpacked(values: dict[str, Any]) -> MilestoneDraft:
    """A draft out of plain values."""
    days = {
        name: values[name] and dt.date.fromisoformat(values[name]) for name in ("planned_on", "forecast_on", "done_on")
    }
    return MilestoneDraft(**{**values, **days})


class MilestoneWriter:
    """Writes accepted rows inside the import's transaction: new ones at once, the days that follow at the end."""

    def __init__(self, actor: Actor, _options: Options, _source: Source) -> None:
        self.actor = actor
        self.counts: Counter[str] = Counter()
        self.held: dict[int, tuple[Project, list[int]]] = {}
        self.links: list[tuple[int, str, list[tuple[str, int]]]] = []

    def terms(self) -> None:
        """Nothing is prepared for it."""

    def __call__(self, batch: Sequence[Accepted]) -> None:
        """New rows in one statement, changed ones each."""
        new = []
        for row in batch:
            if row.fate not in (Fate.NEW, Fate.UPDATE):
                continue
            project = self._held(row.payload["project"])
            draft = unpacked(row.payload["draft"])
            made = new_row(project, draft)
            if row.fate is Fate.NEW:
                plan_written(self.actor, project, made)
                new.append(made)
            else:
                self._change(row.payload, project, draft)
            links = [(str(key), int(lag)) for key, lag in row.payload["links"] or ()]
            if links:
                self.links.append((project.pk, made.near_key, links))
        Milestone.objects.bulk_create(new, batch_size=500)
        entries = [Entry(subject_of(row), None, facts_of(row)) for row in new]
        record_many(actor=self.actor, action="schedule.milestone.added", entries=entries)
        self.counts["added"] += len(new)

    def _held(self, project_id: int) -> Project:
        if project_id not in self.held:
            self.held[project_id] = family_held(project_id)
        return self.held[project_id][0]

    def _change(self, payload: dict[str, Any], project: Project, draft: MilestoneDraft) -> None:
        row = Milestone.objects.select_for_update().get(pk=payload["id"])
        row.project = project
        before = {name: getattr(row, name) for name in CHANGEABLE}
        changed = [name for name in CHANGEABLE if getattr(draft, name) != before[name]]
        for name in changed:
            setattr(row, name, getattr(draft, name))
        plan_written(self.actor, project, row)
        touched(row)
        record(
            actor=self.actor,
            action="schedule.milestone.imported",
            subject=row,
            before=plain({name: before[name] for name in changed}),
            after=plain({name: getattr(row, name) for name in changed}),
        )
        self.counts["changed"] += 1

    def finish(self) -> dict[str, int]:
        """Link, let the days follow; returns how many came, changed and wait."""
        for start in range(0, len(self.links), 500):
            self._link(self.links[start : start + 500])
        for project, family in self.held.values():
            days_follow(family, project.pk)
        labels = {"added": _("新增里程碑"), "changed": _("修改里程碑"), "linked": _("关联里程碑")}
        return {labels[name]: number for name, number in self.counts.items() if number}

    def _link(self, some: list[tuple[int, str, list[tuple[str, int]]]]) -> None:
        found = Milestone.objects.filter(project_id__in={one[0] for one in some})
        rows = {(row.project_id, row.near_key): row for row in found}
        known = MilestoneLink.objects.filter(after__project_id__in={one[0] for one in some})
        lags = {(link.before_id, link.after_id): link for link in known}
        new, entries = [], []
        for project_id, key, links in some:
            after = rows[project_id, key]
            for before_key, lag in links:
                before = rows[project_id, before_key]
                link = lags.get((before.pk, after.pk))
                if link is not None and link.lag == lag:
                    continue
                words = {"before": before.title, "lag": lag}
                entries.append(Entry(subject_of(after), {"lag": link.lag} if link else None, words))
                if link is None:
                    new.append(MilestoneLink(before=before, after=after, lag=lag))
                else:
                    MilestoneLink.objects.filter(pk=link.pk).update(lag=lag)
        MilestoneLink.objects.bulk_create(new, batch_size=500)
        record_many(actor=self.actor, action="schedule.milestone.linked", entries=entries)
        self.counts["linked"] += len(entries)
