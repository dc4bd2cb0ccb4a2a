"""A table of promises coming into a draft: what becomes of each row, and the writing of it."""

from __future__ import annotations

import dataclasses
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from duikou.access.selectors.organisations import organisations_visible
from duikou.intake.services.kinds import (
    Accepted,
    Candidate,
    Fate,
    Incoming,
    Judged,
    Options,
    Problem,
    Severity,
    Source,
)
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
from duikou.kernel.text import near_key
from duikou.plans import policies
from duikou.plans.models import PlanVersion
from duikou.plans.rules.content import EntryContent, PlanContent
from duikou.plans.selectors import content_of, version_visible
from duikou.plans.services.entries import entry_add, entry_content, entry_save
from duikou.plans.services.entry_draft import EntryDraft, MoneyDraft, UnitDraft, checked
from duikou.plans.services.entry_reading import EntryReader, Said, merged
from duikou.plans.services.entry_table import UID, names_of, read_columns, values_written

ALIKE = 85.0
"""Likeness of two titles from which a person decides whether they are one promise."""
SHOWN = 5
_FIELDS = {
    "title": "title",
    "measure": "measure",
    "section": "section",
    "clauses": "clauses",
    "target": "target",
    "indicator": "indicator",
    "target_value": "target_value",
    "target_unit": "target_unit",
    "first": "first_units",
    "second": "second_units",
    "starts_on": "starts_on",
    "due_on": "due_on",
    "money": "money",
}
"""Field of a draft → column that states it."""


def version_of(actor: Actor, options: Options) -> PlanVersion:
    """The draft that the rows go into; raises `Invalid`, `NotFound` or `Forbidden`."""
    number = options.get("version", "")
    if not number.isdecimal():
        raise Invalid(_("请选择事项表写入哪个计划的草案。"))
    version = version_visible(actor=actor, version_id=int(number))
    policies.write(actor, version).or_raise()
    return version


def data_stamp(options: Options) -> str:
    """What changes whenever anything in the draft does."""
    number = options.get("version", "")
    row = PlanVersion.objects.filter(pk=int(number) if number.isdecimal() else 0)
    return f"plan-entries-1:{row.values_list('pk', 'revision', 'state').first()}"


class EntryJudge:
    """Judges rows a batch at a time; keeps in mind what the file itself holds twice."""

    def __init__(self, actor: Actor, options: Options) -> None:
        self.actor = actor
        self.version = version_of(actor, options)
        self.content: PlanContent = content_of(self.version)
        self.reader = EntryReader.of(self.version, self.content)
        names = names_of(self.version)
        columns = read_columns(names)
        self.by_uid = {entry.uid: entry for entry in self.content.entries}
        self.values = {one.uid: values_written(one, self.content, names, columns) for one in self.content.entries}
        self.by_title: dict[str, list[EntryContent]] = {}
        for entry in self.content.entries:
            self.by_title.setdefault(near_key(entry.title), []).append(entry)
        self.seen: dict[tuple[str, ...], tuple[str, int, Any]] = {}
        """What the file had already: sheet, row and content by uid, or by title and clauses."""

    def __call__(self, batch: Sequence[Incoming]) -> list[Judged]:
        """One verdict per row; one query per batch, for the organisations that it names."""
        said = [self.reader.read(row.values) for row in batch]
        known = organisations_known(self.actor, (unit.name for one in said for unit in one.draft.units))
        return [self._judged(row, one, known) for row, one in zip(batch, said, strict=True)]

    def _judged(self, row: Incoming, said: Said, known: Mapping[str, int]) -> Judged:
        said.draft = linked(said.draft, known)
        draft, label = said.draft, said.draft.title
        if not near_key(label):
            return Judged(Fate.ERROR, label, None, said.problems)
        uid = str(row.values.get(UID) or "").strip().lower()
        here = self.by_uid.get(uid)
        if uid and here is None:
            reason = _("这一版里没有标识为“%(uid)s”的事项，按名称核对。") % {"uid": uid[:40]}
            said.fault(UID, "uid", reason, Severity.NOTE)
        same = self.by_title.get(near_key(label), [])
        if here is None:
            here = self._meant(same, draft)
        twice = self._twice(row, here, said)
        if twice is not None:
            return twice
        if here is not None:
            return self._known(here, row, said)
        near = self._near(draft, same)
        payload = {"content": _plain(draft), "given": sorted(said.given)}
        fate = Fate.NEAR if near else Fate.NEW
        return Judged(fate, label, payload, said.problems, near)

    def _meant(self, same: Sequence[EntryContent], draft: EntryDraft) -> EntryContent | None:
        """The promise of the same name: the only one unless the clauses speak against it, else the one of the same."""
        clauses = set(draft.clauses)
        fitting = [one for one in same if {clause.code for clause in one.clauses} == clauses]
        if len(fitting) == 1:
            return fitting[0]
        if len(same) == 1 and (not clauses or not same[0].clauses):
            return same[0]
        return None

    def _twice(self, row: Incoming, here: EntryContent | None, said: Said) -> Judged | None:
        draft = said.draft
        key = (here.uid,) if here is not None else (near_key(draft.title), *draft.clauses)
        before = self.seen.setdefault(key, (row.sheet, row.row, draft))
        if before[:2] == (row.sheet, row.row):
            return None
        words = {"sheet": before[0], "row": before[1]}
        if before[2] == draft:
            reason = _("与本文件“%(sheet)s”第 %(row)s 行相同，只登记一次。") % words
            found = Problem("", "twice", reason, Severity.NOTE)
        else:
            reason = _("与本文件“%(sheet)s”第 %(row)s 行是同一事项而内容不同；只登记那一行，请合并后重新上传。") % words
            found = Problem("title", "twice", reason, Severity.WARNING)
        return Judged(Fate.SAME, draft.title, None, [*said.problems, found])

    def _known(self, entry: EntryContent, row: Incoming, said: Said) -> Judged:
        """A promise of the draft: what the table would say of it already changes nothing."""
        there = self.values[entry.uid]
        same = {key for key, value in row.values.items() if value is not None and value == there.get(key)}
        said.problems = [problem for problem in said.problems if problem.key not in same]
        given = {name for name in said.given if _FIELDS[name] not in same}
        if row.values.get("target_unit") is None and not given & {"indicator", "target_value"}:
            given.discard("target_unit")
        present = draft_of(entry)
        after = merged(present, said.draft, given)
        try:
            after = checked(after)
        except Invalid as bad:
            said.problems += [Problem("", name, texts[0]) for name, texts in bad.fields.items()]
        changed = _changed(present, after)
        if not changed:
            return Judged(Fate.SAME, entry.title, None, said.problems)
        notes = [_("修改：%(fields)s。") % {"fields": _("、").join(str(LABELS[name]()) for name in changed)}]
        payload = {"uid": entry.uid, "revision": entry.revision, "content": _plain(after)}
        return Judged(Fate.UPDATE, entry.title, payload, said.problems, notes=notes)

    def _near(self, draft: EntryDraft, same: Sequence[EntryContent]) -> list[Candidate]:
        found = [(100.0, entry) for entry in same]
        key = near_key(draft.title)
        for other, entries in self.by_title.items():
            score = fuzz.ratio(key, other, score_cutoff=ALIKE) if other != key else 0.0
            found += [(score, entry) for entry in entries if score]
        found.sort(key=lambda one: (-one[0], one[1].number))
        return [
            Candidate(
                entry.uid,
                entry.title,
                int(score),
                _("第%(number)d项 · %(clauses)s")
                % {"number": entry.number, "clauses": "；".join(one.code for one in entry.clauses) or "—"},
            )
            for score, entry in found[:SHOWN]
        ]


class EntryWriter:
    """Writes accepted rows through the services of entries, inside the import's transaction."""

    def __init__(self, actor: Actor, options: Options, source: Source) -> None:
        self.actor = actor
        self.version = version_of(actor, options)
        self.source = source
        self.counts: Counter[str] = Counter()

    def terms(self) -> None:
        """Nothing is prepared for it."""

    def __call__(self, batch: Sequence[Accepted]) -> None:
        """New promises at the end in the order of the file, known ones where they stand."""
        for row in batch:
            if row.fate is Fate.NEW:
                entry_add(actor=self.actor, version_id=self.version.pk, draft=EntryDraft.of(row.payload["content"]))
                self.counts["added"] += 1
            elif row.fate is Fate.UPDATE:
                self._update(row)

    def finish(self) -> dict[str, int]:
        """How many came, how many changed."""
        labels = {"added": _("新增事项"), "changed": _("修改事项")}
        return {str(labels[name]): number for name, number in self.counts.items() if number}

    def _update(self, row: Accepted) -> None:
        payload = row.payload
        uid = uuid.UUID(row.target or payload["uid"])
        draft, revision = EntryDraft.of(payload["content"]), payload.get("revision", 0)
        if row.target:
            content, revision = entry_content(version=self.version, uid=uid)
            draft = merged(EntryDraft.of(content), draft, payload["given"])
        entry_save(actor=self.actor, version_id=self.version.pk, uid=uid, revision=revision, draft=draft)
        self.counts["changed"] += 1


def organisations_known(actor: Actor, names: Any) -> dict[str, int]:
    """Ids of visible organisations by exact name (one query)."""
    rows = organisations_visible(actor=actor).filter(name__in=set(names)).order_by("-pk")
    return dict(rows.values_list("name", "pk"))


def linked(draft: EntryDraft, known: Mapping[str, int]) -> EntryDraft:
    """The draft with its units linked to the organisations of the same name."""
    units = tuple(
        dataclasses.replace(unit, organisation_id=unit.organisation_id or known.get(unit.name)) for unit in draft.units
    )
    return dataclasses.replace(draft, units=units)


def draft_of(entry: EntryContent) -> EntryDraft:
    """A promise as its writer would have written it."""
    return EntryDraft(
        title=entry.title,
        measure=entry.measure,
        section=uuid.UUID(entry.section) if entry.section else None,
        clauses=tuple(sorted(clause.code for clause in entry.clauses)),
        target=entry.target,
        indicator=entry.indicator,
        target_value=entry.target_value,
        target_unit=entry.target_unit,
        starts_on=entry.starts_on,
        due_on=entry.due_on,
        units=tuple(UnitDraft(one.side, one.name, one.is_lead, one.organisation_id) for one in entry.units),
        money=tuple(MoneyDraft(one.source, one.amount, one.side, one.bound) for one in entry.money),  # type: ignore[arg-type]
        parent=(entry.parent.plan_id, uuid.UUID(entry.parent.uid)) if entry.parent else None,
        carried=(entry.carried.plan_id, uuid.UUID(entry.carried.uid)) if entry.carried else None,
    )


LABELS = {
    "title": lambda: _("事项"),
    "measure": lambda: _("具体举措"),
    "section": lambda: _("所属章节"),
    "clauses": lambda: _("对应条款"),
    "target": lambda: _("目标"),
    "indicator": lambda: _("指标"),
    "target_value": lambda: _("目标值"),
    "target_unit": lambda: _("目标单位"),
    "starts_on": lambda: _("开始日期"),
    "due_on": lambda: _("完成期限"),
    "units": lambda: _("责任单位"),
    "money": lambda: _("资金"),
}
"""What is changed, in words."""


def _plain(draft: EntryDraft) -> dict[str, Any]:
    return draft.content(uuid.UUID(int=0), 0)


def _changed(before: EntryDraft, after: EntryDraft) -> list[str]:
    old, new = _plain(before), _plain(after)
    return [name for name in LABELS if old[name] != new[name]]
