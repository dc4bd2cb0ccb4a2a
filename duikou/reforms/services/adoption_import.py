"""A table of adoptions coming in: what becomes of each row, and the writing of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Accepted, Fate, Incoming, Judged, Options, Problem, Severity, Source
from duikou.kernel.actor import Actor
from duikou.kernel.text import clean_name, near_key
from duikou.programme.models import Region
from duikou.reforms.models import Adoption, ReformMeasure
from duikou.reforms.services.adoptions import AdoptionDraft, adopt_faults, adoption_step
from duikou.reforms.services.effects import EffectDraft
from duikou.reforms.services.import_words import Words
from duikou.reforms.states import ADOPTIONS, AdoptionState, MeasureState


class AdoptionJudge:
    """Judges rows a batch at a time; a practice and a region have one row, however often a file says so."""

    def __init__(self, actor: Actor, options: Options) -> None:
        self.words = Words.of(actor, options)
        self.seen: dict[tuple[int, int], tuple[str, int]] = {}

    def __call__(self, batch: Sequence[Incoming]) -> list[Judged]:
        """One verdict per row; two queries per batch."""
        measures = self._measures(batch)
        pks = {one.pk for found in measures.values() for one in found}
        rows = Adoption.objects.filter(measure__in=pks, region__in=[one.pk for one in self.words.mine])
        known = {(row.measure_id, row.region_id): row for row in rows}
        return [self._judged(row, measures, known) for row in batch]

    def _measures(self, batch: Sequence[Incoming]) -> dict[str, list[ReformMeasure]]:
        """Near title or near 文号 → practices that were published."""
        keys = {near_key(row.values.get("measure") or "")[:200] for row in batch} - {""}
        rows = ReformMeasure.objects.filter(
            Q(near_key__in=keys) | Q(number_key__in=keys), programme=self.words.places.programme
        )
        found: dict[str, list[ReformMeasure]] = {}
        for row in rows.exclude(state=MeasureState.DRAFT).select_related("origin").order_by("pk"):
            for key in {row.near_key, row.number_key} & keys:
                found.setdefault(key, []).append(row)
        return found

    def _judged(
        self,
        row: Incoming,
        measures: dict[str, list[ReformMeasure]],
        known: dict[tuple[int, int], Adoption],
    ) -> Judged:
        values, problems = row.values, list[Problem]()
        label = values.get("measure") or ""
        region = self.words.region(values.get("region"), "region", problems, own=True)
        origin = self.words.region(values.get("origin"), "origin", problems, own=False)
        measure = None
        if region is not None and not problems:
            measure = self._meant(measures.get(near_key(label)[:200], []), region, origin, label, problems)
        payload = {
            name: values.get(name) for name in ("adopted_on", "document_title", "document_number", "document_date")
        }
        payload |= {"effect": values.get("effect"), "source_name": values.get("source_name")}
        draft = draft_of(payload)
        for name, texts in adopt_faults(draft).items():
            problems.append(Problem(name, name, str(texts[0])))
        if measure is None or region is None or problems:
            return Judged(Fate.ERROR, label, None, problems)
        payload |= {"measure": measure.pk, "region": region.pk}
        return self._fate(row, label, measure, region, known.get((measure.pk, region.pk)), payload, draft)

    def _meant(
        self,
        found: list[ReformMeasure],
        region: Region,
        origin: Region | None,
        label: str,
        problems: list[Problem],
    ) -> ReformMeasure | None:
        side = self.words.places.side_of(region)
        fitting = [one for one in found if one.side != side and (origin is None or one.origin_id == origin.pk)]
        live = [one for one in fitting if one.state == MeasureState.PUBLISHED] or fitting
        if len(live) == 1:
            return live[0]
        if live:
            names = _("、").join(one.origin.label for one in live[:4])
            reason = _("“%(label)s”有多项（%(names)s），请写明来源地区或文号。") % {"label": label[:40], "names": names}
        else:
            reason = _("另一方没有发布过“%(label)s”，请先由来源地区登记发布。") % {"label": label[:40]}
        problems.append(Problem("measure", "measure", reason))
        return None

    def _fate(
        self,
        row: Incoming,
        label: str,
        measure: ReformMeasure,
        region: Region,
        there: Adoption | None,
        payload: dict[str, Any],
        draft: AdoptionDraft,
    ) -> Judged:
        before = self.seen.setdefault((measure.pk, region.pk), (row.sheet, row.row))
        if before != (row.sheet, row.row):
            words = {"sheet": before[0], "row": before[1]}
            reason = _("与本文件“%(sheet)s”第 %(row)s 行是同一项推广，只登记那一行。") % words
            return Judged(Fate.SAME, label, None, [Problem("measure", "twice", reason, Severity.WARNING)])
        if there is None:
            if measure.state != MeasureState.PUBLISHED:
                reason = _("这项经验%(state)s，不能再关注或推广。") % {"state": measure.state_label}
                return Judged(Fate.ERROR, label, None, [Problem("measure", "state", reason)])
            return Judged(Fate.NEW, label, {**payload, "revision": 0})
        if there.state == AdoptionState.ADOPTED:
            return self._adopted(label, there, draft)
        if not ADOPTIONS.allows(AdoptionState(there.state), "adopt"):
            words = {"region": region.label, "state": there.state_label}
            reason = _("%(region)s%(state)s，不能进行这一步。") % words
            return Judged(Fate.ERROR, label, None, [Problem("measure", "state", reason)])
        return Judged(Fate.UPDATE, label, {**payload, "revision": there.revision})

    def _adopted(self, label: str, there: Adoption, draft: AdoptionDraft) -> Judged:
        said = (draft.adopted_on, near_key(draft.document_title))
        if said == (there.adopted_on, near_key(there.document_title)):
            return Judged(Fate.SAME, label)
        words = {"day": there.adopted_on.isoformat() if there.adopted_on else "", "document": there.document_title[:60]}
        reason = _("已登记推广：%(day)s，%(document)s；与这一行不同，请在它的页面上更正。") % words
        return Judged(Fate.SAME, label, None, [Problem("measure", "other", reason, Severity.WARNING)])


def draft_of(payload: dict[str, Any]) -> AdoptionDraft:
    """The adoption that a row states; its evidence may come later."""
    effect = EffectDraft(None, payload["effect"]) if payload.get("effect") else None
    return AdoptionDraft(
        adopted_on=_day(payload["adopted_on"]),
        document_title=clean_name(payload["document_title"] or ""),
        document_number=clean_name(payload["document_number"] or ""),
        document_date=_day(payload["document_date"]),
        source_name=clean_name(payload["source_name"] or ""),
        no_file=True,
        effect=effect,
    )


class AdoptionWriter:
    """Writes accepted rows as steps of adoptions, inside the import's transaction."""

    def __init__(self, actor: Actor, options: Options, source: Source) -> None:
        self.actor = actor
        self.words = Words.of(actor, options)
        self.regions = {region.pk: region for region in self.words.places.all}
        self.counts: Counter[str] = Counter()

    def terms(self) -> None:
        """Nothing is prepared for it."""

    def __call__(self, batch: Sequence[Accepted]) -> None:
        """Each in the order of the file."""
        for row in batch:
            if row.fate in (Fate.NEW, Fate.UPDATE):
                adoption_step(
                    actor=self.actor,
                    measure_id=row.payload["measure"],
                    region=self.regions[row.payload["region"]],
                    verb="adopt",
                    draft=draft_of(row.payload),
                    revision=row.payload["revision"],
                    places=self.words.places,
                )
                self.counts["adopted"] += 1

    def finish(self) -> dict[str, int]:
        """How many were registered."""
        return {str(_("登记推广")): self.counts["adopted"]} if self.counts["adopted"] else {}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
