"""The rows of a run between dry run and commit: a file of lines, an index per fate, a progress note beside it.

One line is `[index, sheet, row, fate, label, payload, notes]`. The index files hold the offset of each line as 8
bytes, so that page k of a fate is two seeks; nothing of it passes through the database.
"""

from __future__ import annotations

import itertools
import os
import shutil
import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple

import orjson
from django.conf import settings

from duikou.intake.states import Fate

SILENT_AFTER = 90.0
"""Seconds without a note after which a running job is taken for dead."""


class Staged(NamedTuple):
    """One staged row; `place` counts the rows of the whole file."""

    place: int
    sheet: str
    row: int
    fate: str
    label: str
    payload: Any
    notes: list[str]


def folder_of(uid: object) -> Path:
    """The run's own folder under the data folder, made when missing."""
    folder = Path(settings.HOME) / "imports" / str(uid)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def remove(uid: object) -> None:
    """Drop the run's folder."""
    shutil.rmtree(folder_of(uid), ignore_errors=True)


def source_path(uid: object) -> Path:
    """Where the uploaded file lies."""
    return folder_of(uid) / "source"


def line_of(place: int, sheet: str, row: int, fate: str, label: str, payload: Any, notes: Sequence[str]) -> bytes:
    """A row as it is staged."""
    return orjson.dumps((place, sheet, row, fate, label[:200], payload, notes), option=orjson.OPT_APPEND_NEWLINE)


def staged_of(line: bytes) -> Staged:
    """A staged row read back."""
    return Staged(*orjson.loads(line))


@dataclass(slots=True)
class Writer:
    """Writes a stage anew; it takes the place of the former one only when it is complete."""

    folder: Path
    _lines: IO[bytes] = field(init=False)
    _offsets: dict[str, array[int]] = field(default_factory=dict)
    _places: array[int] = field(default_factory=lambda: array("Q"))
    _all: array[int] = field(default_factory=lambda: array("Q"))
    _at: int = 0

    def __post_init__(self) -> None:
        self._lines = (self.folder / "rows.part").open("wb")

    def add(self, places: Sequence[int], fates: Sequence[str], lines: Sequence[bytes]) -> None:
        """Append rows, each as the line that `line_of` makes."""
        *offsets, self._at = itertools.accumulate(map(len, lines), initial=self._at)
        self._places.extend(places)
        self._all.extend(offsets)
        for fate in set(fates):
            found = self._offsets.setdefault(fate, array("Q"))
            if len(fates) == fates.count(fate):
                found.extend(offsets)
            else:
                found.extend(at for at, one in zip(offsets, fates, strict=True) if one == fate)
        self._lines.writelines(lines)

    def counts(self) -> dict[str, int]:
        """How many rows of each fate."""
        return {fate: len(found) for fate, found in self._offsets.items()}

    def finish(self) -> None:
        """Make the stage valid."""
        self._lines.flush()
        os.fsync(self._lines.fileno())
        self._lines.close()
        for fate in Fate.values:
            (self.folder / f"{fate}.index").write_bytes(self._offsets.get(fate, array("Q")).tobytes())
        places, offsets = self._places, self._all
        every = array("Q", (offsets[at] for at in sorted(range(len(places)), key=places.__getitem__)))
        (self.folder / "all.index").write_bytes(every.tobytes())
        (self.folder / "rows.part").replace(self.folder / "rows")

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _t: TracebackType | None
    ) -> None:
        if error is None:
            self.finish()
        else:
            self._lines.close()


def count(uid: object, fate: str = "all") -> int:
    """How many staged rows have the fate."""
    path = folder_of(uid) / f"{fate}.index"
    return path.stat().st_size // 8 if path.exists() else 0


def page(uid: object, fate: str, start: int, size: int) -> list[Staged]:
    """`size` staged rows of a fate ("all" for every one) from the `start`th on."""
    folder = folder_of(uid)
    path = folder / f"{fate}.index"
    if not path.exists() or not (folder / "rows").exists():
        return []
    offsets = array("Q")
    with path.open("rb") as index:
        index.seek(start * 8)
        offsets.frombytes(index.read(size * 8))
    found = []
    with (folder / "rows").open("rb") as lines:
        for offset in offsets:
            lines.seek(offset)
            found.append(staged_of(lines.readline()))
    return found


def size(uid: object) -> int:
    """Bytes of all staged rows; 0 when there is no complete stage."""
    path = folder_of(uid) / "rows"
    return path.stat().st_size if path.exists() else 0


def chunks(uid: object, start: int, many: int) -> Iterator[list[bytes]]:
    """Staged rows as lines from the byte `start` on, about in the order of the file, `many` at a time."""
    path = folder_of(uid) / "rows"
    if not path.exists():
        return
    with path.open("rb") as lines:
        lines.seek(start)
        while some := list(itertools.islice(lines, many)):
            yield some


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come, and whether it still lives."""

    phase: str = ""
    done: int = 0
    total: int = 0
    at: float = 0.0

    @property
    def percent(self) -> int:
        """Whole per cent, 0–100."""
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def silent(self) -> bool:
        """Whether nothing was heard for so long that the job must have died."""
        return bool(self.at) and time.time() - self.at > SILENT_AFTER


def note_progress(uid: object, phase: str, done: int, total: int) -> None:
    """Leave a note of progress outside any transaction; other processes read it."""
    folder = folder_of(uid)
    draft = folder / f"progress.{os.getpid()}"
    draft.write_bytes(orjson.dumps({"phase": phase, "done": done, "total": total, "at": time.time()}))
    draft.replace(folder / "progress")


def progress_of(uid: object) -> Progress:
    """The latest note; an empty one when there is none."""
    try:
        return Progress(**orjson.loads((folder_of(uid) / "progress").read_bytes()))
    except (FileNotFoundError, orjson.JSONDecodeError, TypeError):
        return Progress()


def ask_cancel(uid: object) -> None:
    """Ask the running job to stop at its next batch."""
    (folder_of(uid) / "cancel").touch()


def cancel_asked(uid: object) -> bool:
    """Whether somebody asked."""
    return (folder_of(uid) / "cancel").exists()


def clear_cancel(uid: object) -> None:
    """Forget the request."""
    (folder_of(uid) / "cancel").unlink(missing_ok=True)
