"""Who may do what with people and organisations, and the sentence for those who may not."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from duikou.access.models import Invitation, Membership, Organisation
from duikou.access.states import CONFIRMERS, SECOND_PERSON, WITH_REGION, WITHOUT_REGION
from duikou.kernel import permissions
from duikou.kernel.actor import OFFICE, SIGNED_IN, Actor, Role
from duikou.kernel.verdict import Verdict
from duikou.programme.models import Region

_EDITORS = OFFICE | {Role.COORDINATOR, Role.OPERATOR}
_INVITERS = SIGNED_IN - {Role.AUDITOR}

LIST = permissions.declare("access.organisation.list", roles=SIGNED_IN)
CREATE = permissions.declare(
    "access.organisation.create", roles=_EDITORS, reason=_("新增主体由对口合作办或统筹部门办理。")
)
EDIT = permissions.declare("access.organisation.edit", roles=_INVITERS, reason=_("审计岗位只读，不能修改。"))
MERGE = permissions.declare(
    "access.organisation.merge",
    roles={Role.COORDINATOR, Role.OPERATOR, Role.OFFICE_LEAD},
    reason=_("合并主体由对口合作办负责人或统筹部门办理。"),
)
REVEAL = permissions.declare("access.contact.reveal", roles=SIGNED_IN)
PEOPLE = permissions.declare("access.people.read", roles=SIGNED_IN)
INVITE = permissions.declare("access.people.manage", roles=_INVITERS, reason=_("审计岗位只读，不能管理人员。"))
ADMIN_MODE = permissions.declare(
    "access.admin_mode.start", roles={Role.OPERATOR}, reason=_("管理模式仅供系统管理员使用。")
)
ADMIN_MODES = permissions.declare(
    "access.admin_mode.read",
    roles={Role.OPERATOR, Role.AUDITOR, Role.COORDINATOR},
    reason=_("管理模式记录仅供审计、统筹部门和系统管理员查看。"),
)
POST_PICK = permissions.declare("access.membership.pick", roles=SIGNED_IN)

_NOT_YOURS = _("这家主体不在您管理的范围内。")


def _is_own(actor: Actor, organisation: Organisation) -> bool:
    return actor.organisation_id is not None and actor.organisation_id == organisation.pk


def _is_platform(actor: Actor) -> bool:
    return not actor.is_person and actor.is_signed_in


def _leads(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor leads the office that looks after this organisation."""
    return actor.role is Role.OFFICE_LEAD and organisation.is_looked_after_by(actor)


def organisation_edit(actor: Actor, organisation: Organisation) -> Verdict:
    """May the actor change the facts of this organisation?"""
    verdict = permissions.check(actor, EDIT.code)
    if not verdict:
        return verdict
    if organisation.merged_into_id is not None:
        return Verdict.no(_("这家主体已并入另一主体，不能再修改。"))
    if _is_platform(actor) or actor.role in (Role.COORDINATOR, Role.OPERATOR):
        return Verdict.yes()
    if organisation.is_looked_after_by(actor):
        return Verdict.yes()
    if _is_own(actor, organisation):
        return Verdict.yes() if actor.is_organisation_admin else Verdict.no(_("请由本单位管理员修改。"))
    return Verdict.no(_NOT_YOURS)


def organisation_verify(actor: Actor, organisation: Organisation) -> Verdict:
    """May the actor confirm that this organisation is what it says, and publish its name?"""
    if _is_platform(actor) or actor.role in (Role.COORDINATOR, Role.OPERATOR) or _leads(actor, organisation):
        return Verdict.yes()
    return Verdict.no(_("核验由所在地区对口合作办负责人或统筹部门办理。"))


def organisation_merge(actor: Actor, kept: Organisation, dropped: Organisation) -> Verdict:
    """May the actor merge `dropped` into `kept`?"""
    verdict = permissions.check(actor, MERGE.code)
    if not verdict:
        return verdict
    if _is_platform(actor) or actor.role in (Role.COORDINATOR, Role.OPERATOR):
        return Verdict.yes()
    if _leads(actor, kept) and _leads(actor, dropped):
        return Verdict.yes()
    return Verdict.no(_("两家主体都在您负责的地区内，才能由您合并。"))


def contact_read(actor: Actor, organisation: Organisation) -> Verdict:
    """May the actor read the particulars of this organisation's contacts in full (each reading is logged)?

    Those who see or audit all (coordinator, auditor, an operator in the logged mode), the organisation itself and the
    office of its region; ministries and the cadre authority work with projects and plans, not with telephone numbers
    (docs/decisions/contacts.md).
    """
    if _is_platform(actor) or _is_own(actor, organisation) or actor.admin_mode_id is not None:
        return Verdict.yes()
    if actor.role in (Role.COORDINATOR, Role.AUDITOR):
        return Verdict.yes()
    if organisation.is_looked_after_by(actor):
        return Verdict.yes()
    if actor.role is Role.OPERATOR:
        return Verdict.no(_("系统管理员须先进入管理模式，才能查看联系人信息。"))
    return Verdict.no(_("联系人信息仅供本单位、所在地区对口合作办、统筹部门和审计查看。"))


def people_read(actor: Actor, organisation: Organisation) -> Verdict:
    """May the actor see who works in this organisation on the platform?"""
    if organisation.shows_people_to(actor):
        return Verdict.yes()
    return Verdict.no(_("人员名单仅供本单位和所在地区对口合作办查看。"))


def people_manage(actor: Actor, organisation: Organisation) -> Verdict:
    """May the actor invite or suspend anybody in this organisation at all?"""
    verdict = permissions.check(actor, INVITE.code)
    if not verdict:
        return verdict
    if organisation.merged_into_id is not None:
        return Verdict.no(_("这家主体已并入另一主体。"))
    if roles_grantable(actor, organisation):
        return Verdict.yes()
    if _is_own(actor, organisation):
        return Verdict.no(_("请由本单位管理员管理人员。"))
    return Verdict.no(_NOT_YOURS)


def roles_grantable(actor: Actor, organisation: Organisation) -> frozenset[Role]:
    """The roles that the actor may give or take away in this organisation; regions are judged by `grant`."""
    if _is_platform(actor) or actor.role is Role.OPERATOR:
        return SIGNED_IN
    if actor.role is Role.COORDINATOR:
        return SIGNED_IN - {Role.OPERATOR, Role.AUDITOR}
    granted: set[Role] = set()
    if _leads(actor, organisation):
        granted |= {Role.UNIT, Role.MEMBER}
    if _is_own(actor, organisation) and actor.is_organisation_admin and actor.role is not Role.AUDITOR:
        granted |= OFFICE if actor.role is Role.OFFICE_LEAD else {actor.role}
    return frozenset(granted)


def grant(actor: Actor, organisation: Organisation, role: Role, region: Region | None) -> Verdict:
    """May the actor give the post `role` over `region` in this organisation?

    Nobody gives more than they hold: an administrator of an organisation passes on its own role within its own
    region, a lead also the editor's; a lead gives posts to units and members of its region.
    """
    verdict = people_manage(actor, organisation)
    if not verdict:
        return verdict
    if role not in roles_grantable(actor, organisation):
        return Verdict.no(_("您不能授予这个岗位。"))
    fits = role_fits_region(role, region)
    if not fits:
        return fits
    if _is_platform(actor) or actor.role in (Role.COORDINATOR, Role.OPERATOR) or region is None:
        return Verdict.yes()
    return Verdict.yes() if actor.covers(region.path) else Verdict.no(_("岗位的地区超出了您负责的地区。"))


def confirmers() -> list[Role]:
    """The roles whose people can be the second person, for those who tell them."""
    return sorted(CONFIRMERS)


def invitation_confirm(actor: Actor, invitation: Invitation) -> Verdict:
    """May the actor be the second person who agrees to this invitation?"""
    if actor.role not in CONFIRMERS and not _is_platform(actor):
        return Verdict.no(_("这个岗位由统筹部门或系统管理员中的第二人确认。"))
    if actor.is_person and actor.account_id == invitation.invited_by_id:
        return Verdict.no(_("发出邀请的人不能自己确认，请由另一人办理。"))
    return Verdict.yes()


def role_change(actor: Actor, membership: Membership, role: Role) -> Verdict:
    """May a post become one in `role` by a simple change? Posts that need two persons are given by invitation."""
    if actor.is_person and role in SECOND_PERSON and membership.role != role:
        return Verdict.no(_("这个岗位须通过邀请授予，并由第二人确认。"))
    return Verdict.yes()


def membership_revive(actor: Actor, membership: Membership) -> Verdict:
    """May a post that ended or was stopped work again by a simple change? Like a new one, some need two persons."""
    if actor.is_person and Role(membership.role) in SECOND_PERSON:
        return Verdict.no(_("这个岗位须重新邀请，并由第二人确认，才能恢复。"))
    return Verdict.yes()


def membership_restore(actor: Actor, membership: Membership) -> Verdict:
    """May the actor let this suspended post work again?"""
    verdict = membership_manage(actor, membership)
    return membership_revive(actor, membership) if verdict else verdict


def role_fits_region(role: Role, region: Region | None) -> Verdict:
    """Does a post in this role name a region, or none, as the role asks?"""
    if region is None and role.value in WITH_REGION:
        return Verdict.no(_("这个岗位须指定地区。"))
    if region is not None and role.value in WITHOUT_REGION:
        return Verdict.no(_("这个岗位不限地区，不能指定地区。"))
    return Verdict.yes()


def membership_manage(actor: Actor, membership: Membership) -> Verdict:
    """May the actor suspend, restore or change this post? Nobody changes their own."""
    if membership.account_id == actor.account_id:
        return Verdict.no(_("不能修改自己的岗位，请由他人办理。"))
    return grant(actor, membership.organisation, Role(membership.role), membership.region)


def second_factor_reset(actor: Actor, membership: Membership, posts: Iterable[Membership]) -> Verdict:
    """May the actor take the lost second factor off the account of this post's holder, whose live posts are `posts`?

    Only who may manage them all: nobody weakens an account that reaches further than they do.
    """
    if membership.account_id == actor.account_id:
        return Verdict.no(_("不能重置自己的双因素认证，请由他人办理，或使用恢复代码登录后自行停用。"))
    for post in (membership, *posts):
        if not membership_manage(actor, post):
            return Verdict.no(_("此人还有您不能管理的岗位，请联系系统管理员重置双因素认证。"))
    return Verdict.yes()
