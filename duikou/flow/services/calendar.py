"""The editable table of working days."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from duikou.flow.models import WorkingDay
from duikou.flow.selectors import forget_days
from duikou.kernel import permissions
from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound
from duikou.kernel.facts import announce
from duikou.records.services.audit import changes, record, snapshot


def day_set(*, actor: Actor, day: dt.date, works: bool, note: str = "", source: str = "") -> WorkingDay:
    """Say that offices work on `day`, or do not, whatever the published calendar says."""
    permissions.check(actor, "flow.calendar.write").or_raise()
    with transaction.atomic():
        known = WorkingDay.objects.filter(pk=day).first()
        before = snapshot(known) if known else None
        row, _new = WorkingDay.objects.update_or_create(
            day=day, defaults={"works": works, "note": note[:100], "source": source[:200]}
        )
        old, new = changes(before, row)
        record(actor=actor, action="flow.workingday.set", subject=row, before=old, after=new)
        transaction.on_commit(forget_days)
        announce("flow.days.changed", day=day.isoformat())
    forget_days()
    return row


def day_clear(*, actor: Actor, day: dt.date) -> None:
    """Let the published calendar decide again."""
    permissions.check(actor, "flow.calendar.write").or_raise()
    with transaction.atomic():
        row = WorkingDay.objects.filter(pk=day).first()
        if row is None:
            raise NotFound
        old, new = changes(row, None)
        record(actor=actor, action="flow.workingday.delete", subject=row, before=old, after=new)
        row.delete()
        transaction.on_commit(forget_days)
        announce("flow.days.changed", day=day.isoformat())
    forget_days()
