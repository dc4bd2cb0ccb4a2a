"""What a step is told besides the act itself: who agreed elsewhere, and the answers to what its route asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from duikou.flow.models import RouteRun
from duikou.flow.rules import Answer, Ask, StepRule, answers_read
from duikou.flow.services.route_hold import Consent
from duikou.kernel.clock import SHANGHAI, today
from duikou.kernel.errors import Invalid
from duikou.kernel.text import clean_name


def answers_checked(run: RouteRun, rule: StepRule, given: Mapping[str, Any]) -> list[dict[str, str]]:
    """The answers as an act keeps them, each with its label of then; raises `Invalid` at `ask_CODE`."""
    days = {"today": today(), "start": run.started_at.astimezone(SHANGHAI).date()}
    found, faults = answers_read(rule.asks, given, days)
    if faults:
        raise Invalid(fields={f"ask_{code}": [_fault(*fault)] for code, fault in faults.items()})
    return [
        {
            "code": ask.code,
            "label": ask.label,
            "label_en": ask.label_en,
            "type": ask.type,
            **_kept(ask, found[ask.code]),
        }
        for ask in rule.asks
        if ask.code in found
    ]


def _kept(ask: Ask, answer: Answer) -> dict[str, str]:
    value = answer.isoformat() if isinstance(answer, dt.date) else str(answer)
    kept = {"code": ask.code, "label": ask.label, "label_en": ask.label_en, "type": ask.type, "value": value}
    words = next(((label, label_en) for one, label, label_en in ask.choices if one == value), None)
    return {**kept, "text": words[0], "text_en": words[1]} if words else kept


def _fault(code: str, by: Ask | dt.date | None) -> str:
    """A fault in words."""
    if isinstance(by, dt.date):
        words = _("日期不能早于%(day)s。") if code == "early" else _("日期不能晚于%(day)s。")
        return words % {"day": by.isoformat()}
    plain = {
        "missing": _("请填写。"),
        "date": _("请填写日期，写作2018-03-17。"),
        "number": _("请填写整数。"),
        "choice": _("没有这一项。"),
    }
    if by is None or code in plain:
        return plain.get(code, _("这一步不需要填写这一项。"))
    if code == "long":
        return _("最多%(limit)s个字。") % {"limit": by.longest}
    return _("写法不对，应写作：%(example)s") % {"example": by.example} if by.example else _("写法不对。")


def consent_checked(run: RouteRun, rule: StepRule, consent: Consent | None) -> Consent | None:
    """Who agreed, checked; None where the step records no consent."""
    if not rule.records_consent:
        if consent is not None:
            raise Invalid(_("这一步不登记同意意见。"))
        return None
    given = consent or Consent("", "", None)
    name, post = clean_name(given.name), clean_name(given.post)
    faults: dict[str, list[str]] = {}
    for field, text, limit in (("consent_name", name, 60), ("consent_post", post, 100)):
        if not text:
            faults[field] = [_("请填写。")]
        elif len(text) > limit:
            faults[field] = [_("最多%(limit)s个字。") % {"limit": limit}]
    if given.on is None:
        faults["consent_on"] = [_("请填写。")]
    elif given.on > today():
        faults["consent_on"] = [_("日期不能晚于今天。")]
    elif given.on < run.started_at.astimezone(SHANGHAI).date():
        faults["consent_on"] = [_("日期不能早于送签之日。")]
    if faults:
        raise Invalid(fields=faults)
    return Consent(name, post, given.on)
