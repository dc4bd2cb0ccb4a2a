"""Who may do what with requests and their rules, and the sentence for those who may not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.greenchannel.models import GreenChannelRequest, RequestState
from duikou.greenchannel.states import ASKER_VERBS, PARTY, REQUEST
from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.kernel.permissions import check, declare
from duikou.kernel.verdict import Verdict
from duikou.programme.models import Region
from duikou.projects import policies as projects
from duikou.projects.models import Project, ProjectParty

READ_ROLES = frozenset({*PARTY, Role.COORDINATOR, Role.AUDITOR, Role.OPERATOR})
READ = declare(
    "greenchannel.request.read",
    roles=READ_ROLES,
    reason=_("绿色通道诉求由项目各方、双方办公室、责任单位和统筹部门查看。"),
)
RAISE = declare(
    "greenchannel.request.raise",
    roles=PARTY,
    reason=_("诉求由项目两侧的办公室和参与单位提出，您的岗位可以查看。"),
)
ACT = declare(
    "greenchannel.request.act",
    roles=PARTY,
    reason=_("诉求由提出方和责任单位办理，您的岗位可以查看。"),
)
CONTACT = declare(
    "greenchannel.contact.reveal", roles={*PARTY, Role.COORDINATOR}, reason=_("联系方式只供办理诉求的各方查看。")
)
RULES = declare(
    "greenchannel.rule.write",
    roles={Role.OFFICE_LEAD, Role.COORDINATOR},
    reason=_("责任规则由该地区的对口合作办公室负责人或统筹部门设定。"),
)
PARAMETERS = declare(
    "greenchannel.parameter.write", roles={Role.COORDINATOR}, reason=_("期限和督办参数由统筹部门设定。")
)


def is_platform(actor: Actor) -> bool:
    """Whether a job or a command acts for the platform itself."""
    return actor.kind in {ActorKind.JOB, ActorKind.COMMAND}


def browse(actor: Actor) -> Verdict:
    """May `actor` read requests at all?"""
    if actor.role is Role.OPERATOR and actor.admin_mode_id is None and not is_platform(actor):
        return Verdict.no(_("系统管理员查看业务数据，须先进入限时的管理模式并写明理由。"))
    return check(actor, READ.code)


def take_part(actor: Actor, project: Project) -> Verdict:
    """Is `actor` a party to the project: the office of either side, or an organisation that is linked to it?"""
    if actor.role in {Role.UNIT, Role.MEMBER} and actor.organisation_id is not None:
        mine = ProjectParty.objects.filter(project=project, organisation_id=actor.organisation_id)
        return Verdict.yes() if mine.exists() else Verdict.no(_("您的单位不是这个项目的参与单位。"))
    return projects.edit(actor, project)


def raise_(actor: Actor, project: Project) -> Verdict:
    """May `actor` raise a blocker of this project?"""
    role = check(actor, RAISE.code)
    if not role:
        return role
    if project.merged_into_id is not None:
        return Verdict.no(_("这个项目已并入另一个项目，请在保留的项目上提出。"))
    return take_part(actor, project)


def is_asker(actor: Actor, request: GreenChannelRequest) -> bool:
    """Whether the actor works where whoever raised it did: a colleague may answer for somebody who is away."""
    return actor.organisation_id is not None and actor.organisation_id == request.asker_organisation_id


def is_owner(actor: Actor, request: GreenChannelRequest) -> bool:
    """Whether the actor works in the organisation that owns it; of an office without anybody, who holds its post."""
    if request.owner_organisation_id is None:
        return actor.role in OFFICE and actor.covers(request.region.path)
    return actor.organisation_id == request.owner_organisation_id


def leads_side(actor: Actor, request: GreenChannelRequest) -> bool:
    """Whether the actor leads the office over the region where it must be solved."""
    return actor.role is Role.OFFICE_LEAD and actor.covers(request.region.path)


def step(actor: Actor, request: GreenChannelRequest, verb: str) -> Verdict:
    """May `actor` take this step now?"""
    role = check(actor, ACT.code)
    if not role:
        return role
    may = _asker_may(actor, request, verb) if verb in ASKER_VERBS else _owner_may(actor, request, verb)
    if not may:
        return may
    if not REQUEST.allows(RequestState(request.state), verb):
        return Verdict.no(_("诉求“%(state)s”，不能进行这一步。") % {"state": request.state_label})
    return Verdict.yes()


def _asker_may(actor: Actor, request: GreenChannelRequest, verb: str) -> Verdict:
    if not is_asker(actor, request):
        return Verdict.no(_("只有提出方可以答复、确认或撤回。"))
    if verb == "agree" and request.proposed_by_id is not None and request.proposed_by_id == actor.account_id:
        return Verdict.no(_("方案由您提出，须由提出方的另一人确认。"))
    return Verdict.yes()


def _owner_may(actor: Actor, request: GreenChannelRequest, verb: str) -> Verdict:
    if is_owner(actor, request) or (verb == "transfer" and leads_side(actor, request)):
        return Verdict.yes()
    return Verdict.no(_("由责任人%(owner)s办理。") % {"owner": request.owner_name})


def reveal(actor: Actor, request: GreenChannelRequest) -> Verdict:
    """May `actor`, who sees the request, read whom to call? Its parties may; an auditor sees the masked form."""
    return check(actor, CONTACT.code)


def files(actor: Actor, request: GreenChannelRequest) -> Verdict:
    """May `actor`, who sees the request, add files to it? Whoever asks or owns may while it is open."""
    role = check(actor, ACT.code)
    if not role:
        return role
    if not request.is_live:
        return Verdict.no(_("诉求已经办结。"))
    if is_asker(actor, request) or is_owner(actor, request):
        return Verdict.yes()
    return Verdict.no(_("材料由提出方和责任单位补充。"))


def rule_write(actor: Actor, region: Region | None) -> Verdict:
    """May `actor` set who owns what in this region (None: any at all)?"""
    role = check(actor, RULES.code)
    if not role or region is None or is_platform(actor) or actor.role is Role.COORDINATOR:
        return role
    if not actor.covers(region.path):
        return Verdict.no(_("这个地区不在您负责的地区之内。"))
    return Verdict.yes()


def files_by_id(actor: Actor, request_id: str) -> Verdict:
    """`files` for who has only the id of a request that the actor sees (evidence files)."""
    known = request_id.isascii() and request_id.isdigit() and len(request_id) < 18
    found = GreenChannelRequest.objects.filter(pk=int(request_id)).first() if known else None
    return files(actor, found) if found is not None else Verdict.no(_("没有找到这个页面或记录。"))
