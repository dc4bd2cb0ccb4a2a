"""A copy of this process that stands by, so that helpers begin at once: forked from it with everything loaded.

A fresh interpreter needs more than a second of a processor before it can help. The copy is made early, while this
process has one thread and no open connection (`kept`); it does nothing but fork helpers on demand. It ends when this
process ends, however that happens, and its helpers with it. Elsewhere than on Linux there is none.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from duikou.kernel.beside_child import serve

PR_SET_PDEATHSIG = 1
_NUMBER = 8
_kept: _Standby | None = None


class Forked:
    """A helper as this process sees it: both pipes, and a handle that never means another process."""

    def __init__(self, pid: int, order: int, answer: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)  # before its order, so that it cannot have ended by itself
        self.stdin, self.stdout = os.fdopen(order, "wb"), os.fdopen(answer, "rb")

    def kill(self) -> None:
        """End it, wherever it is."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> None:
        """Until it has ended; once."""
        select.select([self._handle], [], [])
        os.close(self._handle)


@contextmanager
def kept() -> Iterator[None]:
    """Let a copy of this process stand by while the block runs; none where it cannot be made cleanly.

    Open connections are closed first. Not inside a transaction, not where threads run, not twice.
    """
    global _kept  # noqa: PLW0603 - one for the process
    if _kept is not None or sys.platform != "linux" or threading.active_count() > 1 or _in_transaction():
        yield
        return
    _kept = _Standby()
    try:
        yield
    finally:
        _kept.close()
        _kept = None


def forked() -> Forked | None:
    """A helper that waits for its order, None where nobody stands by."""
    return _kept.forked() if _kept is not None else None


def _in_transaction() -> bool:
    from django.db import connections  # noqa: PLC0415 - usable before Django is set up

    return any(connection.in_atomic_block for connection in connections.all(initialized_only=True))


class _Standby:
    """The copy, as this process sees it."""

    def __init__(self) -> None:
        from django.db import connections  # noqa: PLC0415 - usable before Django is set up

        connections.close_all()  # none may be shared
        self._line, theirs = socket.socketpair()
        self._turn = threading.Lock()
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            self._line.close()
            _stand_by(theirs)
        theirs.close()

    def forked(self) -> Forked | None:
        order, answer = os.pipe(), os.pipe()
        try:
            with self._turn:
                socket.send_fds(self._line, [b"!"], [order[0], answer[1]])
                pid = int.from_bytes(self._line.recv(_NUMBER), "big")
        except OSError:  # it was killed
            pid = 0
        finally:
            os.close(order[0])
            os.close(answer[1])
        if pid:
            return Forked(pid, order[1], answer[0])
        os.close(order[1])
        os.close(answer[0])
        return None

    def close(self) -> None:
        self._line.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._pid, 0)


def _stand_by(line: socket.socket) -> NoReturn:
    """The copy: a helper for every call, until nobody can call any more."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller decides what a Ctrl-C ends
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, _reap)
        gc.freeze()
        while True:
            call, pipes, _flags, _address = socket.recv_fds(line, 1, 2)
            if not call:
                break
            pid = _fork()
            if pid == 0:
                line.close()
                _help(*pipes)
            for pipe in pipes:
                os.close(pipe)
            line.sendall(max(pid, 0).to_bytes(_NUMBER, "big"))
    finally:
        os._exit(0)


def _fork() -> int:
    """As `os.fork`; -1 where the machine has no room for another process."""
    try:
        return os.fork()
    except OSError:
        return -1


def _reap(_signal: int, _frame: object) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _help(order: int, answer: int) -> NoReturn:
    """One helper; it goes when the copy goes."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.dup2(2, 1)  # whatever prints must not break the frames
        serve(os.fdopen(order, "rb"), os.fdopen(answer, "wb", buffering=0))
    finally:
        os._exit(0)
