"""A project of Shenyang and Beijing with a short chain of milestones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from duikou.kernel.actor import Actor
from duikou.programme.models import Pairing
from duikou.projects.models import Project
from duikou.projects.services.draft import PartyDraft, ProjectDraft
from duikou.projects.services.projects import project_create
from duikou.schedule.models import Milestone
from duikou.schedule.services.draft import MilestoneDraft
from duikou.schedule.services.milestones import milestone_add

ME = Actor.command("tests")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def make_project(name: str = "京沈产业园", pairing: str = "shenyang-beijing", **given: Any) -> Project:
    pair = Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code=pairing, programme__code="northeast-east-2017"
    )
    clause = pair.programme.clause_set.get(code="3.2.2")
    facts = {"second_region": pair.second_region, **given}
    draft = ProjectDraft(pair.programme, name, pair, clause, pair.first_region, **facts)
    return project_create(actor=ME, draft=draft, partial=True)


@pytest.fixture
def project(shenyang_editor: Any, unit: Any) -> Project:
    return make_project(parties=(PartyDraft("某责任单位", organisation_id=unit.organisation.pk),))


@pytest.fixture
def add(project: Project, shenyang_editor: Any) -> Callable[..., Milestone]:
    """Add a milestone: title, planned day, and whatever else is to be said."""

    def added(title: str, planned: str, where: Project | None = None, **given: Any) -> Milestone:
        draft = MilestoneDraft(title, day(planned), **given)
        return milestone_add(actor=shenyang_editor.actor, project_id=(where or project).pk, draft=draft)

    return added
