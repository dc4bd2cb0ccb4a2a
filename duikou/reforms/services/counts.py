"""Stated counts: how many measures an office says were adopted by a day, with the source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.text import clean_name, has_word
from duikou.programme.models import Programme, Region
from duikou.records.services.audit import changes, record, snapshot
from duikou.reforms import policies
from duikou.reforms.models import CountStatement
from duikou.reforms.selectors.places import places_of
from duikou.reforms.services.text import Faults, day_fault, is_link, words

LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class CountDraft:
    """A number, the day it holds for, and who published it."""

    programme: Programme
    region: Region
    value: int
    as_of: dt.date
    source_name: str
    source_url: str = ""
    origin: Region | None = None
    label: str = ""


@transaction.atomic
def count_state(*, actor: Actor, draft: CountDraft) -> CountStatement:
    """Keep a stated number; the same statement again gives the row that is there. Raises `Invalid` by field,
    `Conflict` when the same source states another number for that day (withdraw that one first)."""
    policies.state_count(actor, draft.region).or_raise()
    draft = _checked(draft)
    key = {
        "programme": draft.programme,
        "region": draft.region,
        "origin": draft.origin,
        "as_of": draft.as_of,
        "source_name": draft.source_name,
        "label": draft.label,
    }
    known = CountStatement.objects.select_for_update(of=("self",)).filter(**key, withdrawn_at=None).first()
    if known is not None:
        if known.value == draft.value:
            return known
        raise Conflict(
            _("同一来源在这一天已登记为%(value)s项；要更改请先撤销那一条并写明理由。") % {"value": known.value}
        )
    row = CountStatement.objects.create(
        **key, value=draft.value, source_url=draft.source_url, stated_at=now(), stated_by=actor.name[:150]
    )
    record(actor=actor, action="reforms.count.stated", subject=row, after=changes(None, snapshot(row))[1])
    announce("reforms.count.stated", statement_id=row.pk)
    return row


@transaction.atomic
def count_withdraw(*, actor: Actor, statement_id: int, reason: str) -> CountStatement:
    """The number was wrong, or is not meant any more; it stays in the trail. The reason is a must."""
    rows = CountStatement.objects.select_for_update(of=("self",)).select_related("region")
    row = rows.filter(pk=statement_id).first()
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        raise Conflict(_("这一条已经撤销。"))
    policies.withdraw_count(actor, row).or_raise()
    row.reason, row.withdrawn_at = words(reason, "reason", longest=500), now()
    row.save()
    record(
        actor=actor,
        action="reforms.count.withdrawn",
        subject=row,
        before={"value": row.value, "as_of": row.as_of},
        reason=row.reason,
    )
    return row


def _checked(draft: CountDraft) -> CountDraft:
    draft = replace(
        draft,
        source_name=clean_name(draft.source_name),
        source_url=draft.source_url.strip(),
        label=clean_name(draft.label),
    )
    places = places_of(draft.programme)
    side = places.side_of(draft.region)
    faults: Faults = {}
    if not side:
        faults["region"] = [_("这个地区不在方案的对口关系中。")]
    elif draft.origin is not None and draft.origin not in places.across(side):
        faults["origin"] = [_("来源地区应在另一侧。")]
    if not 0 <= draft.value <= LARGEST:
        faults["value"] = [_("数值超出可接受的范围。")]
    if wrong := day_fault(draft.as_of):
        faults["as_of"] = [wrong]
    if not has_word(draft.source_name) or len(draft.source_name) > 200:
        faults["source_name"] = [_("请写明来源，最多200个字。")]
    if len(draft.label) > 200:
        faults["label"] = [_("最多%(limit)s个字。") % {"limit": 200}]
    if draft.source_url and not is_link(draft.source_url):
        faults["source_url"] = [_("请填写以https://开头的完整地址。")]
    if faults:
        raise Invalid(fields=faults)
    return draft
