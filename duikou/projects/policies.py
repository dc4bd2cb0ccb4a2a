"""Who may do what with projects, and the sentence for those who may not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, SIGNED_IN, Actor, ActorKind, Role
from duikou.kernel.permissions import check, declare
from duikou.kernel.verdict import Verdict
from duikou.programme.models import Region
from duikou.projects.models import Project
from duikou.projects.states import REPORTING, Opinion, Side

READ = declare("projects.project.read", roles=SIGNED_IN, reason=_("请先登录。"))
WRITE = declare(
    "projects.project.write",
    roles=OFFICE,
    reason=_("项目由两侧的对口合作办公室填报，您的岗位可以查看，不能修改。"),
)
PUBLISH = declare(
    "projects.project.publish",
    roles={Role.OFFICE_LEAD},
    reason=_("公开项目由对口合作办公室负责人决定；您可以按“仅本对口关系”登记或导入。"),
)
FOLLOW = declare("projects.follow.write", roles=SIGNED_IN, reason=_("请先登录。"))
STATISTIC = declare(
    "projects.statistic.write",
    roles={*OFFICE, Role.COORDINATOR},
    reason=_("公开统计由对口合作办公室或统筹部门登记。"),
)
WORDING = declare(
    "projects.wording.edit", roles={Role.COORDINATOR}, reason=_("状态用语对照表由统筹部门维护，全国使用同一张表。")
)


def is_platform(actor: Actor) -> bool:
    """Whether a job or a command acts for the platform itself."""
    return actor.kind in {ActorKind.JOB, ActorKind.COMMAND}


def browse(actor: Actor) -> Verdict:
    """May `actor` read business data at all?"""
    if actor.role is Role.OPERATOR and actor.admin_mode_id is None and not is_platform(actor):
        return Verdict.no(_("系统管理员查看业务数据，须先进入限时的管理模式并写明理由。"))
    return check(actor, READ.code)


def publish(actor: Actor) -> Verdict:
    """May `actor` make a whole file of records visible to everybody signed in?"""
    return Verdict.yes() if is_platform(actor) else check(actor, PUBLISH.code)


def side_of(actor: Actor, first: Region, second: Region | None) -> Side:
    """On which side an office stands; the first when it covers both."""
    if actor.role not in OFFICE or not actor.region_path:
        return Side.NONE
    if first.path.startswith(actor.region_path):
        return Side.FIRST
    if second is not None and second.path.startswith(actor.region_path):
        return Side.SECOND
    return Side.NONE


def create(actor: Actor, first: Region, second: Region | None) -> Verdict:
    """May `actor` register a project between these two regions?"""
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, WRITE.code)
    if not role:
        return role
    if side_of(actor, first, second) is Side.NONE:
        return Verdict.no(_("项目两侧的地区都不在您负责的地区之内。"))
    return Verdict.yes()


def edit(actor: Actor, project: Project) -> Verdict:
    """May `actor` change the facts or the state of this project? The offices of its two sides may."""
    if project.merged_into_id is not None:
        return Verdict.no(_("这个项目已并入另一个项目，不能再修改。"))
    return create(actor, project.first_region, project.second_region)


def give_opinion(actor: Actor, project: Project) -> Verdict:
    """May `actor` confirm or contest what the other side reported?"""
    allowed = edit(actor, project)
    if not allowed:
        return allowed
    side = side_of(actor, project.first_region, project.second_region)
    own, other = (
        (project.reported_by_first_at, project.reported_by_second_at)
        if side is Side.FIRST
        else (project.reported_by_second_at, project.reported_by_first_at)
    )
    if side is Side.NONE:
        return Verdict.no(_("只有项目两侧的办公室可以确认或提出异议。"))
    if other is None and own is not None:
        return Verdict.no(_("项目由本侧填报，应由对方确认。"))
    if project.opinion == Opinion.CONTESTED and project.opinion_by not in ("", side.value):
        return Verdict.no(_("异议由对方提出，更正之后由对方确认；您可以修改数据。"))
    return Verdict.yes()


def contest_figure(actor: Actor, project: Project) -> Verdict:
    """May `actor` say that a figure is another, or answer who says so? Both offices, once both are in it."""
    allowed = edit(actor, project)
    if not allowed:
        return allowed
    side = side_of(actor, project.first_region, project.second_region)
    if side is Side.NONE:
        return Verdict.no(_("只有项目两侧的办公室可以确认或提出异议。"))
    first, second = project.reported_by_first_at, project.reported_by_second_at
    own, other = (first, second) if side is Side.FIRST else (second, first)
    if own is not None and other is None and not project.contested:
        return Verdict.no(_("项目只由本侧填报，数据有误请直接修改。"))
    return Verdict.yes()


def link_party(actor: Actor, project: Project, side: str) -> Verdict:
    """May `actor` say which organisation a party of `side` is, and so let it see the project? Its own office may."""
    allowed = edit(actor, project)
    if not allowed or is_platform(actor):
        return allowed
    own = side_of(actor, project.first_region, project.second_region)
    if side not in (Side.NONE, own):
        return Verdict.no(_("关联主体会让它看到这个项目，由该单位所在一侧的办公室决定。"))
    return Verdict.yes()


def take_part(actor: Actor, project: Project) -> Verdict:
    """May `actor` report on this project: the offices of its two sides, and organisations that lead or cooperate in it?

    Other rooms ask this for what parties bring (monthly reports, blockers, figures); one query for units and members.
    """
    if project.merged_into_id is not None:
        return Verdict.no(_("这个项目已并入另一个项目，不能再修改。"))
    if actor.role in OFFICE or is_platform(actor):
        return edit(actor, project)
    if actor.role in {Role.UNIT, Role.MEMBER} and actor.organisation_id is not None:
        mine = project.parties.filter(organisation_id=actor.organisation_id)
        if mine.filter(role__in=[role.value for role in REPORTING]).exists():
            return Verdict.yes()
    return Verdict.no(_("项目情况由牵头单位、配合单位和两侧的对口合作办公室填报。"))


def edit_by_id(actor: Actor, project_id: str) -> Verdict:
    """`edit` for who has only the id (evidence files)."""
    project = (
        Project.objects.select_related("first_region", "second_region").filter(pk=int(project_id)).first()
        if project_id.isascii() and project_id.isdigit() and len(project_id) <= 18
        else None
    )
    return edit(actor, project) if project is not None else Verdict.no(_("没有找到这个页面或记录。"))
