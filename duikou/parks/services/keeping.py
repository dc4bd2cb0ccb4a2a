"""What every writer of this room does: hold the park, refuse stale saves, read words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid, NotFound, Stale
from duikou.kernel.text import clean, has_word
from duikou.parks.models import Park
from duikou.parks.selectors.scope import RELATED

EARLIEST, LATEST = dt.date(1980, 1, 1), dt.date(2100, 12, 31)
Faults = dict[str, list[object]]


def park_locked(park_id: int) -> Park:
    """The park for changing anything that belongs to it, with what policies look at; raises `NotFound`."""
    found = Park.objects.select_for_update(of=("self",)).select_related(*RELATED).filter(pk=park_id).first()
    if found is None:
        raise NotFound
    return found


def refuse_stale(row: Any, revision: int) -> None:
    """Raise `Stale` unless the writer has seen the row as it is."""
    if row.revision != revision:
        who = getattr(row, "changed_by", "") or getattr(row, "entered_by", "")
        raise Stale(
            _("%(name)s在您打开之后做了修改。下面是现在的内容和您填写的内容，请核对后再保存。") % {"name": who},
            revision=row.revision,
        )


def touch(row: Any, actor: Actor) -> None:
    """The row changed now, by this actor."""
    row.revision += 1
    row.changed_at, row.changed_by = now(), actor.name[:150]
    row.save()


def words(text: str, field: str, *, most: int = 500, needed: bool = True) -> str:
    """A cleaned text; raises `Invalid` at `field` where it must say something and does not, or says too much."""
    text = clean(text)
    if needed and not has_word(text):
        raise Invalid(fields={field: [_("请写明理由。")]})
    if len(text) > most:
        raise Invalid(fields={field: [_("最多%(limit)s个字。") % {"limit": most}]})
    return text


def day_faults(**days: dt.date | None) -> Faults:
    """Days outside of what a park can have seen, by field."""
    text = _("日期应在1980年至2100年之间。")
    return {name: [text] for name, day in days.items() if day is not None and not EARLIEST <= day <= LATEST}


def ratio_faults(first: Decimal | None, second: Decimal | None, *, needed: bool) -> Faults:
    """What is wrong with a ratio, by field."""
    if first is None and second is None and not needed:
        return {}
    if first is None or second is None:
        return {"second_weight": [_("两侧的比例要同时填写。")]}
    if min(first, second) < 0 or first + second == 0 or max(first, second) > 1000:
        return {"second_weight": [_("比例应在0至1000之间，且不能都为0。")]}
    return {}
