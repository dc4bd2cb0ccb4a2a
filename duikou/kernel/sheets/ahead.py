"""Reading ahead: a second process reads a large sheet while this one works on the rows it has.

The reader is a plain child of this process (`python -m duikou.kernel.sheets.reader`), not a fork, so that it shares no
connection and no lock. It speaks in frames: eight bytes of length, then a pickled list of rows, or what was wrong.
Both ends are this program; nothing that came from outside is ever unpickled.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.values import Limits, Part, Row

ROOT = Path(__file__).resolve().parents[3]
LENGTH = 8


def rows_ahead(path: Path, part: Part, limits: Limits) -> Iterator[Row]:
    """The rows of one sheet, read by a child process that ends with the iterator; raises `BadFile` as reading does."""
    child = subprocess.Popen(
        [sys.executable, "-m", "duikou.kernel.sheets.reader"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert child.stdin is not None  # noqa: S101 - a pipe
        assert child.stdout is not None  # noqa: S101 - a pipe
        with child.stdin as order:
            order.write(pickle.dumps((path, part, limits)))
        while (rows := _frame(child.stdout)) is not None:
            yield from rows
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _frame(stream: IO[bytes]) -> list[Row] | None:
    """The next rows, None at the end; a reader that died leaves neither."""
    head = stream.read(LENGTH)
    body = stream.read(int.from_bytes(head, "big")) if len(head) == LENGTH else b""
    if not body:
        raise BadFile(Cause.CORRUPT)
    kind, content = pickle.loads(body)  # noqa: S301 - written by our own child
    if kind == "bad":
        cause, details = content
        raise BadFile(cause, **details)
    found: list[Row] | None = content
    return found


def send(stream: IO[bytes], kind: str, content: Any) -> None:
    """Write one frame (the child's side)."""
    body = pickle.dumps((kind, content), protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(body).to_bytes(LENGTH, "big") + body)
    stream.flush()
