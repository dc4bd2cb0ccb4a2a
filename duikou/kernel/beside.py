"""Work beside this process: a generator of ours runs in a child process, and what it yields arrives here in order.

The child is a plain one (a fresh interpreter), or forked from a copy that this process keeps for that (`standby`):
never from this process at work, for it shares no connection, no lock, no thread. It gets the function by name, sets
itself up as this process is (same databases, same language), and answers in frames on a pipe (`beside_child`). Both
ends are this program; nothing that came from outside is ever unpickled.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar

from duikou.kernel import standby, trace
from duikou.kernel.beside_child import Lost, read_frame

__all__ = ["Beside", "Lost", "can_see", "cores"]

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
START = "from duikou.kernel.beside_child import main; main()"
Child = subprocess.Popen[bytes] | standby.Forked


class Beside(Generic[T]):
    """The items of one generator that runs in a child; the child ends with the iterator, whatever happens here.

    The child starts at once and sets itself up; `start` gives it its arguments, `is_ready` says whether it would begin
    without delay. What the generator raises is raised by `next`. `apart=False` runs it in this process instead.
    """

    def __init__(self, work: Callable[..., Iterator[T]], *, apart: bool = True) -> None:
        self._work = work
        self._here: Iterator[T] | None = None
        self._child: Child | None = _started(work) if apart else None
        self._set_up = not apart

    def is_ready(self) -> bool:
        """Whether the child has set itself up."""
        pipe = self._child.stdout if self._child else None
        if not self._set_up and pipe is not None and select.select([pipe], [], [], 0)[0]:
            self._wait()
        return self._set_up

    def start(self, *args: Any) -> Beside[T]:
        """Begin the work."""
        if self._child is None:
            self._here = self._work(*args)
        else:
            assert self._child.stdin is not None  # noqa: S101 - a pipe
            with contextlib.suppress(BrokenPipeError), self._child.stdin as order:  # who reads is told of the loss
                order.write(pickle.dumps(args))
        return self

    def __iter__(self) -> Beside[T]:
        return self

    def __next__(self) -> T:
        if self._here is not None:
            return next(self._here)
        if not self._set_up:
            self._wait()
        if self._child is None:
            raise StopIteration
        kind, content = self._frame(self._child)
        if kind == "item":
            return content  # type: ignore[no-any-return]
        self.close()
        if kind == "error":
            raise content
        raise StopIteration

    def _wait(self) -> None:
        if self._child is not None:
            kind, content = self._frame(self._child)
            self._set_up = True
            if kind == "error":
                self.close()
                raise content

    def _frame(self, child: Child) -> tuple[str, Any]:
        assert child.stdout is not None  # noqa: S101 - a pipe
        try:
            return read_frame(child.stdout)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the child, or the generator here; nothing is left behind."""
        if self._here is not None and hasattr(self._here, "close"):
            self._here.close()
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None and not pipe.closed:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()

    def __enter__(self) -> Beside[T]:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def can_see() -> bool:
    """Whether a child would see the data as this process does: not inside a transaction, not a database in memory."""
    from django.db import connections  # noqa: PLC0415 - usable before Django is set up

    for connection in connections.all(initialized_only=True):
        name = str(connection.settings_dict["NAME"])
        if connection.in_atomic_block or (connection.vendor == "sqlite" and ("memory" in name or not name)):
            return False
    return True


def _started(work: Callable[..., Any]) -> Child:
    from django.conf import settings  # noqa: PLC0415 - usable before Django is set up
    from django.utils.translation import get_language  # noqa: PLC0415

    setting = {
        "module": settings.SETTINGS_MODULE,
        "language": get_language(),
        "home": settings.HOME,
        "databases": {alias: values["NAME"] for alias, values in settings.DATABASES.items()},
        "request": trace.request_id.get(),
    }
    child = standby.forked() or subprocess.Popen(  # noqa: S603 - our own program, no words from outside
        [sys.executable, "-c", START], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdin is not None  # noqa: S101 - a pipe
    try:
        child.stdin.write(pickle.dumps(setting))
        child.stdin.write(pickle.dumps((work.__module__, work.__qualname__)))
        child.stdin.flush()
    except BaseException:
        child.kill()
        child.wait()
        raise
    return child
