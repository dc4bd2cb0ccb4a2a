"""The dry run: every row of the file gets a fate, every error a place and a reason; nothing is written elsewhere."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction

from duikou.intake.models import ImportDecision, ImportFinding, ImportRun
from duikou.intake.services import stage
from duikou.intake.services.drafting import TURNS, Found, Frame, Share, in_order
from duikou.intake.services.kinds import Checker, ImportKind, Judged, kind_of
from duikou.intake.services.parse import Plan
from duikou.intake.services.runs import expected_names, limits
from duikou.intake.services.waiting import waiting_close
from duikou.intake.services.who import actor_of, recorder_of
from duikou.intake.states import Fate, RunState, Severity
from duikou.kernel.beside import can_see, cores
from duikou.kernel.bulk import insert_many
from duikou.kernel.clock import now
from duikou.kernel.errors import DomainError, no_space
from duikou.kernel.facts import announce
from duikou.kernel.heap import settled
from duikou.kernel.sheets import Book, Table
from duikou.records.services.audit import record

APART_FROM = 5_000
"""Written rows from which a second process pays for starting it."""
MOST = max(TURNS)
"""Processes at one file at most: one person's import leaves room for others."""
UNREAD = ("unreadable", "missing", "error_value", "formula_without_value")
"""Findings on a cell after which nothing more is said of it."""
FINDING_FIELDS = ("run", "sheet", "row", "letter", "header", "severity", "code", "reason", "shown")


class Cancelled(Exception):
    """Somebody asked the running job to stop."""


def run_check(*, run_id: int) -> None:
    """Check every row of a run that is in `checking`; safe to run again, also after a crash."""
    run = ImportRun.objects.select_related("membership", "organisation").filter(pk=run_id).first()
    if run is None or run.state != RunState.CHECKING:
        return
    try:
        with settled():
            check(run)
    except Cancelled:
        _close(run, RunState.CANCELLED, "")
    except DomainError as error:
        _close(run, RunState.FAILED, error.message)
    except OSError as error:
        if (full := no_space(error)) is None:
            raise
        _close(run, RunState.FAILED, full.message)


def check(run: ImportRun) -> None:
    """Judge all rows, stage them and keep what was found; the run is `checked` afterwards.

    Raises `Cancelled`, `BadFile` and whatever the kind refuses.
    """
    found = _Check(run)
    found.read()
    found.keep()


def _close(run: ImportRun, state: RunState, notice: str) -> None:
    with transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(
            state=state, notice=notice[:500], updated_at=now(), version=run.version + 1
        )
        record(actor=recorder_of(run), action=f"intake.run.{state.value}", subject=run, reason=notice)
        if state is RunState.CANCELLED:
            waiting_close(actor=recorder_of(run), run=run)
    stage.clear_cancel(run.uid)
    announce("intake.run.closed", run_id=run.pk)


class _Check:
    """One pass over the file."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.kind: ImportKind = kind_of(run.kind)
        self.actor = actor_of(run)
        self.stamp = self.kind.stamp(run.options)
        self.checker: Checker = self.kind.checker(self.actor, run.options)
        self.folder: Path = stage.folder_of(run.uid)
        self.severities: Counter[str] = Counter()
        self.seen = 0
        self.place = 0
        self.base = 0

    def read(self) -> None:
        """Stage every row."""
        with (
            stage.Writer(self.folder) as out,
            (self.folder / "findings").open("wb") as self.findings,
            (self.folder / "decisions").open("wb") as self.decisions,
            Book(stage.source_path(self.run.uid), name=self.run.file_name, limits=limits()) as book,
        ):
            self.out = out
            tables = book.tables(expected_names(self.kind, self.run.options))
            self.total = sum(table.sheet.rows_hint for table in tables)
            stage.note_progress(self.run.uid, "check", 0, self.total)
            for at, table in enumerate(tables):
                mapping = self.run.mapping.get(str(at))
                if mapping:
                    self._table(table, mapping)
        self.counts = out.counts()

    def _table(self, table: Table, mapping: dict[str, str]) -> None:
        assert table.order is not None  # noqa: S101 - the book has found it
        base = self.base = self.place - table.header.last_row
        share = Share(self.run.kind, self.actor, self.run.options, table.order, mapping, base)
        plan = Plan(self.kind.columns(self.run.options), mapping, table.columns)
        for frame in in_order(share, self._shares(table)):
            if stage.cancel_asked(self.run.uid):
                raise Cancelled
            self._frame(frame, plan)
            self.seen += frame.looked_at
            self.place = max(self.place, base + frame.last)
            stage.note_progress(self.run.uid, "check", self.seen, max(self.total, self.seen))

    def _shares(self, table: Table) -> int:
        """How many processes read the table: one where it is small, or where another would not see the same data."""
        if self.kind.drafter is None or table.sheet.rows_hint < APART_FROM or not can_see():
            return 1
        return min(cores(), MOST)

    def _frame(self, frame: Frame, plan: Plan) -> None:
        if frame.skipped:
            places, lines = zip(*frame.skipped, strict=True)
            self.out.add(places, [Fate.SKIPPED.value] * len(places), lines)
        if not frame.lines:
            return
        for at, judged in enumerate(self.checker(frame.briefs)):
            if judged is not None:
                self._amend(frame, at, judged, plan)
        for at, found in sorted(frame.found.items()):
            self._findings(frame, at, found)
        self.out.add(frame.places, frame.fates, frame.lines)

    def _amend(self, frame: Frame, at: int, judged: Judged, plan: Plan) -> None:
        """Put a verdict in the place of the draft; what was wrong with the row by itself stays."""
        line = stage.staged_of(frame.lines[at])
        before = frame.found.get(at, [])
        news = []
        for problem in judged.problems:
            letter, header = plan.place_of(problem.key)
            if letter and any(known.letter == letter and known.code in UNREAD for known in before):
                continue
            shown = frame.texts[problem.key][at] if problem.key in frame.texts else ""
            news.append(Found(letter, header, problem.severity.value, problem.code[:40], problem.reason[:300], shown))
        every = [*before, *news]
        if every:
            frame.found[at] = every
        fate = Fate.ERROR if any(known.severity == Severity.ERROR for known in every) else judged.fate
        notes = [*line.notes[: len(before)], *(problem.reason for problem in news)]
        notes += line.notes[len(before) :] if judged.keep else judged.notes
        payload = line.payload if judged.keep else judged.payload
        label = judged.label or line.label
        frame.fates[at] = fate.value
        frame.lines[at] = stage.line_of(line.place, line.sheet, line.row, fate.value, label, payload, notes)
        if fate is Fate.NEAR:
            candidates = [candidate._asdict() for candidate in judged.candidates]
            decision = [line.place, line.sheet[:100], line.row, label[:200], candidates]
            self.decisions.write(orjson.dumps(decision) + b"\n")

    def _findings(self, frame: Frame, at: int, found: Sequence[Found]) -> None:
        row = frame.places[at] - self.base
        for one in found:
            self.severities[one.severity] += 1
            line = [
                frame.sheet[:100], row, one.letter, one.header, one.severity, one.code, one.reason, one.shown,
            ]  # fmt: skip
            self.findings.write(orjson.dumps(line) + b"\n")

    def keep(self) -> None:
        """Put findings and open decisions where people see them, in one transaction with the run's new state."""
        run = self.run
        with transaction.atomic():
            before = {d.index: d for d in ImportDecision.objects.filter(run=run).exclude(choice="")}
            ImportFinding.objects.filter(run=run).delete()
            ImportDecision.objects.filter(run=run).delete()
            lines = ((run.pk, *line) for line in _lines(self.folder / "findings"))
            insert_many(ImportFinding, FINDING_FIELDS, lines)
            for batch in _batches(_lines(self.folder / "decisions"), 500):
                ImportDecision.objects.bulk_create([_decision(run, line, before) for line in batch])
            moment = now()
            data_rows = sum(number for fate, number in self.counts.items() if fate != Fate.SKIPPED)
            values: dict[str, Any] = {
                "counters": self.counts,
                "row_count": data_rows,
                "error_count": self.severities[Severity.ERROR],
                "warning_count": self.severities[Severity.WARNING],
                "data_stamp": self.stamp,
                "checked_at": moment,
                "updated_at": moment,
            }
            if run.state == RunState.CHECKING:
                values |= {"state": RunState.CHECKED.value, "version": run.version + 1}
            ImportRun.objects.filter(pk=run.pk).update(**values)
            for name, value in values.items():
                setattr(run, name, value)
            record(actor=self.actor, action="intake.run.checked", subject=run, after={"rows": self.counts})
        announce("intake.run.checked", run_id=run.pk)


def _lines(path: Path) -> Iterator[list[Any]]:
    with path.open("rb") as lines:
        for line in lines:
            yield orjson.loads(line)


def _batches(lines: Iterator[list[Any]], size: int) -> Iterator[list[list[Any]]]:
    while batch := list(itertools.islice(lines, size)):
        yield batch


def _decision(run: ImportRun, line: list[Any], before: dict[int, ImportDecision]) -> ImportDecision:
    """An open decision, or the one made before when it was about the same row and the same candidates."""
    index, sheet, row, label, candidates = line
    made = ImportDecision(run=run, index=index, sheet=sheet, row=row, label=label, candidates=candidates)
    old = before.get(index)
    if (
        old is not None
        and old.label == label
        and {candidate["id"] for candidate in old.candidates} == {candidate["id"] for candidate in candidates}
    ):
        made.choice, made.target = old.choice, old.target
        made.decided_by_id, made.decided_name, made.decided_at = old.decided_by_id, old.decided_name, old.decided_at
    return made
