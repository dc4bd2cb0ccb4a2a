"""A turn in the queue for SQLite's one write lock, across processes and threads."""

from __future__ import annotations

import fcntl
import os
import random
import time


class TurnTimeout(Exception):
    """Nobody let go in time."""


class Turn:
    """A turnstile of two file locks: whoever stands at the inner one is next, everybody else waits at the outer one.

    SQLite's own waiting sleeps longer the longer one has waited, so a busy writer comes back before those who wait.
    Here the one who lets go finds somebody at the inner lock already and must queue again; those at the outer lock ask
    at even, short, random intervals. The system lets go of the locks of a process that dies.
    """

    def __init__(self, path: str, timeout: float) -> None:
        self._paths = (f"{path}-queue", f"{path}-turn")
        self._timeout = timeout
        self._outer = self._inner = -1
        self._held = False

    def take(self) -> None:
        """Wait for the turn; raises `TurnTimeout`. Taking it twice is taking it once."""
        if self._held:
            return
        if self._outer < 0:
            self._outer, self._inner = (os.open(path, os.O_RDWR | os.O_CREAT, 0o600) for path in self._paths)
        until = time.monotonic() + self._timeout
        _lock(self._outer, until, 0.001, 0.003)
        try:
            _lock(self._inner, until, 0.0001, 0.0003)
            self._held = True
        finally:
            fcntl.flock(self._outer, fcntl.LOCK_UN)

    def give(self) -> None:
        """Let the next one go; nothing when the turn is not held."""
        if self._held:
            self._held = False
            fcntl.flock(self._inner, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the turn and the files."""
        self.give()
        for file in (self._outer, self._inner):
            if file >= 0:
                os.close(file)
        self._outer = self._inner = -1


def _lock(file: int, until: float, shortest: float, longest: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TurnTimeout from None
            time.sleep(random.uniform(shortest, longest))  # noqa: S311 - spreads polling, keeps no secret
        else:
            return
