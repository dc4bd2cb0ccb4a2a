"""A plan of Shenyang and Beijing, and short ways to write in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from duikou.kernel.money import Money
from duikou.plans.models import PlanVersion
from duikou.plans.services.entries import EntryDraft, MoneyDraft, UnitDraft
from duikou.plans.services.plans import PlanDraft, plan_create
from duikou.programme.models import Pairing


@pytest.fixture
def pairing(db: None, shenyang_editor: Any) -> Pairing:
    return Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code="shenyang-beijing", programme__code="northeast-east-2017"
    )


@pytest.fixture
def draft_version(pairing: Pairing, shenyang_editor: Any) -> PlanVersion:
    """The draft of a phase plan with the six headings."""
    draft = PlanDraft(pairing, "phase", "沈阳与北京对口合作实施方案", dt.date(2017, 3, 7), dt.date(2020, 12, 31))
    return plan_create(actor=shenyang_editor.actor, draft=draft)


def promise(title: str = "共建中关村产业园", **given: Any) -> EntryDraft:
    """An entry that lacks nothing."""
    facts: dict[str, Any] = {
        "measure": "建立协同机制。",
        "clauses": ("3.4.2",),
        "target": "建成园区1个",
        "indicator": "",
        "due_on": dt.date(2018, 12, 31),
        "units": (UnitDraft("first", "沈阳市发展改革委", True), UnitDraft("second", "北京市发展改革委", True)),
        "money": (MoneyDraft("local", Money("1000000"), "first"),),
        **given,
    }
    return EntryDraft(title=title, **facts)
