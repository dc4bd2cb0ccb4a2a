"""Who may have a paper made, and who may bring plans in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.documents.models import PaperTemplate, Reading
from duikou.documents.states import ReadingState
from duikou.kernel.actor import OFFICE, SIGNED_IN, Actor, Role
from duikou.kernel.permissions import check, declare
from duikou.kernel.verdict import Verdict

READ = declare("documents.paper.read", roles=SIGNED_IN, reason=_("请先登录。"))
READ_IN = declare(
    "documents.reading.create",
    roles=OFFICE,
    reason=_("计划由双方的对口合作办公室编制，您的岗位不能由文件导入计划。"),
)
TEMPLATES = declare(
    "documents.template.use",
    roles=OFFICE,
    reason=_("公文模板属于各地的对口合作办公室，您的岗位不能查看。"),
)


def read_in(actor: Actor) -> Verdict:
    """May `actor` bring a plan in as a file?"""
    return check(actor, READ_IN.code)


def work_on(actor: Actor, reading: Reading) -> Verdict:
    """May `actor` settle and write what a file says? The office that brought it may."""
    if not (allowed := read_in(actor)):
        return allowed
    if reading.organisation_id != actor.organisation_id:
        return Verdict.no(_("只有上传单位的人员可以继续。"))
    return Verdict.yes()


def evidence_writes(actor: Actor, reading_id: str) -> Verdict:
    """The file is put there while the plan is written, and stays."""
    reading = Reading.objects.filter(pk=int(reading_id)).first() if reading_id.isdecimal() else None
    if reading is None or reading.state != ReadingState.OPEN:
        return Verdict.no(_("计划的原文件在写入时自动留存，不能增减。"))
    return work_on(actor, reading)


def see_templates(actor: Actor) -> Verdict:
    """May `actor` see the templates of an office? Those of its own."""
    return check(actor, TEMPLATES.code)


def keep_templates(actor: Actor) -> Verdict:
    """May `actor` replace templates of its own office? Its lead may, and whoever administers the office's accounts."""
    if not (allowed := see_templates(actor)):
        return allowed
    if actor.region_id is None or not actor.is_person:
        return Verdict.no(_("模板属于某个地区的对口合作办公室，您的岗位没有地区。"))
    if actor.role is not Role.OFFICE_LEAD and not actor.is_organisation_admin:
        return Verdict.no(_("公文模板由本办公室负责人或本单位管理员更换，您可以查看和下载。"))
    return Verdict.yes()


def template_writes(actor: Actor, template_id: str) -> Verdict:
    """The file is put there while the version is made, and stays."""
    row = PaperTemplate.objects.filter(pk=int(template_id)).first() if template_id.isdecimal() else None
    if row is None or row.digest or row.region_id != actor.region_id:
        return Verdict.no(_("模板文件不能增减；请上传新的一版。"))
    return keep_templates(actor)
