"""A practice of Beijing, which Shenyang (its partner) and Dalian (which is not) may learn from."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from duikou.kernel.clock import today
from duikou.programme.models import Clause, Programme, Region, Topic
from duikou.reforms.models import Adoption, ReformMeasure
from duikou.reforms.services.adoptions import AdoptionDraft, adoption_step
from duikou.reforms.services.measures import MeasureDraft, measure_create, measure_publish

SHENYANG, DALIAN, BEIJING, SHANGHAI = "210100", "210200", "110000", "310000"
CODE = "northeast-east-2017"


def days_ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def place(adcode: str) -> Region:
    return Region.objects.get(adcode=adcode)


def paper(name: str = "实施方案.txt", words: str = "印发实施方案") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, words.encode())


def draft_of(**given: Any) -> MeasureDraft:
    """A practice of Beijing with its document."""
    programme = Programme.objects.get(code=CODE)
    facts: dict[str, Any] = {
        "title": "企业投资项目承诺制",
        "origin": place(BEIJING),
        "topic": Topic.objects.get(programme=programme, code=given.pop("topic_code", "investment_commitment")),
        "clauses": tuple(Clause.objects.filter(programme=programme, code__in=given.pop("codes", ("3.1.1",)))),
        "document_title": "关于推行企业投资项目承诺制的意见",
        "document_number": "京政发〔2018〕1号",
        "document_date": dt.date(2018, 1, 5),
        "summary": "<p>先建后验，承诺即开工。</p>",
        **given,
    }
    return MeasureDraft(programme=programme, **facts)


def publish(actor: Any, *, on: dt.date | None = None, **given: Any) -> ReformMeasure:
    measure = measure_create(actor=actor, draft=draft_of(**given))
    return measure_publish(actor=actor, measure_id=measure.pk, published_on=on)


@pytest.fixture
def drafted(beijing_editor: Any, shenyang_editor: Any) -> ReformMeasure:
    return measure_create(actor=beijing_editor.actor, draft=draft_of())


@pytest.fixture
def measure(beijing_editor: Any, shenyang_editor: Any) -> ReformMeasure:
    """Published a hundred days ago."""
    return publish(beijing_editor.actor, on=days_ago(100))


def step(actor: Any, measure: ReformMeasure, adcode: str, verb: str, **given: Any) -> Adoption:
    """One step, from whatever stands there now."""
    row = Adoption.objects.filter(measure=measure, region__adcode=adcode).first()
    revision = given.pop("revision", row.revision if row else 0)
    return adoption_step(
        actor=actor,
        measure_id=measure.pk,
        region=place(adcode),
        verb=verb,
        draft=AdoptionDraft(**given),
        revision=revision,
    )


def adopt(actor: Any, measure: ReformMeasure, adcode: str = SHENYANG, **given: Any) -> Adoption:
    facts: dict[str, Any] = {
        "adopted_on": days_ago(40),
        "document_title": "沈阳市企业投资项目承诺制实施方案",
        "document_number": "沈政发〔2018〕9号",
        "file": paper(),
        **given,
    }
    return step(actor, measure, adcode, "adopt", **facts)


@pytest.fixture
def adopted(measure: ReformMeasure, shenyang_editor: Any) -> Adoption:
    return adopt(shenyang_editor.actor, measure)
