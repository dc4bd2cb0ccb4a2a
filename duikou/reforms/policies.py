"""Who may do what with measures, adoptions, questions and counts, and the sentence for those who may not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, SIGNED_IN, Actor, ActorKind, Role
from duikou.kernel.permissions import check, declare
from duikou.kernel.verdict import Verdict
from duikou.programme.models import Region
from duikou.reforms.models import Adoption, CountStatement, ReformMeasure, Talk
from duikou.reforms.states import ADOPTIONS, FIRST_VERBS, MEASURES, AdoptionState, MeasureState, TalkKind

READ = declare("reforms.measure.read", roles=SIGNED_IN, reason=_("请先登录。"))
WRITE = declare(
    "reforms.measure.write",
    roles=OFFICE,
    reason=_("改革经验由来源地区的对口合作办公室登记和发布，您的岗位可以查看，不能修改。"),
)
ADOPT = declare(
    "reforms.adoption.write",
    roles=OFFICE,
    reason=_("关注、本地化和推广由另一侧地区的对口合作办公室登记，您的岗位可以查看。"),
)
REPORT = declare(
    "reforms.effect.write",
    roles={*OFFICE, Role.UNIT},
    reason=_("推广成效由推广地区的办公室或责任单位报告，您的岗位可以查看。"),
)
TALK = declare(
    "reforms.talk.write",
    roles={*OFFICE, Role.UNIT, Role.CADRE_OFFICER, Role.MINISTRY, Role.COORDINATOR, Role.CADRE_AUTHORITY},
    reason=_("您的岗位不能提问或提出意见。"),
)
CONTACT = declare(
    "reforms.contact.reveal",
    roles={*OFFICE, Role.UNIT, Role.COORDINATOR, Role.AUDITOR, Role.OPERATOR},
    reason=_("联系人信息供双方对口合作办公室、责任单位、统筹部门和审计查看。"),
)
COUNT = declare(
    "reforms.count.write",
    roles=OFFICE,
    reason=_("公布的推广数由推广地区的对口合作办公室登记，您的岗位可以查看。"),
)
COUNTS = declare(
    "reforms.count.read",
    roles=SIGNED_IN - {Role.MEMBER},
    reason=_("推广数的对照供政府部门查看。"),
)

COMMENTERS = frozenset({Role.MINISTRY, Role.COORDINATOR, Role.CADRE_AUTHORITY})
_NOT_YOURS = _("这个地区不在您负责的地区之内。")


def is_platform(actor: Actor) -> bool:
    """Whether a job or a command acts for the platform itself."""
    return actor.kind in {ActorKind.JOB, ActorKind.COMMAND}


def browse(actor: Actor) -> Verdict:
    """May `actor` read the library at all?"""
    if actor.role is Role.OPERATOR and actor.admin_mode_id is None and not is_platform(actor):
        return Verdict.no(_("系统管理员查看业务数据，须先进入限时的管理模式并写明理由。"))
    return check(actor, READ.code)


def acts_for(actor: Actor, region: Region) -> bool:
    """Whether the actor works in the office of this region or of one around it."""
    return actor.role in OFFICE and bool(actor.region_path) and region.path.startswith(actor.region_path)


def write(actor: Actor, origin: Region) -> Verdict:
    """May `actor` tell of practices of this region?"""
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, WRITE.code)
    if not role:
        return role
    return Verdict.yes() if acts_for(actor, origin) else Verdict.no(_("改革经验由来源地区的办公室登记和发布。"))


def edit(actor: Actor, measure: ReformMeasure) -> Verdict:
    """May `actor` change what is told? What was withdrawn or superseded stays as it is."""
    allowed = write(actor, measure.origin)
    if allowed and measure.state == MeasureState.SUPERSEDED:
        return Verdict.no(_("已被取代的经验不再修改，请修改取代它的经验。"))
    return allowed


def move(actor: Actor, measure: ReformMeasure, verb: str) -> Verdict:
    """May `actor` publish, withdraw or supersede it now?"""
    allowed = write(actor, measure.origin)
    if not allowed:
        return allowed
    if not MEASURES.allows(MeasureState(measure.state), verb):
        return Verdict.no(_("这项经验%(state)s，不能进行这一步。") % {"state": measure.state_label})
    return Verdict.yes()


def learn_for(actor: Actor, region: Region) -> Verdict:
    """May `actor` say at all what this region makes of measures?"""
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, ADOPT.code)
    if not role:
        return role
    return Verdict.yes() if acts_for(actor, region) else Verdict.no(_NOT_YOURS)


def adopt(
    actor: Actor, measure: ReformMeasure, region: Region, *, state: str, is_other_side: bool, verb: str
) -> Verdict:
    """May `actor` take this step for `region`? `state` is where its row stands, "" for none; `is_other_side`: the
    region stands on the side of the programme from which the measure does not come."""
    allowed = learn_for(actor, region)
    if not allowed:
        return allowed
    if not is_other_side:
        return Verdict.no(_("本方的经验供另一方的地区学习，本方地区不登记推广。"))
    if not state:
        if measure.state != MeasureState.PUBLISHED:
            return Verdict.no(_("这项经验%(state)s，不能再关注或推广。") % {"state": measure.state_label})
        return Verdict.yes() if verb in FIRST_VERBS else Verdict.no(_("还没有登记，不能进行这一步。"))
    if not ADOPTIONS.allows(AdoptionState(state), verb):
        return Verdict.no(_("当前状态不允许这一步操作。"))
    return Verdict.yes()


def report(actor: Actor, adoption: Adoption) -> Verdict:
    """May `actor` report what came of it? The office of the region and the unit that it charged may."""
    if not is_platform(actor):
        role = check(actor, REPORT.code)
        if not role:
            return role
        charged = adoption.unit_id is not None and adoption.unit_id == actor.organisation_id
        if not charged and not acts_for(actor, adoption.region):
            return Verdict.no(_("成效由推广地区的办公室或这项推广的责任单位报告。"))
    if adoption.adopted_on is None:
        return Verdict.no(_("登记推广之后才能报告成效。"))
    return Verdict.yes()


def talk(actor: Actor, measure: ReformMeasure, kind: str) -> Verdict:
    """May `actor` ask of this measure, or remark on it?"""
    role = check(actor, TALK.code)
    if not role:
        return role
    if measure.state == MeasureState.DRAFT:
        return Verdict.no(_("发布之后才能提问和提出意见。"))
    if kind == TalkKind.COMMENT and actor.role not in COMMENTERS and not is_platform(actor):
        return Verdict.no(_("意见由国家有关部门提出，地区请提问。"))
    if kind == TalkKind.QUESTION and actor.role in COMMENTERS:
        return Verdict.no(_("国家有关部门请提出意见。"))
    return Verdict.yes()


def reply(actor: Actor, thread: Talk) -> Verdict:
    """May `actor` answer in this thread? Whoever may talk at all and reads it may."""
    return check(actor, TALK.code)


def contact(actor: Actor, measure: ReformMeasure) -> Verdict:
    """May `actor` read the contact in full (each reading is logged)? Both sides call one another about a measure."""
    if is_platform(actor) or actor.admin_mode_id is not None:
        return Verdict.yes()
    if actor.role is Role.OPERATOR:
        return Verdict.no(_("系统管理员须先进入管理模式，才能查看联系人信息。"))
    return check(actor, CONTACT.code)


def state_count(actor: Actor, region: Region) -> Verdict:
    """May `actor` state how many measures this region adopted?"""
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, COUNT.code)
    if not role:
        return role
    return Verdict.yes() if acts_for(actor, region) else Verdict.no(_NOT_YOURS)


def withdraw_count(actor: Actor, statement: CountStatement) -> Verdict:
    """May `actor` withdraw the statement?"""
    allowed = state_count(actor, statement.region)
    if allowed and statement.withdrawn_at is not None:
        return Verdict.no(_("这一条已经撤销。"))
    return allowed


def measure_files(actor: Actor, measure_id: str) -> Verdict:
    """May `actor` add files to the measure? The office of its origin may."""
    found = ReformMeasure.objects.select_related("origin").filter(pk=_id(measure_id)).first()
    return edit(actor, found) if found else NOT_THERE


def adoption_files(actor: Actor, adoption_id: str) -> Verdict:
    """May `actor` add files to the adoption? The office of the region and the unit that it charged may."""
    found = Adoption.objects.select_related("region").filter(pk=_id(adoption_id)).first()
    if found is None:
        return NOT_THERE
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, REPORT.code)
    if not role:
        return role
    if acts_for(actor, found.region) or (found.unit_id is not None and found.unit_id == actor.organisation_id):
        return Verdict.yes()
    return Verdict.no(_("材料由推广地区的办公室或责任单位上传。"))


NOT_THERE = Verdict.no(_("没有找到这个页面或记录。"))


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
