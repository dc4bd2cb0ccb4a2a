"""Requests to try the product with: made up, marked as such, on the demonstration's records, never in production."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from duikou.access.models import Membership
from duikou.access.selectors import actor_of_membership
from duikou.greenchannel.models import GreenChannelRequest, RequestStep
from duikou.greenchannel.services.raising import RequestDraft, request_raise
from duikou.greenchannel.services.rules import RuleDraft, rule_set
from duikou.greenchannel.services.steps import request_step
from duikou.greenchannel.services.ticking import requests_tick
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict
from duikou.programme.models import BlockerKind
from duikou.projects.models import Project

MARK = "演示："
NOTE = "（演示数据，不涉及真实单位的真实情况。）"
PEOPLE = ("shenyang", "shenyang-lead", "beijing", "beijing-lead", "unit")


@transaction.atomic
def requests_demonstrate(*, actor: Actor) -> int:
    """Make the demonstration's requests, once; returns how many. Raises `Conflict` outside demonstration mode."""
    if not settings.DEMONSTRATION:
        raise Conflict(_("演示数据只能在演示模式下建立。"))
    projects = Project.objects.filter(
        pairing__code="shenyang-beijing", pairing__programme__code=settings.PROGRAMME, merged_into=None
    )
    found = list(projects.select_related("programme", "first_region").order_by("id")[:4])
    people = {name: post for name in PEOPLE if (post := _post(name)) is not None}
    if GreenChannelRequest.objects.exists() or len(found) < 4 or len(people) < len(PEOPLE):
        return 0
    _rule(found[0], people)
    who = {name: actor_of_membership(post) for name, post in people.items()}
    working = _raised(who["shenyang"], found[0], "land", "first", "二期用地指标尚未落实")
    _step(who["shenyang-lead"], working, "accept", "已与自然资源部门对接")
    _step(who["shenyang-lead"], working, "note", "指标已列入本年度计划，正在办理")
    waiting = _raised(who["beijing"], found[1], "approval", "first", "环评批复尚未取得")
    _step(who["unit"], waiting, "accept", "")
    _step(who["unit"], waiting, "propose", "批复已印发，请确认")
    _earlier(_raised(who["shenyang"], found[2], "finance", "second", "项目贷款尚未放款"), 45)
    solved = _raised(who["beijing"], found[3], "energy", "first", "用电增容申请未批")
    _step(who["shenyang-lead"], solved, "accept", "")
    _earlier(solved, 12)
    _step(who["shenyang-lead"], solved, "propose", "供电部门已批复增容方案")
    _step(who["beijing"], solved, "agree", "已接电")
    requests_tick()
    return GreenChannelRequest.objects.count()


def _post(username: str) -> Membership | None:
    rows = Membership.objects.live().select_related("account", "organisation", "region")
    return rows.filter(account__username=username).order_by("id").first()


def _rule(project: Project, people: dict[str, Membership]) -> None:
    unit = people["unit"]
    kind = BlockerKind.objects.get(programme=project.programme, code="approval")
    draft = RuleDraft(project.programme, project.first_region, kind, unit.organisation, unit, people["shenyang"])
    rule_set(actor=actor_of_membership(people["shenyang-lead"]), draft=draft)


def _raised(who: Actor, project: Project, kind: str, side: str, title: str) -> GreenChannelRequest:
    draft = RequestDraft(
        project.pk,
        BlockerKind.objects.get(programme=project.programme, code=kind).pk,
        side,
        MARK + title,
        today() + dt.timedelta(days=30),
        needed=NOTE,
    )
    return request_raise(actor=who, draft=draft)


def _step(who: Actor, request: GreenChannelRequest, verb: str, text: str) -> None:
    seen = GreenChannelRequest.objects.values_list("revision", flat=True).get(pk=request.pk)
    request_step(actor=who, request_id=request.pk, revision=seen, verb=verb, text=text)


def _earlier(request: GreenChannelRequest, days: int) -> None:
    """As if all of it had happened so many days ago."""
    back = dt.timedelta(days=days)
    rows = GreenChannelRequest.objects.filter(pk=request.pk)
    rows.update(started_on=F("started_on") - back, due_on=F("due_on") - back, raised_at=F("raised_at") - back)
    RequestStep.objects.filter(request=request).update(at=F("at") - back)
