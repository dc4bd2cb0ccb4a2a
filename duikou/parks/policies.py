"""Who may do what with parks, residents and the two columns of figures, and the sentence for those who may not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, SIGNED_IN, Actor, ActorKind, Role
from duikou.kernel.permissions import check, declare
from duikou.kernel.verdict import Verdict
from duikou.parks.models import AgreedSplit, OfficialFigure, Park, ParkAgreement, Resident
from duikou.parks.states import OPEN_REVIEW, RESIDENT, REVIEW, ResidentState, ReviewState, Side
from duikou.projects.models import Project
from duikou.projects.policies import side_of

READ = declare("parks.park.read", roles=SIGNED_IN, reason=_("请先登录。"))
WRITE = declare(
    "parks.park.write", roles=OFFICE, reason=_("园区信息和协议由两侧的对口合作办公室登记，您的岗位可以查看。")
)
ENTER = declare(
    "parks.figure.write",
    roles={*OFFICE, Role.UNIT, Role.MEMBER},
    reason=_("企业和数据由园区的填报单位或两侧办公室登记，您的岗位可以查看。"),
)
REVIEW_RIGHT = declare(
    "parks.figure.review", roles=OFFICE, reason=_("数据由园区所在一侧的对口合作办公室审核，您的岗位可以查看。")
)


def is_platform(actor: Actor) -> bool:
    """Whether a job or a command acts for the platform itself."""
    return actor.kind in {ActorKind.JOB, ActorKind.COMMAND}


def browse(actor: Actor) -> Verdict:
    """May `actor` read parks at all?"""
    if actor.role is Role.OPERATOR and actor.admin_mode_id is None and not is_platform(actor):
        return Verdict.no(_("系统管理员查看业务数据，须先进入限时的管理模式并写明理由。"))
    return check(actor, READ.code)


def side_in(actor: Actor, project: Project) -> Side | None:
    """On which side of the project an office stands; the first when it covers both."""
    found = side_of(actor, project.first_region, project.second_region).value
    return Side(found) if found in Side.values else None


def stands_on(actor: Actor, park: Park, side: str) -> bool:
    """Whether an office acts for this very side (one that covers both acts for either)."""
    project = park.project
    region = project.first_region if side == Side.FIRST else project.second_region
    covers = region is not None and bool(actor.region_path) and region.path.startswith(actor.region_path)
    return actor.role in OFFICE and covers


def manages(actor: Actor, park: Park) -> bool:
    """Whether the actor works for the organisation that enters the park's data."""
    posts = {Role.UNIT, Role.MEMBER}
    return actor.role in posts and actor.organisation_id is not None and actor.organisation_id == park.manager_id


def open_park(actor: Actor, project: Project) -> Verdict:
    """May `actor` open the park's page of this project?"""
    if project.kind is None or not project.kind.park:
        return Verdict.no(_("这一类别的项目没有园区页。"))
    return _office(actor, project)


def write(actor: Actor, park: Park) -> Verdict:
    """May `actor` change facts and agreements of the park? The offices of its two sides may."""
    return _office(actor, park.project)


def _office(actor: Actor, project: Project) -> Verdict:
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, WRITE.code)
    if not role:
        return role
    if side_in(actor, project) is None:
        return Verdict.no(_("园区两侧的地区都不在您负责的地区之内。"))
    return Verdict.yes()


def enter(actor: Actor, park: Park) -> Verdict:
    """May `actor` register companies and enter official figures? The managing party and the two offices may."""
    if is_platform(actor) or manages(actor, park):
        return Verdict.yes()
    role = check(actor, ENTER.code)
    if not role:
        return role
    if actor.role in OFFICE and side_in(actor, park.project) is not None:
        return Verdict.yes()
    return Verdict.no(_("企业和数据由园区的填报单位或两侧办公室登记。"))


def move(actor: Actor, resident: Resident, verb: str) -> Verdict:
    """May `actor` take this step of a company's stay?"""
    allowed = enter(actor, resident.park)
    if not allowed:
        return allowed
    if not RESIDENT.allows(ResidentState(resident.state), verb):
        return Verdict.no(_("企业%(state)s，不能进行这一步。") % {"state": resident.state_label})
    return Verdict.yes()


def edit_figure(actor: Actor, figure: OfficialFigure) -> Verdict:
    """May `actor` change this row? Only drafts change; what was submitted is returned first, what was accepted is
    corrected by a new row."""
    allowed = enter(actor, figure.park)
    if not allowed:
        return allowed
    if figure.state == ReviewState.SUBMITTED:
        return Verdict.no(_("数据已提交审核，退回之后才能修改。"))
    if figure.state not in OPEN_REVIEW:
        return Verdict.no(_("数据已经审核，不再修改；有误请登记更正。"))
    return Verdict.yes()


def review(actor: Actor, park: Park) -> Verdict:
    """May `actor` accept or return official figures? The office of the side where the park lies may."""
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, REVIEW_RIGHT.code)
    if not role:
        return role
    if not stands_on(actor, park, park.side):
        return Verdict.no(_("在地数据由园区所在一侧的办公室审核，您方可以查看。"))
    return Verdict.yes()


def split_step(actor: Actor, split: AgreedSplit, verb: str) -> Verdict:
    """May `actor` submit, accept, return or drop this split? One side's office makes it, the other's accepts."""
    allowed = write(actor, split.park)
    if not allowed:
        return allowed
    other = Side.SECOND if split.made_by_side == Side.FIRST else Side.FIRST
    if verb in ("submit", "drop") and not _acts_for(actor, split.park, split.made_by_side):
        return Verdict.no(_("分成由对方编制，提交之后由您方确认或退回。"))
    if verb in ("accept", "return") and not _acts_for(actor, split.park, other):
        return Verdict.no(_("分成由您方编制，应由对方确认或退回。"))
    state = ReviewState(split.state)
    if verb == "drop":
        return Verdict.yes() if state is ReviewState.DRAFT else Verdict.no(_("只能删除草稿。"))
    if not REVIEW.allows(state, verb):
        return Verdict.no(_("分成%(state)s，不能进行这一步。") % {"state": split.state_label})
    return Verdict.yes()


def _acts_for(actor: Actor, park: Park, side: str) -> bool:
    return is_platform(actor) or stands_on(actor, park, side)


def park_files(actor: Actor, park_id: str) -> Verdict:
    """May `actor` add files to the park?"""
    found = Park.objects.select_related(*_SIDES).filter(pk=_id(park_id)).first()
    return write(actor, found) if found else NOT_THERE


def agreement_files(actor: Actor, agreement_id: str) -> Verdict:
    """May `actor` add files to the agreement?"""
    rows = ParkAgreement.objects.select_related(*(f"park__{name}" for name in _SIDES))
    found = rows.filter(pk=_id(agreement_id)).first()
    return write(actor, found.park) if found else NOT_THERE


_SIDES = ("project__first_region", "project__second_region")
NOT_THERE = Verdict.no(_("没有找到这个页面或记录。"))


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
