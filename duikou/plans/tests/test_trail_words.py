"""What happened to a plan reads as words in the trail, down to units and money."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Any

from duikou.plans.models import PlanVersion
from duikou.plans.selectors import content_of
from duikou.plans.services.comments import comment_add
from duikou.plans.services.entries import entry_add
from duikou.plans.services.sections import SectionDraft, section_add, section_save
from duikou.plans.tests.conftest import promise
from duikou.records.models import AuditEvent
from duikou.records.selectors.wording import changes_in_words


def test_an_entry_in_the_trail_reads_without_codes(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    tasks = next(one for one in content_of(draft_version).sections if one.part == "tasks")
    draft = promise(
        section=uuid.UUID(tasks.uid), starts_on=dt.date(2018, 1, 1), target_value=Decimal(1), target_unit="个"
    )
    entry_add(actor=shenyang_editor.actor, version_id=draft_version.pk, draft=draft)
    event = AuditEvent.objects.latest("id")
    words = {name: after for name, _before, after in changes_in_words("plans.planversion", event.before, event.after)}
    assert [name for name in words if re.search("[a-z_]", name)] == []
    assert words["所属章节"] == "重点任务"
    assert (
        words["责任单位"]
        == "哪一侧：甲侧；名称：沈阳市发展改革委；牵头：是 / 哪一侧：乙侧；名称：北京市发展改革委；牵头：是"
    )
    assert words["资金"] == "来源：地方财政资金；哪一侧：甲侧；金额（元）：1000000.00；口径：准确数"
    assert "指标" not in words


def test_a_heading_in_the_trail_keeps_its_part_beside_its_name(
    draft_version: PlanVersion, shenyang_editor: Any
) -> None:
    draft = SectionDraft("保障机制", part="other")
    section = section_add(actor=shenyang_editor.actor, version_id=draft_version.pk, draft=draft)
    given = {"actor": shenyang_editor.actor, "version_id": draft_version.pk, "uid": section.uid, "revision": 1}
    section_save(**given, draft=SectionDraft("保障机制", part="safeguards"))
    event = AuditEvent.objects.filter(action="plans.section.saved").latest("id")
    assert (event.before["part"], event.after["part"], event.after["name"]) == ("other", "safeguards", "保障机制")
    words = {name: (was, now) for name, was, now in changes_in_words("plans.planversion", event.before, event.after)}
    assert words["组成部分"] == ("其他", "保障措施")


def test_a_remark_in_the_trail_says_what_it_is_about(draft_version: PlanVersion, shenyang_editor: Any) -> None:
    tasks = next(one for one in content_of(draft_version).sections if one.part == "tasks")
    given = {"actor": shenyang_editor.actor, "version_id": draft_version.pk, "uid": uuid.UUID(tasks.uid)}
    comment_add(**given, text="再具体一些")
    event = AuditEvent.objects.latest("id")
    words = {name: now for name, _was, now in changes_in_words("plans.planversion", event.before, event.after)}
    assert words == {"所在部分": "重点任务", "文字": "再具体一些"}
