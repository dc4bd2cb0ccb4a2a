"""Practices to try the product with: what a public source says is named with it, the rest is made up and marked so."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access.models import Membership, Organisation
from duikou.access.selectors import actor_of_membership
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict
from duikou.programme.models import Clause, Programme, Region, Topic
from duikou.reforms.models import Adoption, ReformMeasure
from duikou.reforms.services.adoptions import AdoptionDraft, adoption_step
from duikou.reforms.services.effects import EffectDraft
from duikou.reforms.services.measures import MeasureDraft, measure_create, measure_publish
from duikou.reforms.services.talks import talk_add, talk_reply

NOTE = "<p>来源地区、日期、文件和推广情况均为演示数据，不是事实。</p>"
SHANGHAI, BEIJING, SHENZHEN = "310000", "110000", "440300"
DALIAN, SHENYANG, HARBIN = "210200", "210100", "230100"


@transaction.atomic
def reforms_demonstrate(*, actor: Actor) -> int:
    """Make the demonstration's practices, once; returns how many. Raises `Conflict` outside demonstration mode."""
    if not settings.DEMONSTRATION:
        raise Conflict(_("演示数据只能在演示模式下建立。"))
    programme = Programme.objects.filter(code=settings.PROGRAMME).first()
    wanted = {SHANGHAI, BEIJING, SHENZHEN, DALIAN, SHENYANG, HARBIN}
    regions = {row.adcode: row for row in Region.objects.filter(adcode__in=wanted)}
    if ReformMeasure.objects.exists() or programme is None or wanted - regions.keys():
        return 0
    if not Topic.objects.filter(programme=programme, code="administration", retired_in=None).exists():
        return 0
    demonstration = _Demonstration(actor, programme, regions)
    demonstration.reported()
    demonstration.made_up()
    return ReformMeasure.objects.count()


class _Demonstration:
    def __init__(self, platform: Actor, programme: Programme, regions: dict[str, Region]) -> None:
        self.platform, self.programme, self.regions = platform, programme, regions

    def reported(self) -> None:
        """What the public records (packs/demo) say was learned, each with its source."""
        pudong = self._measure(
            SHANGHAI,
            "浦东新区6方面54项改革经验",
            "administration",
            "<p>据国际在线2019年报道：大连市吸纳浦东6方面54项经验，取消调整职权487项；"
            "审批事项精简26.9%，承诺时限压至30.6%。</p><p>发布日期和本地文件为演示数据。</p>",
            dt.date(2018, 6, 1),
            source_name="国际在线",
        )
        self._adopt(pudong, DALIAN, dt.date(2019, 6, 30), source_name="国际在线")
        shenzhen = self._measure(
            SHENZHEN,
            "深圳政策“带土移植”“离土移植”",
            "policy_exchange",
            "<p>据科技日报等2024年转载：深圳政策“带土移植”“离土移植”129项，跨省通办2744事项（累计）。</p>"
            "<p>发布日期和推广日期为演示数据。</p>",
            dt.date(2020, 9, 1),
            source_name="科技日报等转载",
        )
        self._adopt(shenzhen, HARBIN, dt.date(2021, 7, 1), source_name="科技日报等转载")

    def made_up(self) -> None:
        """Practices that clause 3.1.1 names, told by Beijing and learned by Shenyang: all of it made up."""
        commitment = self._measure(
            BEIJING,
            "企业投资项目承诺制（演示）",
            "investment_commitment",
            "<p>方案三（一）1提出加快推进企业投资项目承诺制试点。</p>" + NOTE,
            today() - dt.timedelta(days=400),
        )
        effect = EffectDraft(None, "审批环节减少（演示）")
        self._adopt(commitment, SHENYANG, today() - dt.timedelta(days=190), effect=effect)
        self._step(commitment, DALIAN, "follow", AdoptionDraft(is_demonstration=True))
        access = self._measure(
            BEIJING,
            "市场准入负面清单制度（演示）",
            "market_access",
            "<p>方案三（一）1提出加快推进市场准入负面清单制度等试点。</p>" + NOTE,
            today() - dt.timedelta(days=120),
        )
        unit = Organisation.objects.filter(memberships__account__username="unit").order_by("id").first()
        plan = AdoptionDraft(
            unit=unit if unit and unit.region.path.startswith(self.regions[SHENYANG].path) else None,
            planned_on=today() + dt.timedelta(days=20),
            differences="先在一个园区试行（演示）",
            is_demonstration=True,
        )
        self._step(access, SHENYANG, "adapt", plan)
        asker, owner = self._person(SHENYANG), self._person(BEIJING)
        if asker.is_person and owner.is_person:
            asked = talk_add(actor=asker, measure_id=access.pk, text="清单以外的事项由谁解释？（演示）")
            talk_reply(actor=owner, talk_id=asked.pk, text="由清单的发布单位解释。（演示）")
            talk_add(actor=asker, measure_id=access.pk, text="清单多久更新一次？（演示）")
        self._measure(
            BEIJING,
            "科技成果处置权、收益权和股权激励（演示）",
            "research_results",
            "<p>方案三（三）1鼓励复制科技成果处置权、收益权、股权激励等方面的经验做法。</p>" + NOTE,
            today() - dt.timedelta(days=15),
        )

    def _measure(self, origin: str, title: str, topic: str, summary: str, on: dt.date, **given: Any) -> ReformMeasure:
        found = Topic.objects.prefetch_related("clauses").get(programme=self.programme, code=topic)
        clauses: tuple[Clause, ...] = tuple(found.clauses.all())
        person = self._person(origin)
        draft = MeasureDraft(
            programme=self.programme,
            title=title,
            origin=self.regions[origin],
            topic=found,
            clauses=clauses,
            summary=summary,
            document_title="" if "source_name" in given else "演示文件（演示）",
            **given,
        )
        made = measure_create(actor=person, draft=draft, is_demonstration=True)
        return measure_publish(actor=person, measure_id=made.pk, published_on=on)

    def _adopt(self, measure: ReformMeasure, region: str, on: dt.date, **given: Any) -> None:
        words = "演示材料：不是真实文件。\n"
        file = SimpleUploadedFile("演示材料.txt", f"{words}{measure.title}".encode())
        title = f"{self.regions[region].name}推广文件（演示）"
        draft = AdoptionDraft(adopted_on=on, document_title=title, file=file, is_demonstration=True, **given)
        self._step(measure, region, "adopt", draft)

    def _step(self, measure: ReformMeasure, region: str, verb: str, draft: AdoptionDraft) -> Adoption:
        return adoption_step(
            actor=self._person(region), measure_id=measure.pk, region=self.regions[region], verb=verb, draft=draft
        )

    def _person(self, adcode: str) -> Actor:
        """Somebody of the office of that place, else the platform."""
        rows = Membership.objects.select_related("account", "organisation", "region")
        office = rows.filter(account__is_demonstration=True, region__adcode=adcode, role__startswith="office_")
        found = office.order_by("id").first()
        return actor_of_membership(found) if found else self.platform
