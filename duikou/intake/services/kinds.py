"""What a room tells the import engine about its rows; the engine knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from duikou.intake.states import Fate, Severity
from duikou.kernel.actor import Actor
from duikou.kernel.sheets import Cell

__all__ = [
    "OWN",
    "Accepted",
    "Candidate",
    "Checker",
    "Column",
    "Committer",
    "Drafted",
    "Drafter",
    "Fate",
    "ImportKind",
    "Incoming",
    "Judged",
    "Option",
    "Options",
    "Preparer",
    "Problem",
    "Severity",
    "Source",
    "kind_of",
    "kinds",
    "register",
]

Values = dict[str, Any]
Options = dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A field that a column of the file can fill.

    `parse` gets a cell that is not blank and returns a plain value, or raises `ValueError` or `Invalid` whose text is
    the reason shown; a field without a column or with a blank cell is None. It must depend on the cell alone.
    """

    key: str
    label: str
    parse: Callable[[Cell], Any]
    aliases: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    example: str = ""
    fits: Callable[[str], bool] | None = None
    with_header: Callable[[str], Callable[[Cell], Any]] | None = None
    """The parser under a given header, for columns whose header says the unit."""


class Problem(NamedTuple):
    """A finding on a row: which field ("" = the row), what, why, how grave."""

    key: str
    code: str
    reason: str
    severity: Severity = Severity.ERROR


OWN = "row:"
"""What the id of a candidate begins with that is an earlier row of the same file: nothing to be added to yet."""


class Candidate(NamedTuple):
    """A known record that a row resembles: its id, what people see of it, how alike (0–100), where it can be seen."""

    id: str
    label: str
    score: int
    detail: str = ""
    url: str = ""


@dataclass(slots=True)
class Incoming:
    """A row whose cells are parsed: its place in the whole file, its sheet and row, values by field."""

    index: int
    sheet: str
    row: int
    values: Values


@dataclass(slots=True)
class Judged:
    """What a room says of a row: its fate, a plain payload for the commit, findings, candidates when it is near.

    `notes` say how the row was read; they are shown beside it and are no findings. `keep`: payload and notes stay as
    drafted, whatever stands here; findings are added to those of the draft.
    """

    fate: Fate
    label: str
    payload: Any = None
    problems: Sequence[Problem] = ()
    candidates: Sequence[Candidate] = ()
    notes: Sequence[str] = ()
    keep: bool = False


class Drafted(NamedTuple):
    """What can be said of a row by itself; the checker judges by the `brief`: None, or a tuple of plain values."""

    judged: Judged
    brief: Any


class Accepted(NamedTuple):
    """A row to be written: as judged, with the target a person chose for it ("" = a new record).

    `number` counts the new records of the file from 0; -1 for any other row.
    """

    place: int
    sheet: str
    row: int
    fate: Fate
    payload: Any
    target: str = ""
    number: int = -1


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows come from, to be named in records and in the trail; `fresh`: how many will be new records."""

    run_id: int
    uid: str
    file_name: str
    digest: str
    brought_by: str
    fresh: int


class Drafter(Protocol):
    """Reads rows one by one, without a look at what changes or at other rows: it may work in another process."""

    def __call__(self, batch: Sequence[Incoming]) -> Sequence[Drafted]:
        """One draft per row, no query per batch."""


class Checker(Protocol):
    """Judges rows, a batch at a time, in the order of the file; keeps in mind what the file itself holds twice.

    It is given the briefs where the kind has a drafter, else the rows as they came in.
    """

    def __call__(self, batch: Sequence[Any]) -> Sequence[Judged | None]:
        """One verdict per row, None where the draft stands; a constant number of queries per batch."""


class Preparer(Protocol):
    """Makes of accepted rows what the committer only has to write: it may work in another process.

    What it needs of the database it asks for when it is made; what it gives is plain.
    """

    def __call__(self, batch: Sequence[Accepted]) -> Any:
        """A batch ready to be written."""

    def rest(self) -> Any:
        """One more such batch: what was held back over all of them."""


class Committer(Protocol):
    """Writes accepted rows, or what the kind's preparer made of them, inside the engine's one transaction."""

    def terms(self) -> Any:
        """What a preparer must know of this transaction: plain values. Called once; None where there is none."""

    def __call__(self, batch: Any) -> None:
        """Write a batch."""

    def finish(self) -> dict[str, int]:
        """Whatever is written once at the end; returns how many records came of it, by word."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice made once for the whole file: at the upload, or with the columns.

    `refused`: choices that this actor may not make, with the reason.
    """

    key: str
    label: str
    choices: Sequence[tuple[str, str]]
    default: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    at_upload: bool = True


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One sort of table that can be brought in.

    `stamp` names the state of the data a check looked at: when it differs at the commit, the rows are checked again.
    `drafter` is offered by kinds of large files: rows are then read by several processes and only judged in order.
    So is `preparer` (actor, options, source, the committer's terms): rows are then made ready beside the writing.
    `judged_fields`: fields that the checker of such a kind may still find fault with.
    """

    code: str
    label: Any
    permission: str
    columns: Callable[[Options], Sequence[Column]]
    checker: Callable[[Actor, Options], Checker]
    committer: Callable[[Actor, Options, Source], Committer]
    stamp: Callable[[Options], str]
    options: Callable[[Actor], Sequence[Option]] = field(default=lambda _actor: ())
    result_url: Callable[[int], str] | None = None
    aside_label: Any = ""
    drafter: Callable[[Actor, Options], Drafter] | None = None
    judged_fields: tuple[str, ...] = ()
    preparer: Callable[[Actor, Options, Source, Any], Preparer] | None = None
    order: int = 0
    """Where the kind stands among those on offer; the first is what the page proposes."""


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Offer a kind of import (once, in a room's `apps.py`)."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> ImportKind:
    """The kind by its code; raises `KeyError`."""
    return _kinds[code]


def kinds() -> tuple[ImportKind, ...]:
    """Every registered kind, in the order they are offered."""
    return tuple(sorted(_kinds.values(), key=lambda kind: (kind.order, kind.code)))
