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

SECOND_PERSON: Final = NATIONWIDE | {Role.OPERATOR}
"""Posts that see the whole nation or give others their posts: two persons give them (docs/decisions/second-person.md,
docs/decisions/nationwide-readers.md)."""

CONFIRMERS: Final = frozenset({Role.COORDINATOR, Role.OPERATOR})
"""Who can be that second person."""

TRAIL_ACTIONS = {
    "access.account.created": _("开立账号"),
    "access.account.identity_linked": _("关联统一身份"),
    "access.account.identity_unlinked": _("解除统一身份的关联"),
    "access.account.locked": _("多次登录失败，暂时锁定"),
    "access.account.edited": _("修改账号"),
    "access.account.email_added": _("添加账号的电子邮箱"),
    "access.account.email_changed": _("更改账号的电子邮箱"),
    "access.account.email_removed": _("移除账号的电子邮箱"),
    "access.account.operator_created": _("建立系统管理员账号"),
    "access.account.password_changed": _("修改密码"),
    "access.account.password_reset": _("重置密码"),
    "access.account.recovery_codes_renewed": _("重新生成恢复代码"),
    "access.account.restored": _("恢复账号"),
    "access.account.second_factor_added": _("启用双因素认证"),
    "access.account.second_factor_removed": _("停用双因素认证"),
    "access.account.second_factor_reset": _("为他人重置双因素认证"),
    "access.account.signed_in": _("登录"),
    "access.account.signed_out": _("退出登录"),
    "access.account.suspended": _("停用账号"),
    "access.account.unlocked": _("解除账号锁定"),
    "access.admin_mode.ended": _("退出管理模式"),
    "access.admin_mode.expired": _("管理模式到期"),
    "access.admin_mode.started": _("进入管理模式"),
    "access.admin_mode.visited": _("在管理模式下打开页面"),
    "access.contact.added": _("新增联系人"),
    "access.contact.removed": _("删除联系人"),
    "access.contact.revealed": _("查看联系人全文"),
    "access.demonstration.seeded": _("建立演示账号"),
    "access.invitation.confirmed": _("第二人确认邀请"),
    "access.invitation.accepted": _("接受邀请"),
    "access.invitation.resent": _("重新发送邀请"),
    "access.invitation.revoked": _("撤销邀请"),
    "access.invitation.sent": _("发出邀请"),
    "access.membership.changed": _("修改岗位"),
    "access.membership.given": _("授予岗位"),
    "access.membership.picked": _("切换岗位"),
    "access.membership.restored": _("恢复岗位"),
    "access.membership.suspended": _("停用岗位"),
    "access.organisation.absorbed": _("另一主体并入本主体"),
    "access.organisation.created": _("新增主体"),
    "access.organisation.edited": _("修改主体"),
    "access.organisation.merged": _("并入另一主体"),
    "access.organisation.verified": _("核验主体"),
}
"""What this room leaves in the trail, in words."""

TRAIL_ROWS = {
    "membership": "access.membership",
    "absorbed": "access.organisation",
    "organisation_id": "access.organisation",
    "account_id": "access.account",
}
"""What values are numbers of, where no field of the subject says so."""

TRAIL_FIELDS = {
    "absorbed": _("被并入的主体"),
    "accounts": _("账号"),
    "addresses": _("登录来源数"),
    "address": _("来源地址"),
    "failures": _("失败次数"),
    "minutes": _("锁定分钟数"),
    "membership": _("岗位"),
    "method": _("请求方法"),
    "moved": _("移交的记录"),
    "path": _("页面地址"),
    "status": _("结果"),
    "type": _("方式"),
    "region": _("地区"),
    "organisation": _("主体"),
    "fields": _("字段"),
}
"""Names of what it keeps there beside the fields of its models."""
