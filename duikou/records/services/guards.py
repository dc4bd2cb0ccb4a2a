"""Triggers that make the database itself refuse to change or delete rows of proof."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from duikou.records.models import AuditEvent, AuditLink, AuditSeal

GUARDED = (AuditEvent, AuditLink, AuditSeal)
MESSAGE = "rows of proof are written once"


def install_after_migrate(*, using: str, **_kwargs: Any) -> None:
    """Put the triggers in place after every migration: SQLite drops them when it rebuilds a table."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    if all(model._meta.db_table in present for model in GUARDED):
        install(connection, flushable=bool(getattr(settings, "AUDIT_FLUSHABLE", False)))


def install(connection: BaseDatabaseWrapper, *, flushable: bool = False) -> None:
    """Create what is missing. `flushable` (the test suite) leaves out what would refuse to empty whole tables."""
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, flushable=flushable):
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that should be there and are not: somebody has taken them away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        found = {row[0] for row in cursor.fetchall()}
    flushable = bool(getattr(settings, "AUDIT_FLUSHABLE", False))
    return [name for name in names(connection.vendor, flushable=flushable) if name not in found]


def names(vendor: str, *, flushable: bool = False) -> list[str]:
    """Names of the triggers."""
    verbs = ["update", "delete"] if vendor == "postgresql" or not flushable else ["update"]
    if vendor == "postgresql" and not flushable:
        verbs.append("truncate")
    return [f"{model._meta.db_table}_no_{verb}" for model in GUARDED for verb in verbs]


def _statements(vendor: str, *, flushable: bool) -> list[str]:
    made = []
    if vendor == "postgresql":
        made.append(
            "CREATE OR REPLACE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for name in names(vendor, flushable=flushable):
        table, verb = name.rsplit("_no_", 1)
        if vendor == "postgresql":
            scope = "STATEMENT" if verb == "truncate" else "ROW"
            made.append(
                f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb.upper()} ON {table} "
                f"FOR EACH {scope} EXECUTE FUNCTION records_refuse()"
            )
        else:
            made.append(
                f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
    return made
