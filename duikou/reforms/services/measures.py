"""Telling of a practice: draft, change, publish, withdraw, supersede."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access.models import Organisation
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Invalid, NotFound, Stale
from duikou.kernel.facts import announce
from duikou.kernel.rich_text import as_written, plain
from duikou.kernel.text import clean_name, has_word
from duikou.programme.models import Clause, Programme, Region, Topic
from duikou.records.services.audit import changes, record, snapshot
from duikou.reforms import policies
from duikou.reforms.models import ReformMeasure
from duikou.reforms.selectors.places import places_of
from duikou.reforms.services.text import Faults, day_fault, is_link, words
from duikou.reforms.services.waiting import measure_told, measure_told_no_more
from duikou.reforms.states import MEASURES, MeasureState, Reach

RELATED = ("programme", "topic", "origin", "issuer", "owner")
LONGEST = 20_000
_LIMITS = {"issuer_name": 200, "document_title": 300, "document_number": 80, "source_name": 200}


@dataclass(frozen=True, slots=True)
class MeasureDraft:
    """What is told of a practice; `summary` and `needs` as written, made safe when stored."""

    programme: Programme
    title: str
    origin: Region
    topic: Topic | None = None
    clauses: tuple[Clause, ...] = ()
    issuer: Organisation | None = None
    issuer_name: str = ""
    document_title: str = ""
    document_number: str = ""
    document_date: dt.date | None = None
    document_url: str = ""
    source_name: str = ""
    summary: str = ""
    needs: str = ""
    owner: Organisation | None = None
    reach: str = Reach.OFFICES.value


@transaction.atomic
def measure_create(*, actor: Actor, draft: MeasureDraft, is_demonstration: bool = False) -> ReformMeasure:
    """Begin a measure of a place on either side; others read it once it is published. Raises `Invalid` by field."""
    policies.write(actor, draft.origin).or_raise()
    draft = checked(draft)
    moment = now()
    side = places_of(draft.programme).side_of(draft.origin)
    if not side:
        raise Invalid(fields={"origin": [_("这个地区不在方案的对口关系中。")]})
    measure = ReformMeasure(
        programme=draft.programme,
        side=side,
        is_demonstration=is_demonstration,
        created_at=moment,
        created_by=actor.name[:150],
        changed_at=moment,
        changed_by=actor.name[:150],
        **_facts(draft),
    )
    measure.derive()
    measure.save()
    measure.lineage = measure.pk
    measure.save(update_fields=["lineage"])
    measure.clauses.set(draft.clauses)
    after = changes(None, snapshot(measure))[1]
    record(actor=actor, action="reforms.measure.created", subject=measure, after={**(after or {}), **_codes(draft)})
    announce("reforms.measure.created", measure_id=measure.pk)
    return measure


@transaction.atomic
def measure_update(*, actor: Actor, measure_id: int, revision: int, draft: MeasureDraft) -> ReformMeasure:
    """Change what is told; `revision` is what the writer had seen. Raises `Stale` with the present text, `Invalid`."""
    measure = measure_locked(measure_id)
    policies.edit(actor, measure).or_raise()
    draft = checked(draft)
    if measure.revision != revision:
        raise Stale(
            _("%(name)s在您打开之后修改了这项经验。下面是现在的内容和您填写的内容，请核对后再保存。")
            % {"name": measure.changed_by},
            revision=measure.revision,
        )
    if draft.origin.pk != measure.origin_id:
        raise Invalid(fields={"origin": [_("来源地区不能更换，请撤回后另行登记。")]})
    before, had = snapshot(measure), sorted(measure.clauses.values_list("code", flat=True))
    for name, value in _facts(draft).items():
        setattr(measure, name, value)
    old, new = changes(before, measure)
    codes = _codes(draft)
    if codes["clauses"] != had:
        old, new = {**(old or {}), "clauses": had}, {**(new or {}), **codes}
    if not old and not new:
        return measure
    measure.clauses.set(draft.clauses)
    touch(actor, measure)
    record(actor=actor, action="reforms.measure.updated", subject=measure, before=old, after=new)
    announce("reforms.measure.updated", measure_id=measure.pk)
    return measure


@transaction.atomic
def measure_publish(
    *, actor: Actor, measure_id: int, published_on: dt.date | None = None, is_told: bool = True
) -> ReformMeasure:
    """Let the other side know of it. `published_on`: for a practice of old, the day from which it could be known
    (default today; never before its document); `is_told` False: the caller tells of many at once.

    Raises `Invalid` when what a reader needs is missing.
    """
    measure = measure_locked(measure_id)
    policies.move(actor, measure, "publish").or_raise()
    day = published_on or measure.published_on or today()
    has_topics = Topic.objects.filter(programme_id=measure.programme_id, retired_in=None).exists()
    faults = publish_faults(measure, day, has_topics=has_topics)
    if faults:
        raise Invalid(fields=faults)
    before = {"state": measure.state, "published_on": measure.published_on}
    measure.published_on = day
    measure.state_reason = ""
    _go(actor, measure, "publish")
    record(
        actor=actor,
        action="reforms.measure.published",
        subject=measure,
        before=before,
        after={"state": measure.state, "published_on": day},
    )
    if is_told:
        measure_told(actor=actor, measure=measure, partners=places_of(measure.programme).partners(measure.origin))
    announce("reforms.measure.moved", measure_id=measure.pk, verb="publish")
    return measure


def publish_faults(measure: ReformMeasure, day: dt.date, *, has_topics: bool) -> Faults:
    """What is missing before others can read it, by field; `has_topics`: the programme names subjects of reform."""
    faults: Faults = {}
    if not plain(measure.summary).strip():
        faults["summary"] = [_("发布前请写明主要做法。")]
    if not measure.document_title and not measure.source_name:
        faults["document_title"] = [_("发布前请写明依据文件或信息来源。")]
    if measure.topic_id is None and has_topics:
        faults["topic"] = [_("发布前请选择改革主题。")]
    if wrong := day_fault(day):
        faults["published_on"] = [wrong]
    elif measure.document_date is not None and day < measure.document_date:
        faults["published_on"] = [_("发布日期不能早于成文日期。")]
    return faults


@transaction.atomic
def measure_withdraw(*, actor: Actor, measure_id: int, reason: str) -> ReformMeasure:
    """It is offered no longer; who followed it keeps reading it. The reason is a must."""
    measure = measure_locked(measure_id)
    policies.move(actor, measure, "withdraw").or_raise()
    measure.state_reason = words(reason, "reason", longest=500)
    return _end(actor, measure, "withdraw", "withdrawn")


@transaction.atomic
def measure_supersede(*, actor: Actor, measure_id: int, successor_id: int, reason: str = "") -> ReformMeasure:
    """Another published measure of the same origin takes its place; both count once from now on."""
    measure = measure_locked(measure_id)
    policies.move(actor, measure, "supersede").or_raise()
    successor = (
        ReformMeasure.objects.filter(pk=successor_id, origin_id=measure.origin_id).exclude(pk=measure_id).first()
    )
    if successor is None or successor.state != MeasureState.PUBLISHED:
        raise Invalid(fields={"successor": [_("请选择本地区另一项已发布的经验。")]})
    measure.state_reason = words(reason, "reason", longest=500, needed=False)
    measure.successor = successor
    ReformMeasure.objects.filter(lineage=measure.lineage).update(lineage=successor.lineage)
    measure.lineage = successor.lineage
    return _end(actor, measure, "supersede", "superseded")


def _end(actor: Actor, measure: ReformMeasure, verb: str, said: str) -> ReformMeasure:
    before = {"state": measure.state}
    _go(actor, measure, verb)
    after: dict[str, Any] = {"state": measure.state}
    if measure.successor is not None:
        after["successor"] = measure.successor.title
    record(
        actor=actor,
        action=f"reforms.measure.{said}",
        subject=measure,
        before=before,
        after=after,
        reason=measure.state_reason,
    )
    measure_told_no_more(actor=actor, measure=measure)
    announce("reforms.measure.moved", measure_id=measure.pk, verb=verb)
    return measure


def _go(actor: Actor, measure: ReformMeasure, verb: str) -> None:
    measure.state = MEASURES.go(MeasureState(measure.state), verb).value
    touch(actor, measure)


def measure_locked(measure_id: int) -> ReformMeasure:
    """The row for changing, with what policies look at; raises `NotFound`."""
    rows = ReformMeasure.objects.select_for_update(of=("self",)).select_related(*RELATED)
    found = rows.filter(pk=measure_id).first()
    if found is None:
        raise NotFound
    return found


def touch(actor: Actor, measure: ReformMeasure) -> None:
    """Something that a reader sees changed: the revision grows."""
    measure.revision += 1
    measure.changed_at, measure.changed_by = now(), actor.name[:150]
    measure.derive()
    measure.save()


def checked(draft: MeasureDraft) -> MeasureDraft:
    """The draft as it is stored; raises `Invalid` by field."""
    draft = replace(
        draft,
        title=clean_name(draft.title),
        issuer_name=clean_name(draft.issuer_name),
        document_title=clean_name(draft.document_title),
        document_number=clean_name(draft.document_number),
        source_name=clean_name(draft.source_name),
        document_url=draft.document_url.strip(),
        summary=as_written(draft.summary),
        needs=as_written(draft.needs),
    )
    faults: Faults = {}
    if not has_word(draft.title) or len(draft.title) > 200:
        faults["title"] = [_("请填写名称，最多200个字。")]
    for name, limit in (*_LIMITS.items(), ("summary", LONGEST), ("needs", LONGEST)):
        if len(getattr(draft, name)) > limit:
            faults[name] = [_("最多%(limit)s个字。") % {"limit": limit}]
    if not draft.clauses:
        faults["clauses"] = [_("请至少选择一个条款。")]
    if any(clause.programme_id != draft.programme.pk for clause in draft.clauses):
        faults["clauses"] = [_("不属于当前方案。")]
    if draft.topic is not None and draft.topic.programme_id != draft.programme.pk:
        faults["topic"] = [_("不属于当前方案。")]
    if draft.document_url and not is_link(draft.document_url):
        faults["document_url"] = [_("请填写以https://开头的完整地址。")]
    if wrong := day_fault(draft.document_date):
        faults["document_date"] = [wrong]
    if draft.reach not in Reach.values:
        faults["reach"] = [_("没有这一项。")]
    if faults:
        raise Invalid(fields=faults)
    return draft


def _facts(draft: MeasureDraft) -> dict[str, Any]:
    kept = ("programme", "clauses")
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__ if name not in kept}


def _codes(draft: MeasureDraft) -> dict[str, list[str]]:
    return {"clauses": sorted(clause.code for clause in draft.clauses)}
