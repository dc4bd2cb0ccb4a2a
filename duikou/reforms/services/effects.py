"""What came of an adoption: reports by day, corrections by a new row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, clean_name, has_word
from duikou.records.services.audit import record
from duikou.reforms import policies
from duikou.reforms.models import Adoption, EffectFigure, EffectReport
from duikou.reforms.models.adoption import figure_text
from duikou.reforms.services.text import LONGEST, Faults, day_fault, words

MOST_FIGURES = 20
_LARGEST = Decimal(10) ** 14


@dataclass(frozen=True, slots=True)
class FigureDraft:
    """One indicator: before and after in `unit`; one of the two may be unknown."""

    name: str
    unit: str = ""
    before: Decimal | None = None
    after: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EffectDraft:
    """What is reported for a day."""

    as_of: dt.date | None = None
    text: str = ""
    figures: tuple[FigureDraft, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said."""
        return not has_word(self.text) and not self.figures


@transaction.atomic
def effect_report(*, actor: Actor, adoption_id: int, draft: EffectDraft) -> EffectReport:
    """Report what came of it by a day; the very same report a second time changes nothing. Raises `Invalid`."""
    adoption = _held(actor, adoption_id)
    draft = checked(draft, adoption)
    for known in EffectReport.objects.filter(adoption=adoption, as_of=_day(draft, adoption), text=draft.text):
        if _figures(known) == _plain(draft) and not hasattr(known, "corrected_by"):
            return known
    return effect_write(actor=actor, adoption=adoption, draft=draft)


@transaction.atomic
def effect_correct(*, actor: Actor, report_id: int, draft: EffectDraft, reason: str) -> EffectReport:
    """Put a report right by a new row, which names the old one and says why; each is corrected once."""
    old = EffectReport.objects.select_related("adoption").filter(pk=report_id).first()
    if old is None:
        raise NotFound
    adoption = _held(actor, old.adoption_id)
    if EffectReport.objects.filter(corrects=old).exists():
        raise Conflict(_("这份报告已经更正过，请更正最新的一份。"))
    draft = checked(draft, adoption)
    return effect_write(
        actor=actor, adoption=adoption, draft=draft, corrects=old, reason=words(reason, "reason", longest=500)
    )


def effect_write(
    *, actor: Actor, adoption: Adoption, draft: EffectDraft, corrects: EffectReport | None = None, reason: str = ""
) -> EffectReport:
    """Write a report in the caller's transaction, which has judged the actor; raises `Invalid`."""
    draft = checked(draft, adoption)
    row = EffectReport.objects.create(
        adoption=adoption,
        as_of=_day(draft, adoption),
        text=draft.text,
        corrects=corrects,
        reason=reason,
        author_name=actor.name[:150],
        organisation_name=actor.organisation_name[:200],
        at=now(),
    )
    EffectFigure.objects.bulk_create(
        EffectFigure(report=row, order=place, name=one.name, unit=one.unit, before=one.before, after=one.after)
        for place, one in enumerate(draft.figures)
    )
    shown = [
        f"{one.name}：{figure_text(one.before) or '—'} → {figure_text(one.after) or '—'} {one.unit}".strip()
        for one in draft.figures
    ]
    record(
        actor=actor,
        action="reforms.effect.corrected" if corrects else "reforms.effect.reported",
        subject=adoption,
        before={"text": corrects.text} if corrects else None,
        after={"as_of": row.as_of, "text": row.text, "indicators": shown},
        reason=reason,
    )
    announce("reforms.effect.reported", report_id=row.pk)
    return row


def _day(draft: EffectDraft, adoption: Adoption) -> dt.date:
    """The day for which it holds: as said, else that of the adoption."""
    return draft.as_of or adoption.adopted_on or today()


def _held(actor: Actor, adoption_id: int) -> Adoption:
    rows = Adoption.objects.select_for_update(of=("self",)).select_related("measure", "region")
    adoption = rows.filter(pk=adoption_id).first()
    if adoption is None:
        raise NotFound
    policies.report(actor, adoption).or_raise()
    return adoption


def checked(draft: EffectDraft, adoption: Adoption) -> EffectDraft:
    """The draft as it is stored; raises `Invalid` by field ("figures" for all indicators)."""
    figures = tuple(replace(one, name=clean_name(one.name), unit=clean_name(one.unit)) for one in draft.figures)
    draft = replace(draft, text=clean(draft.text), figures=figures)
    faults: Faults = {}
    if draft.is_empty:
        faults["text"] = [_("请填写成效或量化指标。")]
    if len(draft.text) > LONGEST:
        faults["text"] = [_("最多%(limit)s个字。") % {"limit": LONGEST}]
    if wrong := day_fault(draft.as_of):
        faults["as_of"] = [wrong]
    elif draft.as_of is not None and adoption.adopted_on is not None and draft.as_of < adoption.adopted_on:
        faults["as_of"] = [_("截至日期不能早于推广日期。")]
    if said := [text for one in figures if (text := figure_fault(one))]:
        faults["figures"] = list(dict.fromkeys(said))
    if len(figures) > MOST_FIGURES:
        faults["figures"] = [_("一份报告最多%(limit)s项指标。") % {"limit": MOST_FIGURES}]
    if faults:
        raise Invalid(fields=faults)
    return draft


def figure_fault(one: FigureDraft) -> str:
    """Why a figure cannot be kept; "" for none."""
    if not has_word(one.name) or len(one.name) > 100 or len(one.unit) > 20:
        return str(_("指标要有名称（最多100个字），单位最多20个字。"))
    known = [value for value in (one.before, one.after) if value is not None]
    if not known:
        return str(_("“%(name)s”至少要有推广前或推广后的数值。") % {"name": one.name[:40]})
    if any(not value.is_finite() or abs(value) >= _LARGEST for value in known):
        return str(_("“%(name)s”的数值超出可接受的范围。") % {"name": one.name[:40]})
    return ""


def _figures(report: EffectReport) -> list[tuple[str, str, Decimal | None, Decimal | None]]:
    rows = EffectFigure.objects.filter(report=report).order_by("order")
    return list(rows.values_list("name", "unit", "before", "after"))


def _plain(draft: EffectDraft) -> list[tuple[str, str, Decimal | None, Decimal | None]]:
    return [(one.name, one.unit, one.before, one.after) for one in draft.figures]
