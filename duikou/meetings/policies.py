"""Who may do what with meetings, minutes and action items, and the sentence for those who may not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, SIGNED_IN, Actor, ActorKind, Role
from duikou.kernel.permissions import check, declare
from duikou.kernel.verdict import Verdict
from duikou.meetings.models import ActionItem, Meeting, MinutesVersion
from duikou.meetings.states import (
    ACTIONS,
    LIFECYCLE,
    SEALED,
    ActionState,
    Host,
    MeetingState,
    MinutesState,
    Side,
)
from duikou.programme.models import Pairing

READ = declare("meetings.meeting.read", roles=SIGNED_IN, reason=_("请先登录。"))
WRITE = declare(
    "meetings.meeting.write",
    roles=OFFICE,
    reason=_("会议由双方的对口合作办公室安排和记录，您的岗位可以查看，不能修改。"),
)
ACT = declare(
    "meetings.action.write",
    roles={*OFFICE, Role.UNIT},
    reason=_("议定事项由责任单位报告、由交办方办公室确认，您的岗位可以查看。"),
)
FEED = declare("meetings.feed.write", roles=SIGNED_IN - {Role.MEMBER, Role.OPERATOR}, reason=_("您的岗位没有日历。"))


def is_platform(actor: Actor) -> bool:
    """Whether a job or a command acts for the platform itself."""
    return actor.kind in {ActorKind.JOB, ActorKind.COMMAND}


def browse(actor: Actor) -> Verdict:
    """May `actor` read meetings at all?"""
    if actor.role is Role.OPERATOR and actor.admin_mode_id is None and not is_platform(actor):
        return Verdict.no(_("系统管理员查看业务数据，须先进入限时的管理模式并写明理由。"))
    if actor.role is Role.MEMBER:
        return Verdict.no(_("会议和纪要由双方政府部门记录和查看。"))
    return check(actor, READ.code)


def side_of(actor: Actor, pairing: Pairing) -> Side | None:
    """On which side an office stands; the first when its region covers both; None on neither."""
    if actor.role not in OFFICE or not actor.region_path:
        return None
    if pairing.first_region.path.startswith(actor.region_path):
        return Side.FIRST
    if pairing.second_region is not None and pairing.second_region.path.startswith(actor.region_path):
        return Side.SECOND
    return None


def stands_on(actor: Actor, pairing: Pairing, side: str) -> bool:
    """Whether an office acts for this very side (one that covers both acts for either)."""
    region = pairing.first_region if side == Side.FIRST else pairing.second_region
    covers = region is not None and bool(actor.region_path) and region.path.startswith(actor.region_path)
    return actor.role in OFFICE and covers


def create(actor: Actor, pairing: Pairing) -> Verdict:
    """May `actor` plan a meeting, or a mechanism, of this pairing?"""
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, WRITE.code)
    if not role:
        return role
    if side_of(actor, pairing) is None:
        return Verdict.no(_("这一对口关系的两侧都不在您负责的地区之内。"))
    return Verdict.yes()


def change(actor: Actor, meeting: Meeting, *, is_correcting: bool = False) -> Verdict:
    """May `actor` change the facts, agenda or attendance? Both sides may until the minutes are sent for signing.

    `is_correcting`: a correction of signed minutes is being drafted; then their facts may be put right as well.
    """
    allowed = create(actor, meeting.pairing)
    if not allowed:
        return allowed
    state = MeetingState(meeting.state)
    if state is MeetingState.CANCELLED:
        return Verdict.no(_("会议已取消。"))
    if state is MeetingState.IN_SIGNOFF:
        return Verdict.no(_("纪要正在会签，会议信息不能修改；撤回或退回之后才能再改。"))
    if state is MeetingState.SIGNED and not is_correcting:
        return Verdict.no(_("纪要已经双方签署，会议信息不再改变；有误请更正纪要。"))
    return Verdict.yes()


def step(actor: Actor, meeting: Meeting, verb: str) -> Verdict:
    """May `actor` take this step of the meeting's life now?"""
    allowed = create(actor, meeting.pairing)
    if not allowed:
        return allowed
    if not LIFECYCLE.allows(MeetingState(meeting.state), verb):
        return Verdict.no(_("会议%(state)s，不能进行这一步。") % {"state": meeting.state_label})
    return Verdict.yes()


def hosts(actor: Actor, meeting: Meeting) -> Verdict:
    """May `actor` write the minutes? The side that invites does; both do where both invite."""
    allowed = create(actor, meeting.pairing)
    if not allowed or is_platform(actor):
        return allowed
    if meeting.host == Host.BOTH or stands_on(actor, meeting.pairing, meeting.host):
        return Verdict.yes()
    return Verdict.no(_("纪要由主办方起草，送签后由您方核对、签署或退回。"))


def begin_minutes(actor: Actor, meeting: Meeting, *, is_there: bool) -> Verdict:
    """May `actor` begin the minutes? `is_there`: a version exists already."""
    allowed = hosts(actor, meeting)
    if not allowed:
        return allowed
    if is_there:
        return Verdict.no(_("纪要已经开始起草。"))
    if meeting.state != MeetingState.HELD:
        return Verdict.no(_("会议召开之后才能起草纪要。"))
    return Verdict.yes()


def write_minutes(actor: Actor, version: MinutesVersion) -> Verdict:
    """May `actor` change what these minutes say? The host may, while they are a draft."""
    allowed = hosts(actor, version.meeting)
    if not allowed:
        return allowed
    state = MinutesState(version.state)
    if state is MinutesState.IN_SIGNOFF:
        return Verdict.no(_("纪要正在会签，不能修改；撤回或退回之后才能再改。"))
    if version.state in SEALED:
        return Verdict.no(_("纪要已经双方签署，不再改变；有误请更正为新的一版。"))
    if state is MinutesState.ABANDONED:
        return Verdict.no(_("这一版已经放弃。"))
    return Verdict.yes()


def correct_minutes(actor: Actor, version: MinutesVersion, *, is_open: bool) -> Verdict:
    """May `actor` open a correction of these minutes? `is_open`: another version is on its way."""
    allowed = hosts(actor, version.meeting)
    if not allowed:
        return allowed
    if version.state != MinutesState.SIGNED:
        return Verdict.no(_("只能更正双方已经签署的纪要。"))
    if is_open:
        return Verdict.no(_("已有一版更正正在起草或会签。"))
    return Verdict.yes()


def owns(actor: Actor, item: ActionItem) -> bool:
    """Whether the item waits for this actor: the person, the organisation, or the office of the side that owes it."""
    if item.account_id is not None and item.account_id == actor.account_id:
        return True
    if item.organisation_id is not None and item.organisation_id == actor.organisation_id:
        return True
    return stands_on(actor, item.pairing, item.owner_side)


def act(actor: Actor, item: ActionItem, verb: str) -> Verdict:
    """May `actor` report, close, return or drop this item now?"""
    if not is_platform(actor):
        role = check(actor, ACT.code)
        if not role:
            return role
        if verb == "report" and not owns(actor, item):
            return Verdict.no(_("这一事项由另一方或另一个单位办理。"))
        if verb != "report" and not stands_on(actor, item.pairing, item.given_side):
            return Verdict.no(_("由交办方的办公室确认办结、退回或不再办理。"))
    if not ACTIONS.allows(ActionState(item.state), verb):
        return Verdict.no(_("事项%(state)s，不能进行这一步。") % {"state": item.state_label})
    return Verdict.yes()


def meeting_files(actor: Actor, meeting_id: str) -> Verdict:
    """May `actor` add files to the meeting? Both sides' offices may, at any time."""
    related = ("pairing__first_region", "pairing__second_region")
    found = Meeting.objects.select_related(*related).filter(pk=_id(meeting_id)).first()
    return create(actor, found.pairing) if found else NOT_THERE


def action_files(actor: Actor, action_id: str) -> Verdict:
    """May `actor` add files to the action item? Its owner and both sides' offices may."""
    related = ("pairing__first_region", "pairing__second_region")
    found = ActionItem.objects.select_related(*related).filter(pk=_id(action_id)).first()
    if found is None:
        return NOT_THERE
    role = check(actor, ACT.code)
    return role if not role or owns(actor, found) else create(actor, found.pairing)


NOT_THERE = Verdict.no(_("没有找到这个页面或记录。"))


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
