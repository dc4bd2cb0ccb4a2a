"""A project of Shenyang and Beijing in which the unit takes part, and short ways through a report's life."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.money import WAN, Money
from duikou.programme.models import Clause, Pairing
from duikou.progress.models import ProgressReport
from duikou.progress.rules.months import month_of, shifted
from duikou.progress.services.draft import ReportDraft
from duikou.progress.services.reports import report_submit
from duikou.progress.services.review import report_accept
from duikou.projects.models import Project
from duikou.projects.services.draft import PartyDraft, ProjectDraft
from duikou.projects.services.projects import project_create
from duikou.projects.states import ProjectState, Side, Visibility

COMMAND = Actor.command("tests")


def wan(amount: str | int) -> Money:
    """An amount of 万元."""
    return Money(Money(amount) * WAN)


def month_ago(months: int) -> int:
    """A month of the past."""
    return shifted(month_of(today()), -months)


@pytest.fixture
def pairing(db: None, shenyang_editor: Any) -> Pairing:
    return Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code="shenyang-beijing", programme__code="northeast-east-2017"
    )


def make(pairing: Pairing, name: str = "数控机床产业园", unit: Any = None, **given: Any) -> Project:
    """A started project; `unit` takes part on the first side."""
    parties = (PartyDraft(unit.name, Side.FIRST, organisation_id=unit.pk),) if unit else ()
    facts: dict[str, Any] = {
        "state": ProjectState.STARTED,
        "year": 2025,
        "state_as_of": dt.date(2025, 3, 1),
        "visibility": Visibility.PAIRING,
        **given,
    }
    draft = ProjectDraft(
        pairing.programme,
        name,
        pairing,
        facts.pop("clause", None) or Clause.objects.get(programme=pairing.programme, code="3.2.1"),
        pairing.first_region,
        second_region=pairing.second_region,
        parties=parties,
        **facts,
    )
    return project_create(actor=COMMAND, draft=draft, partial=True)


@pytest.fixture
def project(pairing: Pairing, unit: Any) -> Project:
    return make(pairing, unit=unit.organisation)


def said(month: str | int | None = None, **given: Any) -> ReportDraft:
    """A draft that says what was invested in the month (万元), and whatever else is given."""
    facts: dict[str, Any] = {"has_started": True, "physical": "主体施工", **given}
    if month is not None:
        facts["invested_month"] = wan(month)
    return ReportDraft(**facts)


def send(
    actor: Actor,
    project: Project,
    month: int,
    draft: ReportDraft,
    seen: tuple[str, ...] = ("first", "gap"),
    **given: Any,
) -> ProgressReport:
    return report_submit(actor=actor, project_id=project.pk, month=month, draft=draft, seen=seen, **given)


def accepted(writer: Actor, office: Actor, project: Project, month: int, draft: ReportDraft) -> ProgressReport:
    """Sent and accepted."""
    report = send(writer, project, month, draft)
    return report_accept(actor=office, report_id=report.pk, revision=report.revision)
