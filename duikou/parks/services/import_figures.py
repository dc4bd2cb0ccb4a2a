"""A table of official figures coming into a park as drafts: what becomes of each row, and the writing of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Accepted, Fate, Incoming, Judged, Options, Problem, Severity, Source
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
from duikou.kernel.money import Money
from duikou.kernel.text import has_word, near_key
from duikou.parks.models import Official, OfficialFigure, Resident
from duikou.parks.rules.spans import Span, span_of_text
from duikou.parks.services.figures import FigureDraft, figure_checked, figure_save
from duikou.parks.services.import_residents import park_of
from duikou.parks.states import MEASURES, ReviewState

Rows = dict[str, OfficialFigure]


class FigureJudge:
    """Judges rows against the companies and figures that are there and those earlier in the file (two queries)."""

    def __init__(self, actor: Actor, options: Options) -> None:
        park = park_of(actor, options)
        self.by_code: dict[str, list[Resident]] = {}
        self.by_name: dict[str, list[Resident]] = {}
        for row in Resident.objects.filter(park=park).order_by("id"):
            self.by_name.setdefault(row.near_key, []).append(row)
            if row.uscc:
                self.by_code.setdefault(row.uscc, []).append(row)
        self.known: dict[tuple[int, Span], Rows] = {}
        for figure in OfficialFigure.objects.filter(park=park).exclude(state=ReviewState.SUPERSEDED.value):
            self.known.setdefault((figure.resident_id, figure.span), {})[figure.state] = figure
        self.seen: dict[tuple[int, Span], tuple[str, int]] = {}

    def __call__(self, batch: Sequence[Incoming]) -> list[Judged]:
        """One verdict per row; no query."""
        return [self._judged(row) for row in batch]

    def _judged(self, row: Incoming) -> Judged:
        given = {key: value for key, value in row.values.items() if value not in (None, "")}
        label = str(given.get("name", ""))
        span = span_of_text(given.get("span", ""))
        if span is None:
            return Judged(Fate.ERROR, label, None, [Problem("span", "span", _("请填写期间。"))])
        if not given.keys() & {*MEASURES, "jobs"}:
            return Judged(Fate.SKIPPED, label)
        resident = self._resident(given, span)
        if resident is None:
            said = _("本园区没有登记这家企业，请先登记或导入企业。")
            return Judged(Fate.ERROR, label, None, [Problem("name", "unknown", said)])
        before = self.seen.setdefault((resident.pk, span), (row.sheet, row.row))
        if before != (row.sheet, row.row):
            words = {"sheet": before[0], "row": before[1]}
            said = _("与本文件“%(sheet)s”第 %(row)s 行是同一家企业的同一期间，请合并后重新上传。") % words
            return Judged(Fate.ERROR, label, None, [Problem("span", "twice", said)])
        rows = self.known.get((resident.pk, span), {})
        draft = figure_draft(span, given, rows)
        try:
            figure_checked(resident, draft)
        except Invalid as bad:
            found = [Problem(name, name or "row", text) for name, texts in bad.fields.items() for text in texts]
            return Judged(Fate.ERROR, label, None, found)
        return self._fate(label, resident, draft, given, rows)

    def _fate(self, label: str, resident: Resident, draft: FigureDraft, given: Mapping[str, Any], rows: Rows) -> Judged:
        here = _latest(rows)
        if here is not None and _says(here) == (dict(draft.amounts), draft.jobs, draft.note):
            return Judged(Fate.SAME, label)
        if ReviewState.SUBMITTED.value in rows:
            said = _("这一期间的数据已提交审核，退回之后才能修改。")
            return Judged(Fate.ERROR, label, None, [Problem("span", "submitted", said)])
        problems = []
        is_first = here is None or here.state == ReviewState.ACCEPTED
        if ReviewState.ACCEPTED.value in rows and is_first and not has_word(str(given.get("reason", ""))):
            said = _("这一期间的数据已审核，更正时请在“更正理由”一列写明理由。")
            return Judged(Fate.ERROR, label, None, [Problem("reason", "reason", said)])
        if ReviewState.ACCEPTED.value in rows:
            problems.append(Problem("span", "correction", _("作为对已审核数据的更正。"), Severity.NOTE))
        fate = Fate.UPDATE if rows else Fate.NEW
        return Judged(fate, label, {"resident": resident.pk, "span": draft.span.code, "given": dict(given)}, problems)

    def _resident(self, given: Mapping[str, Any], span: Span) -> Resident | None:
        code = str(given.get("uscc", "")).upper()
        found = self.by_code.get(code) if code else None
        found = found or self.by_name.get(near_key(str(given.get("name", "")))[:120], [])
        fitting = [
            row
            for row in found
            if (row.moved_out_on is None or span.first <= row.moved_out_on)
            and (row.moved_in_on is None or span.last >= row.moved_in_on)
        ]
        return next(iter([*reversed(fitting), *reversed(found)]), None)


class FigureWriter:
    """Writes accepted rows as drafts, inside the import's transaction; handing them in is another step."""

    def __init__(self, actor: Actor, options: Options, source: Source) -> None:
        self.actor = actor
        self.park = park_of(actor, options)
        self.counts: Counter[str] = Counter()

    def terms(self) -> None:
        """Nothing is prepared for it."""

    def __call__(self, batch: Sequence[Accepted]) -> None:
        """New drafts, changed drafts, corrections of accepted rows."""
        for row in batch:
            payload = row.payload
            span = span_of_text(payload["span"]) if row.fate in (Fate.NEW, Fate.UPDATE) else None
            if span is None:
                continue
            figures = OfficialFigure.objects.filter(
                resident=payload["resident"], grain=span.grain, year=span.year, month=span.month
            ).exclude(state=ReviewState.SUPERSEDED.value)
            draft = figure_draft(span, payload["given"], {figure.state: figure for figure in figures})
            reason = str(payload["given"].get("reason", ""))
            figure_save(actor=self.actor, resident_id=payload["resident"], draft=draft, reason=reason)
            self.counts["new" if row.fate is Fate.NEW else "changed"] += 1

    def finish(self) -> dict[str, int]:
        """How many drafts came, how many changed."""
        labels = {"new": _("新增草稿"), "changed": _("修改或更正")}
        return {labels[name]: number for name, number in self.counts.items()}


def figure_draft(span: Span, given: Mapping[str, Any], rows: Rows) -> FigureDraft:
    """What a row states over what is there: a blank cell leaves a known figure as it is."""
    here = _latest(rows)
    amounts = dict(here.amounts) if here is not None else {}
    amounts |= {name: Official(Money.from_cents(given[name])) for name in MEASURES if name in given}
    jobs = given.get("jobs", here.jobs if here is not None else None)
    return FigureDraft(span, amounts, jobs, str(given.get("note", here.note if here is not None else "")))


def _latest(rows: Rows) -> OfficialFigure | None:
    """The open row, else the accepted one."""
    order = (ReviewState.DRAFT.value, ReviewState.SUBMITTED.value, ReviewState.ACCEPTED.value)
    return next((rows[state] for state in order if state in rows), None)


def _says(row: OfficialFigure) -> tuple[dict[str, Official], int | None, str]:
    return row.amounts, row.jobs, row.note
