"""A table of practices coming in: what becomes of each row, and the writing of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Accepted, Fate, Incoming, Judged, Options, Problem, Severity, Source
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid
from duikou.kernel.text import near_key
from duikou.programme.models import Clause, Region, Topic
from duikou.reforms.models import ReformMeasure
from duikou.reforms.services.import_words import Words
from duikou.reforms.services.measures import (
    MeasureDraft,
    checked,
    measure_create,
    measure_publish,
    measure_update,
    publish_faults,
)
from duikou.reforms.services.waiting import many_told
from duikou.reforms.states import MeasureState

PLAIN = ("issuer_name", "document_title", "document_number", "document_url", "source_name", "summary", "needs")
_COLUMN = {"issuer_name": "issuer", "topic": "topic", "clauses": "clauses", "origin": "origin"}


class MeasureJudge:
    """Judges rows a batch at a time: same region and near title, or same 文号, is the same practice."""

    def __init__(self, actor: Actor, options: Options) -> None:
        self.words = Words.of(actor, options)
        self.publishes = options.get("publish") == "yes"
        self.seen: dict[tuple[int, str], tuple[str, int]] = {}

    def __call__(self, batch: Sequence[Incoming]) -> list[Judged]:
        """One verdict per row; two queries per batch, for the practices that it names."""
        known = self._known(batch)
        return [self._judged(row, known) for row in batch]

    def _known(self, batch: Sequence[Incoming]) -> dict[tuple[int, str], ReformMeasure]:
        titles = {near_key(row.values.get("title") or "")[:200] for row in batch}
        numbers = {near_key(row.values.get("document_number") or "")[:80] for row in batch} - {""}
        rows = ReformMeasure.objects.filter(
            Q(near_key__in=titles) | Q(number_key__in=numbers),
            programme=self.words.places.programme,
            origin__in=[region.pk for region in self.words.mine],
        )
        rows = rows.exclude(state=MeasureState.SUPERSEDED).select_related("origin", "topic")
        found: dict[tuple[int, str], ReformMeasure] = {}
        for row in rows.prefetch_related("clauses").order_by("-pk"):
            found[row.origin_id, row.near_key] = row
            if row.number_key:
                found[row.origin_id, f"#{row.number_key}"] = row
        return found

    def _judged(self, row: Incoming, known: dict[tuple[int, str], ReformMeasure]) -> Judged:
        values, problems = row.values, list[Problem]()
        title = values.get("title") or ""
        origin = self.words.region(values.get("origin"), "origin", problems, own=True)
        topic = self.words.topic(values.get("topic"), problems)
        if origin is None or not near_key(title):
            return Judged(Fate.ERROR, title, None, problems or [Problem("title", "title", _("请填写名称。"))])
        keys = [(origin.pk, near_key(title)[:200])]
        if number := near_key(values.get("document_number") or "")[:80]:
            keys.append((origin.pk, f"#{number}"))
        there = next((known[key] for key in keys if key in known), None)
        if twice := self._twice(row, keys, title, problems):
            return twice
        facts = {name: values.get(_COLUMN.get(name, name)) for name in PLAIN}
        payload: dict[str, Any] = {
            "title": title,
            "origin": origin.pk,
            "facts": {name: value for name, value in facts.items() if value is not None},
            "document_date": values.get("document_date"),
            "published_on": values.get("published_on"),
            "topic": topic.pk if topic else None,
        }
        if there is not None:
            return self._changed(there, values, payload, problems)
        payload["clauses"] = [one.pk for one in self.words.clause_list(values.get("clauses"), topic, problems)]
        self._faults(payload, origin, topic, problems)
        fate = Fate.ERROR if any(one.severity is Severity.ERROR for one in problems) else Fate.NEW
        return Judged(fate, title, payload, problems)

    def _twice(self, row: Incoming, keys: list[tuple[int, str]], title: str, problems: list[Problem]) -> Judged | None:
        before = next((self.seen[key] for key in keys if key in self.seen), None)
        for key in keys:
            self.seen.setdefault(key, (row.sheet, row.row))
        if before is None:
            return None
        words = {"sheet": before[0], "row": before[1]}
        reason = _("与本文件“%(sheet)s”第 %(row)s 行是同一项经验，只登记那一行。") % words
        return Judged(Fate.SAME, title, None, [*problems, Problem("title", "twice", reason, Severity.WARNING)])

    def _faults(self, payload: dict[str, Any], origin: Region, topic: Topic | None, problems: list[Problem]) -> None:
        """What the service would refuse, at the columns it is about."""
        if problems:
            return
        try:
            draft = checked(draft_of(payload, self.words))
        except Invalid as bad:
            problems += [Problem(_COLUMN.get(name, name), name, texts[0]) for name, texts in bad.fields.items()]
            return
        if self.publishes:
            made = ReformMeasure(
                programme=draft.programme,
                summary=draft.summary,
                document_title=draft.document_title,
                source_name=draft.source_name,
                document_date=draft.document_date,
                topic=topic,
            )
            found = publish_faults(made, _day(payload["published_on"]) or today(), has_topics=bool(self.words.topics))
            problems += [Problem(name, name, str(texts[0])) for name, texts in found.items()]

    def _changed(
        self, there: ReformMeasure, values: dict[str, Any], payload: dict[str, Any], problems: list[Problem]
    ) -> Judged:
        """A known practice: only what the row says otherwise changes."""
        named = self.words.clause_list(values["clauses"], None, problems) if values.get("clauses") else ()
        draft = merged(there, payload, named, self.words)
        try:
            draft = checked(draft)
        except Invalid as bad:
            problems += [Problem(_COLUMN.get(name, name), name, texts[0]) for name, texts in bad.fields.items()]
        if any(one.severity is Severity.ERROR for one in problems):
            return Judged(Fate.ERROR, there.title, None, problems)
        plain = ("title", *PLAIN, "document_date")
        same = all(getattr(draft, name) == getattr(there, name) for name in plain)
        topic = draft.topic.pk if draft.topic else None
        same = same and topic == there.topic_id and set(draft.clauses) == set(there.clauses.all())
        if same:
            return Judged(Fate.SAME, there.title, None, problems)
        payload |= {"measure": there.pk, "revision": there.revision, "clauses": [one.pk for one in named]}
        return Judged(Fate.UPDATE, there.title, payload, problems)


def draft_of(payload: dict[str, Any], words: Words) -> MeasureDraft:
    """A new practice as its office would have written it."""
    regions = {region.pk: region for region in words.places.all}
    topics = {topic.pk: topic for topic in words.topics.values()}
    return MeasureDraft(
        programme=words.places.programme,
        title=payload["title"],
        origin=regions[payload["origin"]],
        topic=topics.get(payload["topic"]),
        clauses=tuple(Clause.objects.filter(pk__in=payload["clauses"])) if payload.get("clauses") else (),
        document_date=_day(payload["document_date"]),
        **payload["facts"],
    )


def merged(there: ReformMeasure, payload: dict[str, Any], named: Sequence[Clause], words: Words) -> MeasureDraft:
    """A known practice with what a row says anew; clauses and subject stay where the row is silent."""
    topics = {topic.pk: topic for topic in words.topics.values()}
    facts = {name: payload["facts"].get(name, getattr(there, name)) for name in PLAIN}
    return MeasureDraft(
        programme=words.places.programme,
        title=there.title,
        origin=there.origin,
        topic=topics.get(payload["topic"]) or there.topic,
        clauses=tuple(named) or tuple(there.clauses.all()),
        issuer=there.issuer,
        owner=there.owner,
        document_date=_day(payload["document_date"]) or there.document_date,
        reach=there.reach,
        **facts,
    )


class MeasureWriter:
    """Writes accepted rows through the services of measures, inside the import's transaction."""

    def __init__(self, actor: Actor, options: Options, source: Source) -> None:
        self.actor, self.source = actor, source
        self.words = Words.of(actor, options)
        self.publishes = options.get("publish") == "yes"
        self.counts: Counter[str] = Counter()
        self.told: Counter[Region] = Counter()

    def terms(self) -> None:
        """Nothing is prepared for it."""

    def __call__(self, batch: Sequence[Accepted]) -> None:
        """New practices in the order of the file, known ones where they stand."""
        for row in batch:
            if row.fate is Fate.NEW:
                self._add(row.payload)
            elif row.fate is Fate.UPDATE:
                self._update(row.payload)

    def _add(self, payload: dict[str, Any]) -> None:
        draft = draft_of(payload, self.words)
        measure = measure_create(actor=self.actor, draft=draft)
        self.counts["added"] += 1
        if self.publishes:
            day = _day(payload["published_on"])
            measure_publish(actor=self.actor, measure_id=measure.pk, published_on=day, is_told=False)
            self.told[draft.origin] += 1

    def _update(self, payload: dict[str, Any]) -> None:
        there = ReformMeasure.objects.select_related("origin", "topic", "issuer", "owner").get(pk=payload["measure"])
        named = tuple(Clause.objects.filter(pk__in=payload["clauses"]))
        measure_update(
            actor=self.actor,
            measure_id=there.pk,
            revision=payload["revision"],
            draft=merged(there, payload, named, self.words),
        )
        self.counts["changed"] += 1

    def finish(self) -> dict[str, int]:
        """One thing waits for each partner; how many came, how many changed."""
        for origin, count in self.told.items():
            partners = self.words.places.partners(origin)
            many_told(actor=self.actor, run=self.source.uid, origin=origin, count=count, partners=partners)
        labels = {"added": _("新增经验"), "changed": _("修改经验")}
        return {str(labels[name]): number for name, number in self.counts.items() if number}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
