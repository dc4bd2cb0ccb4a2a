"""What waits for offices and units, and which kinds of things this room tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from duikou.flow.models import InboxItem, ItemState, Kind, register
from duikou.flow.selectors.entitled import step_address
from duikou.flow.services.inbox import To, item_close, item_open
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import today
from duikou.programme.models import Region
from duikou.records.services.audit import subject_of
from duikou.reforms.models import Adoption, ReformMeasure, Talk
from duikou.reforms.states import AdoptionState

NEW = "reforms.new"
QUESTION = "reforms.question"
DUE = "reforms.due"
TOLD = "reforms.told"
BEFORE = dt.timedelta(days=30)
"""How long before its planned day an adaptation comes into the inbox."""


def kinds_register() -> None:
    """Name the kinds (once, in `apps.py`)."""
    register(Kind(NEW, _("新发布的改革经验"), "school"))
    register(Kind(QUESTION, _("待答复的经验提问"), "mail", is_duty=True))
    register(Kind(DUE, _("到期的经验本地化"), "calendar-due", is_duty=True))
    register(Kind(TOLD, _("改革经验的答复与变更"), "bell"))


def address(measure: ReformMeasure) -> str:
    """The measure's page."""
    return reverse("reforms:measure", args=[measure.pk])


def adoption_address(adoption: Adoption) -> str:
    """The adoption's page."""
    return reverse("reforms:adoption", args=[adoption.pk])


def region_words(region: Region) -> dict[str, str]:
    """A place's name in both languages, for a title's values."""
    return {"zh": region.name, "en": region.name_en}


def office_of(region: Region) -> To:
    """The nearest office of a place (≤ 2 queries)."""
    role, place = step_address(Role.OFFICE_EDITOR.value, region)
    return To(role=Role(role), region=place)


def measure_told(*, actor: Actor, measure: ReformMeasure, partners: Iterable[Region]) -> None:
    """Let a newly published measure wait for the offices of the places paired with its origin, once each."""
    for region in partners:
        item_open(
            actor=actor,
            key=f"{NEW}:{measure.pk}:{region.pk}",
            kind=NEW,
            to=office_of(region),
            url=address(measure),
            title=gettext_noop("%(region)s发布了改革经验“%(measure)s”，请%(here)s决定是否关注"),
            params={
                "region": region_words(measure.origin),
                "measure": measure.title[:80],
                "here": region_words(region),
            },
            subject=subject_of(measure),
        )


def measure_told_no_more(*, actor: Actor, measure: ReformMeasure, region: Region | None = None) -> None:
    """A region made up its mind, or (None) the measure is offered no longer."""
    if region is not None:
        item_close(actor=actor, key=f"{NEW}:{measure.pk}:{region.pk}")
        return
    waiting = InboxItem.objects.filter(
        kind=NEW, subject_kind=measure._meta.label_lower, subject_id=str(measure.pk), state=ItemState.OPEN
    )
    for key in list(waiting.values_list("key", flat=True)):
        item_close(actor=actor, key=key)


def many_told(*, actor: Actor, run: str, origin: Region, count: int, partners: Iterable[Region]) -> None:
    """Many measures came at once: one thing waits for each office, not one a measure."""
    for region in partners:
        item_open(
            actor=actor,
            key=f"{NEW}:run:{run}:{origin.pk}:{region.pk}",
            kind=NEW,
            to=office_of(region),
            url=f"{reverse('reforms:list')}?origin={origin.adcode}&mine=open",
            title=gettext_noop("%(region)s一次发布了%(count)s项改革经验，请%(here)s决定是否关注"),
            params={"region": region_words(origin), "count": count, "here": region_words(region)},
        )


def question_waits(*, actor: Actor, question: Talk) -> None:
    """Let a question wait for the office of the measure's origin."""
    measure = question.measure
    item_open(
        actor=actor,
        key=f"{QUESTION}:{question.pk}",
        kind=QUESTION,
        to=office_of(measure.origin),
        url=f"{address(measure)}#talk-{question.pk}",
        title=gettext_noop("请答复关于“%(measure)s”的提问：%(text)s"),
        params={"measure": measure.title[:80], "text": question.text[:80]},
        subject=subject_of(measure),
    )


def question_waits_no_more(*, actor: Actor, question: Talk) -> None:
    """It is answered."""
    item_close(actor=actor, key=f"{QUESTION}:{question.pk}")


def adaptation_waits(*, actor: Actor, adoption: Adoption) -> bool:
    """Let an adaptation that falls due wait for its unit, or for the region's office; returns whether it does."""
    day = adoption.planned_on
    if adoption.state != AdoptionState.ADAPTING or day is None or day > today() + BEFORE:
        return False
    item_open(
        actor=actor,
        key=f"{DUE}:{adoption.pk}:{adoption.revision}",
        kind=DUE,
        to=To(organisation_id=adoption.unit_id) if adoption.unit_id else office_of(adoption.region),
        url=adoption_address(adoption),
        title=gettext_noop("请完成“%(measure)s”在%(region)s的本地化并登记推广"),
        params={"measure": adoption.measure.title[:80], "region": region_words(adoption.region)},
        subject=subject_of(adoption),
        due_on=day,
    )
    return True


def adaptation_waits_no_more(*, actor: Actor, adoption: Adoption) -> None:
    """It is adopted, declined, or planned anew."""
    waiting = InboxItem.objects.filter(
        kind=DUE, subject_kind=adoption._meta.label_lower, subject_id=str(adoption.pk), state=ItemState.OPEN
    )
    for key in list(waiting.values_list("key", flat=True)):
        item_close(actor=actor, key=key)
