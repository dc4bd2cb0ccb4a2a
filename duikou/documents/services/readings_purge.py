"""Plans in Word that nobody confirmed do not stay for ever: after some days the file goes, with a line in the trail."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from duikou.documents.models import Reading
from duikou.documents.services.readings_folder import folder_of_readings, path_of
from duikou.documents.states import ReadingState
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.records.services.audit import record

AT_ONCE = 500


def readings_purge(*, actor: Actor) -> int:
    """Take away files that waited for `READING_DAYS` days (`DUIKOU_READING_DAYS`); returns how many. May run twice.

    Files in the folder that belong to no waiting reading, left by a crash, go after the same time.
    """
    until = now() - dt.timedelta(days=settings.READING_DAYS)
    waiting = Reading.objects.filter(state=ReadingState.OPEN, created_at__lt=until)
    gone = sum(_lapsed(actor, pk) for pk in list(waiting.values_list("pk", flat=True)[:AT_ONCE]))
    _strays_remove(until)
    return gone


@transaction.atomic
def _lapsed(actor: Actor, pk: int) -> bool:
    """One reading; whoever confirms it at this moment is first or last, never both."""
    reading = Reading.objects.select_for_update().filter(pk=pk, state=ReadingState.OPEN).first()
    if reading is None:
        return False
    reading.state = ReadingState.LAPSED.value
    reading.save(update_fields=["state"])
    after = {"file": reading.name, "digest": reading.digest}
    record(actor=actor, action="documents.reading.lapsed", subject=reading, after=after)
    transaction.on_commit(lambda: path_of(reading).unlink(missing_ok=True))
    return True


def _strays_remove(until: dt.datetime) -> None:
    kept = {str(uid) for uid in Reading.objects.filter(state=ReadingState.OPEN).values_list("uid", flat=True)}
    for path in folder_of_readings().glob("*.docx"):
        if path.stem not in kept and path.stat().st_mtime < until.timestamp():
            path.unlink(missing_ok=True)
