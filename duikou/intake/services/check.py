"""The dry run: every row of the file gets a fate, every error a place and a reason; nothing is written elsewhere."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.intake.models import ImportDecision, ImportFinding, ImportRun
from duikou.intake.services import stage
from duikou.intake.services.kinds import Checker, Column, ImportKind, Incoming, Judged, Problem, kind_of
from duikou.intake.services.parse import Plan
from duikou.intake.services.runs import expected_names, limits
from duikou.intake.services.waiting import waiting_close
from duikou.intake.services.who import actor_of, recorder_of
from duikou.intake.states import Fate, RunState, Severity
from duikou.kernel.bulk import insert_many
from duikou.kernel.clock import now
from duikou.kernel.errors import DomainError
from duikou.kernel.facts import announce
from duikou.kernel.heap import settled
from duikou.kernel.sheets import Book, Row, Table, column_letter, text_of
from duikou.records.services.audit import record

BATCH = 2_000
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
        self.columns: Sequence[Column] = self.kind.columns(run.options)
        self.checker: Checker = self.kind.checker(self.actor, run.options)
        self.folder: Path = stage.folder_of(run.uid)
        self.severities: Counter[str] = Counter()
        self.seen = 0

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
                    self._table(table, Plan(self.columns, mapping, table.columns))
        self.counts = out.counts()

    def _table(self, table: Table, plan: Plan) -> None:
        rows: list[Row] = []
        places: list[int] = []
        for kind, row in table.rows(ahead=True):
            self.seen += 1
            if kind == "data":
                rows.append(row)
                places.append(self.seen)
                if len(rows) >= BATCH:
                    self._batch(rows, places, table, plan)
                    rows, places = [], []
            elif kind != "blank":
                self._skip(kind, row)
        if rows:
            self._batch(rows, places, table, plan)

    def _skip(self, kind: str, row: Row) -> None:
        label = next((text for cell in row.cells if (text := text_of(cell))), "")
        why = _("合计行，不导入") if kind == "total" else _("小标题行，不导入")
        self.out.add((self.seen, row.sheet, row.number, Fate.SKIPPED.value, label[:200], None, [why]))

    def _batch(self, rows: Sequence[Row], places: Sequence[int], table: Table, plan: Plan) -> None:
        if stage.cancel_asked(self.run.uid):
            raise Cancelled
        incoming, problems = plan.parse(rows, places)
        judged = self.checker(incoming)
        for place, (row, come, verdict) in enumerate(zip(rows, incoming, judged, strict=True)):
            wrong = problems.get(place)
            if wrong or verdict.problems:
                self._problems(row, verdict, wrong or [], table, plan)
            if verdict.fate is Fate.NEAR:
                self._near(come, verdict)
            notes = [problem.reason for problem in verdict.problems] if verdict.problems else []
            notes.extend(verdict.notes)
            self.out.add(
                (come.index, row.sheet, row.number, verdict.fate.value, verdict.label[:200], verdict.payload, notes)
            )
        stage.note_progress(self.run.uid, "check", self.seen, max(self.total, self.seen))

    def _problems(self, row: Row, verdict: Judged, wrong: list[Problem], table: Table, plan: Plan) -> None:
        keys = {problem.key for problem in wrong if problem.key}
        every = [*wrong, *(problem for problem in verdict.problems if problem.key not in keys)]
        verdict.problems = every
        if any(problem.severity is Severity.ERROR for problem in every):
            verdict.fate = Fate.ERROR
        for problem in every:
            self.severities[problem.severity.value] += 1
            at = plan.positions.get(problem.key)
            self.findings.write(
                orjson.dumps(
                    [
                        row.sheet[:100],
                        row.number,
                        "" if at is None else column_letter(at),
                        "" if at is None else table.columns[at][:120],
                        problem.severity.value,
                        problem.code[:40],
                        problem.reason[:300],
                        "" if at is None else text_of(row.cells[at])[:80],
                    ]
                )
                + b"\n"
            )

    def _near(self, come: Incoming, verdict: Judged) -> None:
        candidates = [candidate._asdict() for candidate in verdict.candidates]
        line = [come.index, come.sheet[:100], come.row, verdict.label[:200], candidates]
        self.decisions.write(orjson.dumps(line) + b"\n")

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
