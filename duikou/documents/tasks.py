"""What happens by itself."""

from __future__ import annotations

from django_tasks import task

from duikou.documents.services.readings_purge import readings_purge
from duikou.kernel.actor import Actor


@task()
def purge_readings() -> None:
    """Delete uploaded plans that nobody confirmed in time."""
    readings_purge(actor=Actor.job("documents.purge"))
