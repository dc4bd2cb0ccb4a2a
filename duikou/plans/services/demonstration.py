"""Plans to try the product with: made up after what is publicly known, and marked as such; never in production."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access.models import Membership
from duikou.access.selectors import actor_of_membership
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Conflict
from duikou.kernel.money import Money
from duikou.plans.models import Plan, PlanEntry, PlanVersion
from duikou.plans.selectors.completeness import coverage
from duikou.plans.selectors.content import content_of
from duikou.plans.services.decomposition import entries_carry_over, entries_copy_down
from duikou.plans.services.entries import EntryDraft, MoneyDraft, UnitDraft, entry_add
from duikou.plans.services.plans import PlanDraft, plan_create, unserved_set
from duikou.plans.services.progress import entry_progress_set
from duikou.plans.services.sections import SectionDraft, section_save
from duikou.plans.services.signing import version_close, version_filed, version_issued, version_signed
from duikou.programme.models import Pairing

MARK = "（演示）"
NOTE = "<p>本文为演示数据，参照公开报道编写，不是官方文本。</p>"
_PARTS = {
    "goal": "<p>到2020年，双方在改革经验复制、产业合作、园区共建和干部交流等方面取得成果，建立稳定的工作机制。</p>",
    "scope": "<p>涵盖体制机制改革、产业合作、创新创业、平台载体四个方面。</p>",
    "tasks": "<p>重点任务分解为若干事项，逐项明确双方责任单位、目标和期限，见事项表。</p>",
    "projects": "<p>支持双方企业在先进装备制造、新材料、现代物流等领域实施合作项目。</p>",
    "schedule": "<ol><li>2017年：建立机制，编制方案。</li><li>2018—2019年：推进。</li><li>2020年：总结评估。</li></ol>",
    "safeguards": "<p>建立两市主要领导定期会商制度，设立工作专班，按年度编制计划和总结。</p>",
}
_Row = tuple[str, str, str, tuple[str, ...], tuple[str, ...], str]
_SHANGHAI: tuple[_Row, ...] = (
    (
        "复制推广自贸试验区改革经验",
        "3.1.1",
        "每年形成可复制清单",
        ("大连市商务局", "大连金普新区"),
        ("上海市商务委",),
        "",
    ),
    ("国有企业改革经验交流", "3.1.2", "组织交流3次以上", ("大连市国资委",), ("上海市国资委",), ""),
    ("先进装备制造业合作", "3.2.1", "推动重大装备配套合作", ("大连市工信局",), ("上海市经济信息化委",), "30000"),
    ("生产性服务业与航运物流合作", "3.2.4", "开通航运物流合作线路", ("大连市交通局",), ("上海市交通委",), ""),
    ("科技成果转化合作", "3.3.1", "共建技术转移平台", ("大连市科技局",), ("上海市科委",), "2000"),
    ("高校院所交流合作", "3.3.2", "签订校际合作协议", ("大连理工大学",), ("上海交通大学", "同济大学"), ""),
    ("功能区对接", "3.4.1", "金普新区与浦东新区结对", ("大连金普新区",), ("上海市浦东新区",), ""),
    ("合作园区共建", "3.4.2", "建设沪连合作园区1个", ("大连市发展改革委",), ("上海市发展改革委",), "120000"),
    ("干部人才挂职交流", "4.3", "每年互派挂职干部", ("大连市委组织部",), ("上海市委组织部",), ""),
)
_BEIJING: tuple[_Row, ...] = (
    ("京沈产业园区共建", "3.4.2", "启动园区建设", ("沈阳市发展改革委",), ("北京市发展改革委",), "80000"),
    ("科技创新资源对接", "3.3.1", "", ("沈阳市科技局",), (), ""),
    ("文化旅游合作", "3.2.5", "联合推介", (), ("北京市文化和旅游局",), ""),
)


@transaction.atomic
def plans_demonstrate(*, actor: Actor) -> int:
    """Make the demonstration's plans, once; returns how many. Raises `Conflict` outside demonstration mode."""
    if not settings.DEMONSTRATION:
        raise Conflict(_("演示数据只能在演示模式下建立。"))
    if Plan.objects.exists():
        return 0
    _dalian(actor)
    shenyang = _plan(_person("shenyang", actor), "shenyang-beijing", "沈阳市与北京市对口合作实施方案", with_text=False)
    for place, row in enumerate(_BEIJING):
        writer = _person("beijing" if place % 2 else "shenyang", actor)
        entry_add(actor=writer, version_id=shenyang.pk, draft=_entry(row, shenyang))
    return Plan.objects.count()


def _dalian(actor: Actor) -> None:
    dalian, shanghai = _person("dalian-lead", actor), _person("shanghai-lead", actor)
    phase = _plan(dalian, "dalian-shanghai", "大连市与上海市对口合作实施方案")
    for place, row in enumerate(_SHANGHAI):
        writer = shanghai if place % 2 else dalian
        entry_add(actor=writer, version_id=phase.pk, draft=_entry(row, phase))
    phase = _in_force(actor, dalian, phase, "发改振兴〔2018〕演示1号", dt.date(2018, 3, 17))
    for year in (2018, 2019):
        annual = _plan(dalian, "dalian-shanghai", f"{year}年沪连重点工作计划", year=year, parent=phase.plan)
        if year == 2018:
            entries_copy_down(actor=dalian, version_id=annual.pk)
            annual = _in_force(actor, dalian, annual, "沪连合作〔2018〕演示2号", dt.date(2018, 4, 1))
            entries = list(PlanEntry.objects.filter(version=annual).order_by("order"))
            for place, entry in enumerate(entries):
                state, note = ("done", "") if place < 7 else ("unfinished", "用地手续尚在办理")
                entry_progress_set(
                    actor=dalian, plan_id=annual.plan_id, uid=entry.uid, version=0, state=state, note=note
                )
        else:
            entries_carry_over(actor=shanghai, version_id=annual.pk)


def _person(username: str, fallback: Actor) -> Actor:
    rows = Membership.objects.select_related("account", "organisation", "region")
    found = rows.filter(account__username=username).order_by("id").first()
    return actor_of_membership(found) if found else fallback


def _plan(
    actor: Actor,
    pairing: str,
    title: str,
    *,
    year: int | None = None,
    parent: Plan | None = None,
    with_text: bool = True,
) -> PlanVersion:
    pair = Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code=pairing, programme__code=settings.PROGRAMME
    )
    draft = PlanDraft(pair, "phase", title + MARK, dt.date(2017, 3, 7), dt.date(2020, 12, 31))
    if year:
        draft = replace(draft, kind="annual", year=year, parent=parent, starts_on=None, ends_on=None)
    version = plan_create(actor=actor, draft=draft)
    for place, section in enumerate(content_of(version).sections):
        if with_text or place == 0:
            body = (NOTE if place == 0 else "") + _PARTS[section.part]
            words = SectionDraft(section.heading, body, section.part)
            section_save(actor=actor, version_id=version.pk, uid=uuid.UUID(section.uid), revision=1, draft=words)
    version.refresh_from_db()
    return version


def _entry(row: _Row, version: PlanVersion) -> EntryDraft:
    title, clause, target, first, second, wan = row
    names = {"first": first, "second": second}
    tasks = next((one for one in content_of(version).sections if one.part == "tasks"), None)
    return EntryDraft(
        title=title,
        measure=f"由双方责任单位共同推进{title}，每季度会商一次。",
        section=uuid.UUID(tasks.uid) if tasks else None,
        clauses=(clause,),
        target=target,
        starts_on=dt.date(2018, 1, 1),
        due_on=dt.date(2020, 12, 31),
        units=tuple(UnitDraft(side, name, place == 0) for side in names for place, name in enumerate(names[side])),
        money=(MoneyDraft("local", Money(Decimal(wan) * 10_000), "", "about"),) if wan else (),
    )


def _in_force(actor: Actor, author: Actor, version: PlanVersion, number: str, on: dt.date) -> PlanVersion:
    reasons = {task.clause.code: "由其他专项工作安排（演示）" for task in coverage(version).open}
    version = unserved_set(actor=author, version_id=version.pk, reasons=reasons)
    version = PlanVersion.objects.get(pk=version.pk)
    version_close(actor=author, version_id=version.pk, revision=version.revision)
    version_signed(actor=actor, version_id=version.pk)
    version_filed(actor=actor, version_id=version.pk)
    return version_issued(actor=actor, version_id=version.pk, document_number=number, in_force_on=on)
