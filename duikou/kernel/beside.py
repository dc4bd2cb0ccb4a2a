"""Work beside this process: a generator of ours runs in a child process, and what it yields arrives here in order.

The child is a plain one (a fresh interpreter), not a fork: it shares no connection, no lock, no thread.
It gets the function by name, sets Django up as this process has it (same databases, same language), and answers in
frames on a pipe. Both ends are this program; nothing that came from outside is ever unpickled.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Generic, TypeVar

from duikou.kernel.heap import settled

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
LENGTH = 8
START = "from duikou.kernel.beside import main; main()"
IN_FLIGHT = 3
"""Items a child keeps ready beyond the one in the pipe: enough to bridge uneven work, few enough to stay small."""


class Lost(Exception):
    """The child ended without saying why (killed, out of memory); its standard error tells more."""


class Beside(Generic[T]):
    """The items of one generator that runs in a child; the child ends with the iterator, whatever happens here.

    The child starts at once and sets itself up; `start` gives it its arguments, `is_ready` says whether it would begin
    without delay. What the generator raises is raised by `next`. `apart=False` runs it in this process instead.
    """

    def __init__(self, work: Callable[..., Iterator[T]], *, apart: bool = True) -> None:
        self._work = work
        self._here: Iterator[T] | None = None
        self._child = _started(work) if apart else None
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

    def _frame(self, child: subprocess.Popen[bytes]) -> tuple[str, Any]:
        assert child.stdout is not None  # noqa: S101 - a pipe
        try:
            return _frame(child.stdout)
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


def _started(work: Callable[..., Any]) -> subprocess.Popen[bytes]:
    from django.conf import settings  # noqa: PLC0415 - usable before Django is set up
    from django.utils.translation import get_language  # noqa: PLC0415

    setting = {
        "module": settings.SETTINGS_MODULE,
        "language": get_language(),
        "home": settings.HOME,
        "databases": {alias: values["NAME"] for alias, values in settings.DATABASES.items()},
    }
    child = subprocess.Popen([sys.executable, "-c", START], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own program, no words from outside
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


def _frame(stream: IO[bytes]) -> tuple[str, Any]:
    head = stream.read(LENGTH)
    size = int.from_bytes(head, "big") if len(head) == LENGTH else 0
    body = stream.read(size) if size else b""
    if not size or len(body) != size:
        raise Lost("a child process ended before its work did")
    kind, content = pickle.loads(body)  # noqa: S301 - written by our own child
    return kind, content


# -- the child's side ----------------------------------------------------------------------------------------------


def main() -> None:
    """Take the order from standard input, answer on what was standard output."""
    answer = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever prints must not break the frames
    frames: queue.Queue[bytes | None] = queue.Queue(IN_FLIGHT)
    writing = threading.Thread(target=_write, args=(frames, answer), daemon=True)
    writing.start()
    try:
        order = sys.stdin.buffer
        _set_up(pickle.load(order))  # noqa: S301 - written by our own parent
        module, name = pickle.load(order)  # noqa: S301 - written by our own parent
        work: Any = import_module(module)
        for part in name.split("."):
            work = getattr(work, part)
        frames.put(_packed("ready", None))
        args = pickle.load(order)  # noqa: S301 - written by our own parent
        with settled():
            for item in work(*args):
                frames.put(_packed("item", item))
        frames.put(_packed("end", None))
    except EOFError:  # nobody wants the work any more
        pass
    except Exception as error:  # noqa: BLE001 - raised again by the parent
        frames.put(_packed("error", _portable(error)))
    frames.put(None)
    writing.join()


def _set_up(setting: dict[str, Any]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = setting["module"]
    from django.conf import settings  # noqa: PLC0415 - the parent says which

    settings.HOME = setting["home"]
    for alias, name in setting["databases"].items():
        settings.DATABASES[alias]["NAME"] = name
    import django  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    django.setup()
    if setting["language"]:
        translation.activate(setting["language"])


def _packed(kind: str, content: Any) -> bytes:
    body = pickle.dumps((kind, content), protocol=pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(LENGTH, "big") + body


def _portable(error: Exception) -> Exception:
    """The error itself where it can travel, else its words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - any reason not to travel
        return Lost(f"{type(error).__name__}: {error}")
    return error


def _write(frames: queue.Queue[bytes | None], answer: IO[bytes]) -> None:
    try:
        while (body := frames.get()) is not None:
            view = memoryview(body)
            while view:
                view = view[answer.write(view) :]
    except BrokenPipeError:  # the caller has had enough
        os._exit(0)
