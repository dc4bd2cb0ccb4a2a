"""Accepted rows of a checked run, a batch at a time, made ready to be written: here, or in a process beside the writer.

`batches` is what runs in either; what it yields is plain. The writer begins with batches of its own and takes those of
its helper as soon as that one is ready: from then on one process prepares and the other writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from duikou.intake.models import ImportDecision
from duikou.intake.services import stage
from duikou.intake.services.kinds import OWN, Accepted, Options, Source, kind_of
from duikou.intake.states import Choice, Fate
from duikou.kernel.actor import Actor
from duikou.kernel.beside import Beside

BATCH = 4_000
"""Staged rows in one batch."""
_PLAIN = {fate.value: fate for fate in (Fate.NEW, Fate.UPDATE, Fate.ASIDE, Fate.SAME)}


class Portion(NamedTuple):
    """What is prepared, for whom, in which transaction: the stage from byte `start` on, after `fresh` new records."""

    kind: str
    actor: Actor
    options: Options
    source: Source
    terms: Any
    start: int = 0
    fresh: int = 0


class Batch(NamedTuple):
    """So many accepted rows ready to be written; `end` and `fresh` say where the stage goes on."""

    rows: int
    content: Any
    end: int
    fresh: int


def batches(portion: Portion, until: Callable[[], bool] = lambda: False) -> Iterator[Batch]:
    """All that is to be written, in order, or as much of it as there is time for; raises whatever the kind refuses."""
    kind, source = kind_of(portion.kind), portion.source
    make = kind.preparer
    preparer = make(portion.actor, portion.options, source, portion.terms) if make else None
    decided = _decided(source.run_id)
    end, fresh = portion.start, portion.fresh
    for lines in stage.chunks(source.uid, portion.start, BATCH):
        rows = list(_accepted(lines, decided, fresh))
        end += sum(map(len, lines))
        fresh += sum(1 for row in rows if row.number >= 0)
        yield Batch(len(rows), preparer(rows) if preparer else rows, end, fresh)
        if until():
            break
    if preparer:
        yield Batch(0, preparer.rest(), end, fresh)


def in_order(portion: Portion, helper: Beside[Batch] | None) -> Iterator[Batch]:
    """All batches in the order of the file: prepared here until the helper is ready, by the helper from then on."""
    last = Batch(0, None, portion.start, portion.fresh)
    for last in batches(portion, helper.is_ready if helper else lambda: False):
        yield last
    if helper and last.end < stage.size(portion.source.uid):
        yield from helper.start(portion._replace(start=last.end, fresh=last.fresh))


def _decided(run_id: int) -> dict[int, tuple[str, str]]:
    made = ImportDecision.objects.filter(run=run_id).values_list("index", "choice", "target")
    return {index: (choice, target) for index, choice, target in made}


def _accepted(lines: Sequence[bytes], decided: dict[int, tuple[str, str]], fresh: int) -> Iterator[Accepted]:
    """Rows to be written: new and updating ones, those set aside, and near ones as a person decided."""
    for line in lines:
        row = stage.staged_of(line)
        fate, target = _PLAIN.get(row.fate), ""
        if row.fate == Fate.NEAR:
            choice, target = decided[row.place]
            fate, target = _chosen(choice, target)
        if fate is Fate.NEW:
            yield Accepted(row.place, row.sheet, row.row, fate, row.payload, "", fresh)
            fresh += 1
        elif fate is not None:
            yield Accepted(row.place, row.sheet, row.row, fate, row.payload, target)


def _chosen(choice: str, target: str) -> tuple[Fate | None, str]:
    """What a decision makes of a near row; None where nothing is written."""
    if choice == Choice.NEW:
        return Fate.NEW, ""
    if choice == Choice.UPDATE:
        return Fate.UPDATE, target
    return (Fate.SAME, target) if choice == Choice.SAME and not target.startswith(OWN) else (None, "")
