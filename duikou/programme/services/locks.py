"""One loader at a time, on both databases."""

from __future__ import annotations

import zlib

from django.db import connection


def hold(name: str) -> None:
    """Wait until no other transaction holds `name`; freed at commit.

    PostgreSQL takes an advisory lock; SQLite's IMMEDIATE transaction already lets one writer in at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
