"""A project of 沈阳 and 北京 with a linked enterprise, a rule for approvals, and short ways through a life."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from duikou.greenchannel.models import GreenChannelRequest, RequestPause
from duikou.greenchannel.services.raising import RequestDraft, request_raise
from duikou.greenchannel.services.rules import RuleDraft, rule_set
from duikou.greenchannel.services.steps import request_step
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.programme.models import BlockerKind, Pairing
from duikou.projects.models import Project
from duikou.projects.services.draft import PartyDraft, ProjectDraft
from duikou.projects.services.projects import project_create

ME = Actor.command("tests")


def kind(code: str) -> BlockerKind:
    return BlockerKind.objects.get(programme__code="northeast-east-2017", code=code)


def project_made(name: str, *organisations: Any, pairing: str = "shenyang-beijing") -> Project:
    """A project that only its sides know of, with these organisations linked."""
    pair = Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code=pairing, programme__code="northeast-east-2017"
    )
    clause = pair.programme.clause_set.get(code="3.2.2")
    draft = ProjectDraft(
        pair.programme,
        name,
        pair,
        clause,
        pair.first_region,
        pair.second_region,
        parties=tuple(PartyDraft(body.name, organisation_id=body.pk) for body in organisations),
    )
    return project_create(actor=ME, draft=draft)


@pytest.fixture
def project(member: Any) -> Project:
    return project_made("沈北产业园", member.organisation)


@pytest.fixture
def rule(project: Project, unit: Any, shenyang_lead: Any) -> Any:
    """Approvals in 沈阳 go to the unit's person."""
    body = unit.organisation
    draft = RuleDraft(project.programme, project.first_region, kind("approval"), body, unit.membership)
    return rule_set(actor=shenyang_lead.actor, draft=draft)


def draft_of(project: Project, **given: Any) -> RequestDraft:
    facts: dict[str, Any] = {
        "kind_id": kind(given.pop("kind", "approval")).pk,
        "side": "first",
        "title": "二期环评批复尚未取得",
        "wanted_on": today() + dt.timedelta(days=30),
        "needed": "请协调尽快办理",
        **given,
    }
    return RequestDraft(project.pk, **facts)


@pytest.fixture
def raised(project: Project, rule: Any, member: Any) -> GreenChannelRequest:
    """The enterprise asks, the unit owns."""
    return request_raise(
        actor=member.actor, draft=draft_of(project, contact_name="王小明", contact_phone="13812345678")
    )


def take(person: Any, request: GreenChannelRequest, verb: str, text: str = "说明", **given: Any) -> GreenChannelRequest:
    """One step by a person, as of now."""
    fresh = GreenChannelRequest.objects.get(pk=request.pk)
    return request_step(
        actor=person.actor, request_id=request.pk, revision=fresh.revision, verb=verb, text=text, **given
    )


def shift(request: GreenChannelRequest, days: int) -> None:
    """As if so many days had passed."""
    row, back = GreenChannelRequest.objects.get(pk=request.pk), dt.timedelta(days=days)
    for name in ("started_on", "due_on", "paused_on", "late_on", "asker_reminded_on"):
        value = getattr(row, name)
        if value is not None:
            setattr(row, name, value - back)
    row.save()
    for pause in RequestPause.objects.filter(request=row):
        pause.began_on, pause.ended_on = pause.began_on - back, pause.ended_on - back
        pause.save()
