"""Who is told of what: answers, units charged, measures withdrawn or superseded; and the daily round of what is due."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from duikou.flow.selectors import accounts_in
from duikou.flow.services.notices import Telling
from duikou.kernel.actor import OFFICE, Actor, Role
from duikou.kernel.clock import today
from duikou.reforms.models import Adoption, ReformMeasure, Talk
from duikou.reforms.services.waiting import BEFORE, TOLD, adaptation_waits, address, adoption_address, region_words
from duikou.reforms.states import AdoptionState, TalkKind

_MOVED = {
    "withdraw": gettext_noop("%(region)s撤回了改革经验“%(measure)s”"),
    "supersede": gettext_noop("%(region)s的改革经验“%(measure)s”已有新的做法取代"),
}
_STEPS = {
    "follow": gettext_noop("%(region)s关注了改革经验“%(measure)s”"),
    "adapt": gettext_noop("%(region)s开始对“%(measure)s”进行本地化"),
    "adopt": gettext_noop("%(region)s推广了改革经验“%(measure)s”"),
    "decline": gettext_noop("%(region)s决定不采用“%(measure)s”"),
    "end": gettext_noop("%(region)s停止执行“%(measure)s”"),
    "correct": gettext_noop("%(region)s撤销了“%(measure)s”的推广登记"),
}


def opened(talk_id: int) -> Telling | None:
    """The people of the owner organisation are told of a question or remark; the office has it waiting."""
    talk = Talk.objects.select_related("measure").filter(pk=talk_id).first()
    if talk is None or talk.measure.owner_id is None:
        return None
    title = {
        TalkKind.QUESTION.value: gettext_noop("关于“%(measure)s”有新的提问：%(text)s"),
        TalkKind.COMMENT.value: gettext_noop("关于“%(measure)s”有新的意见：%(text)s"),
    }[talk.kind]
    people = accounts_in(roles=[Role.UNIT, *OFFICE], organisation_ids=[talk.measure.owner_id])
    return _of_talk(talk, talk, title, people)


def replied(talk_id: int) -> Telling | None:
    """Who asked, and the office they asked for, are told of an answer."""
    talk = Talk.objects.select_related("measure__origin", "parent__region").filter(pk=talk_id).first()
    if talk is None or talk.parent is None:
        return None
    people = {talk.parent.account_id} if talk.parent.account_id is not None else set()
    if talk.parent.region is not None:
        people |= set(accounts_in(roles=OFFICE, region_paths=[talk.parent.region.path]))
    if not talk.is_owner:
        people |= set(accounts_in(roles=OFFICE, region_paths=[talk.measure.origin.path]))
    people.discard(talk.account_id)
    return _of_talk(talk, talk.parent, gettext_noop("关于“%(measure)s”有新的答复：%(text)s"), sorted(people))


def _of_talk(talk: Talk, thread: Talk, title: str, people: list[int]) -> Telling:
    params = {"measure": talk.measure.title[:80], "text": talk.text[:80]}
    return Telling(f"talk:{talk.pk}", TOLD, title, f"{address(talk.measure)}#talk-{thread.pk}", people, params)


def moved(measure_id: int, verb: str) -> Telling | None:
    """Offices of regions that follow, adapt or adopted a measure are told that it is withdrawn or superseded."""
    if verb not in _MOVED:
        return None
    measure = ReformMeasure.objects.select_related("origin").filter(pk=measure_id).first()
    if measure is None:
        return None
    rows = Adoption.objects.filter(measure=measure).exclude(state=AdoptionState.DECLINED)
    paths = list(rows.values_list("region__path", flat=True))
    people = accounts_in(roles=OFFICE, region_paths=paths) if paths else []
    params = {"region": region_words(measure.origin), "measure": measure.title[:80]}
    return Telling(f"measure:{measure.pk}:{verb}", TOLD, _MOVED[verb], address(measure), people, params)


def stepped(adoption_id: int, verb: str) -> list[Telling]:
    """The office of the measure's origin is told of every step, a charged unit of what it has to do."""
    related = ("measure__origin", "region")
    row = Adoption.objects.select_related(*related).filter(pk=adoption_id).first()
    if row is None:
        return []
    params = {"region": region_words(row.region), "measure": row.measure.title[:80]}
    key, where = f"adoption:{row.pk}:{row.revision}", adoption_address(row)
    people = accounts_in(roles=OFFICE, region_paths=[row.measure.origin.path])
    found = [Telling(key, TOLD, _STEPS[verb], where, people, params)]
    if verb == "adapt" and row.unit_id is not None:
        title = gettext_noop("您单位负责“%(measure)s”在%(region)s的本地化")
        charged = accounts_in(roles=[Role.UNIT, *OFFICE], organisation_ids=[row.unit_id])
        found.append(Telling(f"{key}:unit", TOLD, title, where, charged, params))
    return found


def due_tick() -> int:
    """Let adaptations that fall due within a month wait for whoever owes them; returns how many rows were looked at."""
    rows = Adoption.objects.filter(state=AdoptionState.ADAPTING, planned_on__lte=today() + BEFORE)
    found = list(rows.select_related("measure", "region").order_by("planned_on", "id")[:5000])
    for row in found:
        adaptation_waits(actor=Actor.job("reforms.due"), adoption=row)
    return len(found)
