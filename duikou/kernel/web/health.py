"""Is the process alive (`/health/`), and can it serve (`/ready/`)? For load balancers: no sign-in, no secrets."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import resolve

from duikou.kernel import worker
from duikou.kernel.web.page import PUBLIC, Page

FREE_BYTES = 200 * 1024 * 1024
"""Below this much free space in the data folder the site is not ready."""


class Health(Page):
    """The process answers; nothing else is asked."""

    needs = PUBLIC

    def get(self, request: HttpRequest) -> JsonResponse:
        """Always 200."""
        return JsonResponse({"status": "ok"})


class Ready(Page):
    """Everything the site needs is there: 200, or 503 naming what is not."""

    needs = PUBLIC

    def get(self, request: HttpRequest) -> JsonResponse:
        """One word per part."""
        found = {name: "ok" if check() else "failed" for name, check in CHECKS.items()}
        ready = all(state == "ok" for state in found.values())
        response = JsonResponse({"status": "ok" if ready else "failed", "checks": found}, status=200 if ready else 503)
        response["Cache-Control"] = "no-store"
        return response


class Probes:
    """Answers the two addresses of machines whatever host name they were asked under, and with the database down.

    A load balancer asks by address, not by the site's name; the answer holds nothing that depends on the name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = PROBES.get(request.path_info) if request.method in ("GET", "HEAD") else None
        if view is None:
            return self.get_response(request)
        request.resolver_match = resolve(request.path_info)
        return view(request)


PROBES: dict[str, Callable[..., HttpResponseBase]] = {"/health/": Health.as_view(), "/ready/": Ready.as_view()}


def database_answers() -> bool:
    """Whether a trivial query succeeds."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False


def migrations_applied() -> bool:
    """Whether the schema is that of this version; remembered for a minute once it is."""
    key = f"ready-migrations-{settings.VERSION}"
    if cache.get(key):
        return True
    try:
        applied = not unapplied_migrations()
    except DatabaseError:
        return False
    if applied:
        cache.set(key, True, 60)
    return applied


def unapplied_migrations() -> list[str]:
    """Names of migrations that this version has and the database has not."""
    executor = MigrationExecutor(connection)
    return [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def worker_beats() -> bool:
    """Whether a worker gave a sign of life lately."""
    age = worker.last_beat_age()
    return age is not None and age <= worker.SILENT_AFTER


def disk_has_room() -> bool:
    """Whether the data folder can take more."""
    try:
        return shutil.disk_usage(Path(settings.HOME)).free >= FREE_BYTES
    except OSError:
        return False


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_applied,
    "worker": worker_beats,
    "disk": disk_has_room,
}
