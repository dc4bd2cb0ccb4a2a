"""Enumerations of this room, with the labels people see."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import NATIONWIDE, OFFICE, Role


class OrganisationKind(TextChoices):
    """What sort of body an organisation is."""

    GOVERNMENT = "government", _("政府部门")
    ENTERPRISE = "enterprise", _("企业")
    UNIVERSITY = "university", _("高校")
    INSTITUTE = "institute", _("院所")
    PARK = "park", _("园区")
    FINANCE = "finance", _("金融机构")
    HOSPITAL = "hospital", _("医院")
    ASSOCIATION = "association", _("协会")
    THINK_TANK = "think_tank", _("智库")
    OTHER = "other", _("其他")


class RoleLabel(TextChoices):
    """The roles a membership can hold (`kernel.actor.Role` without `public`), named for people."""

    COORDINATOR = Role.COORDINATOR.value, _("统筹协调（国家发展改革委）")
    CADRE_AUTHORITY = Role.CADRE_AUTHORITY.value, _("干部主管（中央组织部）")
    MINISTRY = Role.MINISTRY.value, _("领导小组成员单位")
    OFFICE_EDITOR = Role.OFFICE_EDITOR.value, _("对口合作办经办")
    OFFICE_LEAD = Role.OFFICE_LEAD.value, _("对口合作办负责人")
    CADRE_OFFICER = Role.CADRE_OFFICER.value, _("组织部门")
    UNIT = Role.UNIT.value, _("责任单位")
    MEMBER = Role.MEMBER.value, _("合作主体")
    AUDITOR = Role.AUDITOR.value, _("审计")
    OPERATOR = Role.OPERATOR.value, _("系统管理员")


WITHOUT_REGION: Final = tuple(sorted(role.value for role in NATIONWIDE | {Role.OPERATOR, Role.MEMBER}))
"""Roles whose membership names no region: nation-wide ones, the operator, and members, who see by organisation."""

WITH_REGION: Final = tuple(sorted(role.value for role in OFFICE | {Role.CADRE_OFFICER}))
"""Roles that act for one region; a responsible unit may or may not."""


ACTION_LABELS: Final = {
    "access.organisation.created": _("新增主体"),
    "access.organisation.edited": _("修改主体"),
    "access.organisation.verified": _("核验主体"),
    "access.organisation.merged": _("并入另一主体"),
    "access.organisation.absorbed": _("并入了另一主体"),
    "access.admin_mode.started": _("进入管理模式"),
    "access.admin_mode.ended": _("退出管理模式"),
    "access.admin_mode.expired": _("管理模式到期"),
    "access.admin_mode.visited": _("打开页面"),
}
"""What the trail's actions of this room are called on its pages."""
