"""The clock's rounds of this room."""

from __future__ import annotations

from django_tasks import task

from duikou.reforms.services.tellings import due_tick


@task()
def tick() -> None:
    """Adaptations that fall due."""
    due_tick()
