"""Django's SQLite backend whose write transactions queue fairly (see docs/decisions/sqlite-turns.md)."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from duikou.kernel.sqlite.turn import Turn, TurnTimeout

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def _for_its_owner(name: str, *, in_memory: bool) -> None:
    """A new database file is nobody else's to read; SQLite gives the files beside it the same permissions."""
    if not in_memory and not name.startswith("file:"):
        with suppress(OSError):  # SQLite itself says why it cannot be made
            os.close(os.open(name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes a turn before BEGIN and gives it back after COMMIT or ROLLBACK, and around a write outside of them."""

    _turn: Turn | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._alone)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection with its own place in the queue; a database in memory has no neighbours."""
        _for_its_owner(str(conn_params["database"]), in_memory=self.is_in_memory_db())
        connection = super().get_new_connection(conn_params)
        if self._turn is not None:
            self._turn.close()
        in_memory = self.is_in_memory_db()
        self._turn = None if in_memory else Turn(str(conn_params["database"]), float(conn_params.get("timeout", 30)))
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        if self._turn is None:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        self._take()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give()
            raise

    def _alone(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Run a statement; one that writes without a transaction around it queues like any other writer."""
        if self._turn is None or not self.autocommit or not sql.lstrip().upper().startswith(_WRITES):
            return execute(sql, params, many, context)
        self._take()
        try:
            return execute(sql, params, many, context)
        finally:
            self._give()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._give()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self._turn is not None:
                self._turn.close()

    def _take(self) -> None:
        if self._turn is not None:
            try:
                self._turn.take()
            except TurnTimeout:
                raise OperationalError("database is locked") from None

    def _give(self) -> None:
        if self._turn is not None:
            self._turn.give()
