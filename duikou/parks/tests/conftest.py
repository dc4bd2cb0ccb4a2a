"""A park of Shenyang and Beijing, its managing company, and short ways to companies and figures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from stdnum.cn import uscc

from duikou.access.models import Organisation
from duikou.kernel.actor import Actor
from duikou.kernel.area import Area
from duikou.kernel.money import Money
from duikou.parks.models import AgreedSplit, OfficialFigure, Park, ParkAgreement, Resident
from duikou.parks.rules.spans import span_of_text
from duikou.parks.services.agreements import AgreementDraft, agreement_add
from duikou.parks.services.figures import FigureDraft, as_amounts, figure_save
from duikou.parks.services.parks import ParkDraft, park_open
from duikou.parks.services.residents import ResidentDraft, resident_add
from duikou.parks.services.review import figures_accept, figures_submit
from duikou.parks.services.splits import SplitDraft, split_accept, split_make, split_submit
from duikou.programme.models import Pairing, ProjectKind
from duikou.projects.models import Project, ProjectParty
from duikou.projects.services.draft import ProjectDraft
from duikou.projects.services.projects import project_create

ME = Actor.command("tests")


def code_of(number: int) -> str:
    """A valid unified social credit code."""
    stem = f"9121010{number:010d}"[:17]
    return stem + uscc.calc_check_digit(stem)


def park_project(name: str = "京沈合作产业园", visibility: str = "pairing") -> Project:
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code="shenyang-beijing", programme__code="northeast-east-2017"
    )
    kind = ProjectKind.objects.get(programme=pairing.programme, code="park")
    clause = pairing.programme.clause_set.get(code="3.4.2")
    draft = ProjectDraft(
        pairing.programme,
        name,
        pairing,
        clause,
        pairing.first_region,
        second_region=pairing.second_region,
        kind=kind,
        visibility=visibility,
    )
    return project_create(actor=ME, draft=draft, partial=True)


def company(name: str, **given: Any) -> Organisation:
    from duikou.programme.models import Region

    region = given.pop("region", None) or Region.objects.get(adcode="210100")
    return Organisation.objects.create(name=name, kind="enterprise", region=region, **given)


@pytest.fixture
def park(db: None, shenyang_editor: Any, unit: Any) -> Park:
    """A park that lies in Shenyang; the unit's organisation enters its data."""
    project = park_project()
    ProjectParty.objects.create(
        project=project, organisation=unit.organisation, name=str(unit.organisation), near_key="unit", side="first"
    )
    draft = ParkDraft(manager_id=unit.organisation.pk, area=Area("1500"), valid_from=dt.date(2020, 1, 1))
    return park_open(actor=shenyang_editor.actor, project_id=project.pk, draft=draft)


def settle(park: Park, name: str = "沈阳甲科技有限公司", actor: Actor = ME, **given: Any) -> Resident:
    facts = {"state": "producing", "origin": "second", "moved_in_on": dt.date(2020, 3, 1), **given}
    return resident_add(actor=actor, park_id=park.pk, draft=ResidentDraft(name=name, **facts))


def wan(number: int | str) -> Money:
    return Money(Decimal(number) * 10_000)


def report(resident: Resident, span: str = "2024", actor: Actor = ME, **given: Any) -> OfficialFigure:
    found = span_of_text(span)
    assert found is not None
    money = {name: wan(value) for name, value in given.items() if name not in ("jobs", "note", "reason")}
    draft = FigureDraft(found, as_amounts(money), given.get("jobs"), given.get("note", ""))
    return figure_save(actor=actor, resident_id=resident.pk, draft=draft, reason=given.get("reason", ""))


def accept(park: Park, span: str = "2024") -> int:
    found = span_of_text(span)
    assert found is not None
    figures_submit(actor=ME, park_id=park.pk, span=found)
    return figures_accept(actor=ME, park_id=park.pk, span=found)


def agreement(park: Park, **given: Any) -> ParkAgreement:
    facts: dict[str, Any] = {
        "kind": "sharing",
        "title": "利益分享协议",
        "first_party": "甲方",
        "second_party": "乙方",
        "signed_on": dt.date(2020, 1, 1),
        "first_weight": Decimal(5),
        "second_weight": Decimal(5),
        **given,
    }
    return agreement_add(actor=ME, park_id=park.pk, draft=AgreementDraft(**facts))


def share_out(park: Park, accepted: bool = True, **given: Any) -> AgreedSplit:
    facts: dict[str, Any] = {
        "agreement_id": given.pop("agreement_id", None) or agreement(park).pk,
        "year": 2024,
        "measure": "tax",
        "first_weight": Decimal(5),
        "second_weight": Decimal(5),
        **given,
    }
    made = split_make(actor=ME, park_id=park.pk, draft=SplitDraft(**facts))
    if accepted:
        made = split_submit(actor=ME, split_id=made.pk, revision=made.revision)
        made = split_accept(actor=ME, split_id=made.pk, revision=made.revision)
    return made
