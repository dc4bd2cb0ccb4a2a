"""The coordinator's parameters: each change is a version of its own, with its day and its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Invalid, Stale
from duikou.kernel.permissions import check
from duikou.programme.models import Programme
from duikou.progress.models import AlarmRule
from duikou.progress.policies import ALARM_RULE
from duikou.progress.rules.alarms import NAMES, WHOLE, Thresholds, misfits
from duikou.progress.services.writing import reason_given
from duikou.records.services.audit import record


def rule_set(
    *,
    actor: Actor,
    programme: Programme,
    values: Mapping[str, Decimal],
    valid_from: dt.date,
    reason: str,
    version: int,
) -> AlarmRule:
    """Set the parameters from a day on (today or later). `version` is the newest that was seen (0: none).

    Raises `Invalid` by field, `Stale` when somebody else set them meanwhile, `Forbidden`.
    """
    check(actor, ALARM_RULE.code).or_raise()
    newest = AlarmRule.objects.filter(programme=programme).order_by("-version").first()
    before = {name: str(getattr(newest.thresholds if newest else Thresholds(), name)) for name in NAMES}
    after = {name: str(values[name]) for name in NAMES}
    if newest and newest.version == version + 1 and (newest.valid_from, before) == (valid_from, after):
        return newest
    if (newest.version if newest else 0) != version:
        raise Stale(_("预警参数在您打开之后已被他人修改。"), revision=newest.version if newest else 0)
    _refuse_misfits(values, valid_from)
    reason = reason_given(reason, "reason")
    try:
        with transaction.atomic():
            row = AlarmRule.objects.create(
                programme=programme,
                version=version + 1,
                valid_from=valid_from,
                values=after,
                reason=reason,
                set_by=actor.name[:150],
                set_at=now(),
            )
            changed = [name for name in NAMES if before[name] != after[name]]
            record(
                actor=actor,
                action="progress.alarmrule.set",
                subject=row,
                before={name: before[name] for name in changed},
                after={"version": row.version, "valid_from": valid_from, **{name: after[name] for name in changed}},
                reason=reason,
            )
    except IntegrityError:
        raise Stale(_("预警参数在您打开之后已被他人修改。"), revision=version + 1) from None
    return row


def _refuse_misfits(values: Mapping[str, Decimal], valid_from: dt.date) -> None:
    faults = {name: [_("请填写整数。")] for name in WHOLE if values[name] != int(values[name])}
    for name in misfits(replace(Thresholds(), **dict(values))):
        faults.setdefault(name, [_("这个值与其他参数矛盾，或超出范围。")])
    if valid_from < today():
        faults["valid_from"] = [_("生效日期不能早于今天：以前的预警按当时的参数判断。")]
    if faults:
        raise Invalid(fields=faults)
