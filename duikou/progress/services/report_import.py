"""A monthly form coming in: what becomes of each row, and the writing of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Accepted, Fate, Incoming, Judged, Options, Problem, Severity, Source
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
from duikou.kernel.money import Money
from duikou.progress import policies
from duikou.progress.models import FIGURES, ProgressReport, ReportState
from duikou.progress.selectors.owed import LIVE, own_projects
from duikou.progress.services.draft import FIELDS, ReportDraft, checked, checked_month, draft_of, judged, refuse_empty
from duikou.progress.services.reports import PROJECT, report_submit
from duikou.progress.states import COUNTED, DOUBT_TEXTS, WRITABLE
from duikou.projects.models import Project

_DAYS = ("started_on", "planned_finish")
_LIVE = set(LIVE)


def data_stamp(_options: Options) -> str:
    """What changes whenever a report does."""
    last = ProgressReport.objects.aggregate(at=Max("changed_at"), id=Max("id"))
    return f"reports-1:{last['at']}:{last['id']}"


class ReportJudge:
    """Judges rows a batch at a time, beside what is known and what the file itself brings for earlier months."""

    def __init__(self, actor: Actor, _options: Options) -> None:
        self.actor = actor
        self.projects: dict[int, Project] = {}
        self.reports: dict[int, list[ProgressReport]] = defaultdict(list)
        self.refused: dict[int, str] = {}
        self.seen: dict[tuple[int, int], tuple[str, int, ReportDraft]] = {}

    def __call__(self, batch: Sequence[Incoming]) -> list[Judged]:
        """One verdict per row; two queries per batch, and one more for each new project of a firm."""
        self._learn({row.values["number"] for row in batch if row.values.get("number")})
        return [self._judged(row) for row in batch]

    def _learn(self, numbers: set[int]) -> None:
        new = numbers - self.projects.keys()
        for project in own_projects(actor=self.actor).filter(pk__in=new).select_related(*PROJECT):
            self.projects[project.pk] = project
            verdict = policies.report(self.actor, project)
            if not verdict:
                self.refused[project.pk] = str(verdict.reason)
        for report in ProgressReport.objects.filter(project_id__in=new & self.projects.keys(), state__in=_LIVE):
            self.reports[report.project_id].append(report)

    def _judged(self, row: Incoming) -> Judged:
        project = self.projects.get(row.values.get("number") or 0)
        month = row.values.get("month") or 0
        label = f"{project.name if project else '—'}（{month}）"
        if project is None:
            reason = _("没有您可以填报的这个项目。")
            return Judged(Fate.ERROR, label, None, [Problem("number", "project", reason)])
        if project.pk in self.refused:
            return Judged(Fate.ERROR, label, None, [Problem("number", "forbidden", self.refused[project.pk])])
        draft = draft_from(row.values)
        place = (project.pk, month)
        before = self.seen.setdefault(place, (row.sheet, row.row, draft))
        if before[:2] != (row.sheet, row.row):
            return _twice(label, before, draft)
        try:
            return self._beside(project, checked_month(month), checked(draft, month), label)
        except Invalid as bad:
            problems = [Problem(name, "figures", " ".join(texts)) for name, texts in bad.fields.items()]
            return Judged(Fate.ERROR, label, None, problems)

    def _beside(self, project: Project, month: int, draft: ReportDraft, label: str) -> Judged:
        known = {report.state: report for report in self.reports[project.pk] if report.month == month}
        accepted, sent = known.get(ReportState.ACCEPTED), known.get(ReportState.SUBMITTED)
        open_row = next((known[state] for state in WRITABLE if state in known), None)
        standing = sent or (accepted if open_row is None else None)
        if standing is not None:
            return _standing(label, standing, draft)
        refuse_empty(draft)
        others = [report for report in self.reports[project.pk] if report.month != month]
        earlier = [one for one in others if one.month < month and one.state in COUNTED]
        later = [one for one in others if one.month > month and one.state == ReportState.ACCEPTED]
        ready = judged(
            draft,
            month=month,
            project=project,
            earlier=max(earlier, key=lambda one: one.month, default=None),
            later=min(later, key=lambda one: one.month, default=None),
            seen=None,
            corrects=open_row is not None and open_row.corrects_id is not None,
        )
        values = asdict(ready.draft)
        self.reports[project.pk].append(
            ProgressReport(project=project, month=month, state=ReportState.SUBMITTED.value, **values)
        )
        doubts = [doubt.value for doubt in ready.doubts]
        problems = [Problem("", "doubt", str(DOUBT_TEXTS[doubt]), Severity.NOTE) for doubt in doubts]
        payload = {
            "project": project.pk,
            "month": month,
            "draft": packed(draft),
            "revision": open_row.revision if open_row else 0,
            "doubts": doubts,
        }
        return Judged(Fate.UPDATE if open_row else Fate.NEW, label, payload, problems)


def _twice(label: str, before: tuple[str, int, ReportDraft], draft: ReportDraft) -> Judged:
    words = {"sheet": before[0], "row": before[1]}
    if before[2] == draft:
        reason = _("与本文件“%(sheet)s”第 %(row)s 行相同，只登记一次。") % words
        return Judged(Fate.SAME, label, None, [Problem("", "twice", reason, Severity.NOTE)])
    reason = _("与本文件“%(sheet)s”第 %(row)s 行是同一项目同一月份而内容不同，请合并。") % words
    return Judged(Fate.ERROR, label, None, [Problem("month", "twice", reason)])


def _standing(label: str, report: ProgressReport, draft: ReportDraft) -> Judged:
    """A month that was sent: what says the same is nothing new; anything else goes another way."""
    known = draft_of(report)
    same = all(getattr(draft, name) in (None, "", getattr(known, name)) for name in FIELDS)
    if same:
        return Judged(Fate.SAME, label)
    reason = _("%(month)s的月报%(state)s，内容与本行不同；请先收回或更正。") % {
        "month": report.month_label,
        "state": report.state_label,
    }
    return Judged(Fate.ERROR, label, None, [Problem("month", "standing", reason)])


def draft_from(values: dict[str, Any]) -> ReportDraft:
    """A row's plain values as a draft."""
    found: dict[str, Any] = {name: values.get(name) for name in FIELDS}
    for name in FIGURES:
        found[name] = None if found[name] is None else Money.from_cents(found[name])
    for name in _DAYS:
        found[name] = dt.date.fromisoformat(found[name]) if found[name] else None
    found["percent"] = Decimal(found["percent"]) if found["percent"] is not None else None
    for name in ("physical", "problems", "remark", "fall_reason"):
        found[name] = found[name] or ""
    return ReportDraft(**found)


def packed(draft: ReportDraft) -> dict[str, Any]:
    """A draft as the plain values of a row."""
    found = asdict(draft)
    for name in FIGURES:
        found[name] = None if found[name] is None else found[name].cents
    for name in _DAYS:
        found[name] = found[name].isoformat() if found[name] else None
    found["percent"] = None if found["percent"] is None else str(found["percent"])
    return found


class ReportWriter:
    """Sends the accepted rows, in the order of their months, inside the import's one transaction."""

    def __init__(self, actor: Actor, _options: Options, _source: Source) -> None:
        self.actor = actor
        self.counts: Counter[str] = Counter()
        self.held: list[dict[str, Any]] = []

    def terms(self) -> None:
        """Nothing is prepared for it."""

    def __call__(self, batch: Sequence[Accepted]) -> None:
        """Hold the rows back until all are known."""
        self.held += [row.payload for row in batch if row.fate in (Fate.NEW, Fate.UPDATE)]

    def finish(self) -> dict[str, int]:
        """Send them; whoever decided to write the file has seen their doubts."""
        for payload in sorted(self.held, key=lambda one: (one["project"], one["month"])):
            report_submit(
                actor=self.actor,
                project_id=payload["project"],
                month=payload["month"],
                draft=draft_from(payload["draft"]),
                revision=payload["revision"],
                seen=payload["doubts"],
            )
            self.counts["reports"] += 1
        return dict(self.counts)
