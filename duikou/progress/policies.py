"""Who may write, review and read monthly reports, and the sentence for those who may not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, SIGNED_IN, Actor, Role
from duikou.kernel.permissions import check, declare
from duikou.kernel.verdict import Verdict
from duikou.progress.models import ProgressReport
from duikou.progress.states import FIRMS, REPORT, WRITABLE, ReportState
from duikou.projects.models import Project, ProjectParty, Side
from duikou.projects.policies import browse, edit, is_platform, side_of, take_part

READ = declare("progress.report.read", roles=SIGNED_IN, reason=_("请先登录。"))
WRITE = declare(
    "progress.report.write",
    roles={*OFFICE, *FIRMS},
    reason=_("月报由项目单位填报，或由对口合作办公室代报；您的岗位可以查看。"),
)
REVIEW = declare(
    "progress.report.review",
    roles=OFFICE,
    reason=_("月报由项目所在一侧的对口合作办公室审核；您的岗位可以查看。"),
)
SUMMARY = declare(
    "progress.summary.read",
    roles=SIGNED_IN - FIRMS,
    reason=_("进展汇总供对口合作办公室和国家部门查看；您可以查看本单位项目的月报。"),
)
RULE = declare("progress.rule.edit", roles={Role.COORDINATOR}, reason=_("月报期限由统筹部门设定。"))

__all__ = ["browse", "correct", "is_platform", "reopen", "report", "review", "side_for", "step", "write"]


def side_for(actor: Actor, project: Project) -> Side:
    """The side for which `actor` reports: an office its own, a party the one that it stands on."""
    if actor.role in FIRMS and actor.organisation_id is not None:
        found = ProjectParty.objects.filter(project=project, organisation_id=actor.organisation_id)
        return Side(found.order_by("id").values_list("side", flat=True).first() or Side.NONE)
    return side_of(actor, project.first_region, project.second_region)


def takes_part(organisation_id: int, project_id: int) -> bool:
    """Whether the organisation is a party to the project (one query)."""
    return ProjectParty.objects.filter(project_id=project_id, organisation_id=organisation_id).exists()


def report(actor: Actor, project: Project) -> Verdict:
    """May `actor` report on this project? Its parties may, and the offices of its sides on their behalf (≤ 1 query)."""
    if project.merged_into_id is not None:
        return Verdict.no(_("这个项目已并入另一个项目，月报随之转移。"))
    if is_platform(actor):
        return Verdict.yes()
    role = check(actor, WRITE.code)
    if not role:
        return role
    return take_part(actor, project)


def write(actor: Actor, found: ProgressReport) -> Verdict:
    """May `actor` change what this report says?"""
    allowed = report(actor, found.project)
    if allowed and found.state not in WRITABLE:
        return Verdict.no(_("月报%(state)s，不能修改。") % {"state": found.state_label})
    return allowed


def step(actor: Actor, found: ProgressReport, verb: str) -> Verdict:
    """May its writer take this step (submit, withdraw, abandon) now?"""
    allowed = report(actor, found.project)
    if allowed and not REPORT.allows(ReportState(found.state), verb):
        return Verdict.no(_("月报%(state)s，不能进行这一步。") % {"state": found.state_label})
    return allowed


def review(actor: Actor, found: ProgressReport, verb: str = "accept") -> Verdict:
    """May `actor` accept, return or reopen it? The office of the side that reported does; either, where none is."""
    if not is_platform(actor):
        role = check(actor, REVIEW.code)
        if not role:
            return role
        project = found.project
        allowed = edit(actor, project)
        if not allowed:
            return allowed
        region = {Side.FIRST: project.first_region, Side.SECOND: project.second_region}.get(Side(found.side))
        if region is not None and not region.path.startswith(actor.region_path):
            return Verdict.no(_("月报由填报单位所在一侧的办公室审核；您可以在项目页提出异议。"))
    if not REPORT.allows(ReportState(found.state), verb):
        return Verdict.no(_("月报%(state)s，不能进行这一步。") % {"state": found.state_label})
    return Verdict.yes()


def reopen(actor: Actor, found: ProgressReport, *, is_closed: bool) -> Verdict:
    """May `actor` send an accepted report back? Only while its month is open."""
    if is_closed:
        return Verdict.no(_("这个月份已经锁定，只能以更正的方式修改。"))
    return review(actor, found, "reopen")


def correct(actor: Actor, found: ProgressReport, *, is_closed: bool, is_open: bool) -> Verdict:
    """May `actor` open a correction? Of a standing report of a closed month, one at a time."""
    allowed = report(actor, found.project)
    if not allowed:
        return allowed
    if found.state != ReportState.ACCEPTED:
        return Verdict.no(_("只能更正已审核的月报。"))
    if not is_closed:
        return Verdict.no(_("这个月份还没有锁定，请由办公室退回后直接修改。"))
    if is_open:
        return Verdict.no(_("已有一份更正正在填写或审核。"))
    return Verdict.yes()
