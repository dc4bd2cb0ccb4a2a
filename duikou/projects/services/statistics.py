"""Reported statistics: what somebody published about many projects at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Forbidden, Invalid
from duikou.kernel.facts import announce
from duikou.kernel.money import Bound, Money
from duikou.kernel.permissions import check
from duikou.kernel.text import clean, near_key
from duikou.programme.models import Clause, Pairing, Programme, Region
from duikou.projects import policies
from duikou.projects.models import ReportedStatistic
from duikou.projects.states import Measure
from duikou.records.services.audit import record


@dataclass(frozen=True, slots=True)
class StatisticDraft:
    """One reported figure; money in `amount`, anything else in `value` with its `unit`; `pairing` None: the whole.

    `figure` counts the figures of one title in the same measure from 0; `label` says what this one counts.
    """

    programme: Programme
    title: str
    pairing: Pairing | None = None
    clause: Clause | None = None
    first_region: Region | None = None
    second_region: Region | None = None
    measure: Measure = Measure.OTHER
    figure: int = 0
    label: str = ""
    value: Decimal | None = None
    amount: Money | None = None
    bound: Bound = Bound.EXACT
    unit: str = ""
    year: int | None = None
    as_of: dt.date | None = None
    wording: str = ""
    source_name: str = ""
    source_url: str = ""
    source_note: str = ""


_LIMITS = {
    "title": 200,
    "label": 200,
    "unit": 20,
    "wording": 100,
    "source_name": 200,
    "source_url": 500,
    "source_note": 1000,
}


def statistic_faults(draft: StatisticDraft) -> dict[str, list[Any]]:
    """What is wrong with a draft, by field; empty when it may be recorded."""
    faults: dict[str, list[Any]] = {}
    if not near_key(draft.title):
        faults["title"] = [_("请填写标题。")]
    for name, limit in _LIMITS.items():
        if len(getattr(draft, name)) > limit:
            faults.setdefault(name, []).append(_("最多%(limit)s个字。") % {"limit": limit})
    if draft.value is not None and (not draft.value.is_finite() or abs(draft.value) >= Decimal(10) ** 16):
        faults["value"] = [_("数值超出可接受的范围。")]
    for name in ("pairing", "clause"):
        part = getattr(draft, name)
        if part is not None and part.programme_id != draft.programme.pk:
            faults[name] = [_("不属于当前方案。")]
    return faults


@transaction.atomic
def statistic_record(*, actor: Actor, draft: StatisticDraft) -> tuple[ReportedStatistic, bool]:
    """Record one statement, or correct it when the same source already stated it; returns it and whether it is new."""
    _allowed(actor, draft)
    faults = statistic_faults(draft)
    if faults:
        raise Invalid(fields=faults)
    plain = asdict_plain(draft)
    key = {
        "programme": draft.programme,
        "near_key": near_key(draft.title)[:200],
        "measure": draft.measure.value,
        "figure": draft.figure,
        "year": draft.year,
        "source_name": clean(draft.source_name),
    }
    found = (
        ReportedStatistic.objects.select_for_update(of=("self",))
        .filter(
            **{name: value for name, value in key.items() if value is not None},
            **({"year__isnull": True} if draft.year is None else {}),
        )
        .first()
    )
    row = found or ReportedStatistic(created_at=now())
    before = {name: _text(getattr(row, name)) for name in plain} if found else None
    for name, value in {**plain, **key}.items():
        setattr(row, name, value)
    after = {name: _text(getattr(row, name)) for name in plain}
    if before == after:
        return row, False
    row.updated_at = now()
    row.save()
    record(
        actor=actor,
        action="projects.statistic.updated" if found else "projects.statistic.recorded",
        subject=row,
        before={name: value for name, value in before.items() if after[name] != value} if before else None,
        after={name: value for name, value in after.items() if not before or before[name] != value},
    )
    announce("projects.statistic.recorded", statistic_id=row.pk)
    return row, found is None


def _allowed(actor: Actor, draft: StatisticDraft) -> None:
    if policies.is_platform(actor):
        return
    check(actor, policies.STATISTIC.code).or_raise()
    if actor.sees_all:
        return
    pairing = draft.pairing
    sides = [pairing.first_region, pairing.second_region] if pairing is not None else []
    sides += [draft.first_region, draft.second_region]
    if not any(region is not None and actor.covers(region.path) for region in sides):
        raise Forbidden(_("公开统计所属的地区不在您负责的地区之内。"))


def asdict_plain(draft: StatisticDraft) -> dict[str, Any]:
    """The draft's fields by name, texts cleaned, enumerations as stored."""
    plain = {name: getattr(draft, name) for name in draft.__dataclass_fields__}
    cleaned = {name: clean(value) if isinstance(value, str) else value for name, value in plain.items()}
    return {**cleaned, "measure": draft.measure.value, "bound": draft.bound.value}


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)
