"""Jobs of this room; each may run twice."""

from __future__ import annotations

from django_tasks import task

from duikou.kernel.actor import Actor
from duikou.records.services.evidence import blobs_purge
from duikou.records.services.seal import trail_seal
from duikou.records.services.verify import trail_verify


@task()
def seal_trail() -> None:
    """Link what was committed since the last run."""
    trail_seal()


@task()
def verify_trail() -> None:
    """The nightly walk along the whole chain, after a full run of the sealer."""
    trail_seal(everything=True)
    trail_verify(actor=Actor.job("records.verify"))


@task()
def purge_blobs() -> None:
    """Delete bytes that no link has named for a day."""
    blobs_purge(actor=Actor.job("records.purge"))
