"""What happened to a plan reads as words in the trail, down to units and money."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Any

from duikou.plans.models import PlanVersion
from duikou.plans.selectors import content_of
from duikou.plans.services.entries import entry_add
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
