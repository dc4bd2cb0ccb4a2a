"""A plan with text, promises and a table in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from duikou.kernel.money import Money
from duikou.plans.models import PlanVersion
from duikou.plans.services.entries import EntryDraft, MoneyDraft, UnitDraft, entry_add
from duikou.plans.services.plans import PlanDraft, plan_create
from duikou.plans.services.sections import SectionDraft, section_save
from duikou.programme.models import Pairing

BODY = (
    "<p>双方按照<strong>优势互补</strong>的原则，#不是标记* _也不是_ $x$ \\ 合作。</p>"
    "<h3>总体安排</h3><ol><li>先行先试</li></ol>"
    "<table><tr><th colspan='2'>名称</th></tr><tr><td>𠮷林</td><td>𬱖</td></tr></table>"
)


@pytest.fixture
def version(db: None, shenyang_editor: Any) -> PlanVersion:
    """The draft of a phase plan of 沈阳 and 北京 with one promise below its first section and one below none."""
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code="shenyang-beijing", programme__code="northeast-east-2017"
    )
    draft = PlanDraft(pairing, "phase", "沈阳与北京对口合作实施方案", dt.date(2017, 3, 7), dt.date(2020, 12, 31))
    made = plan_create(actor=shenyang_editor.actor, draft=draft)
    first = made.sections.order_by("order")[0]
    section_save(
        actor=shenyang_editor.actor,
        version_id=made.pk,
        uid=first.uid,
        revision=first.revision,
        draft=SectionDraft(part=first.part, heading=first.heading, body=BODY, level=1),
    )
    for title, section in (("共建中关村产业园", first.uid), ("=1+1 干部挂职", None)):
        entry_add(actor=shenyang_editor.actor, version_id=made.pk, draft=promise(title, section=section))
    return PlanVersion.objects.select_related(
        "plan__programme", "plan__field", "plan__pairing__first_region", "plan__pairing__second_region"
    ).get(pk=made.pk)


def promise(title: str, **given: Any) -> EntryDraft:
    """An entry with everything a paper shows."""
    return EntryDraft(
        title=title,
        measure="建立协同机制。",
        target="建成园区1个",
        due_on=dt.date(2018, 12, 31),
        units=(UnitDraft("first", "沈阳市发展改革委", True), UnitDraft("second", "北京市发展改革委", True)),
        money=(MoneyDraft("local", Money("12345678.90"), "first"),),
        **given,
    )
