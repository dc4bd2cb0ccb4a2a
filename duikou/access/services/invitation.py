"""Invitations: sent, sent again, revoked, accepted."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.models import Account, Invitation, Membership, Organisation
from duikou.access.rules import mask_email, token_digest
from duikou.access.selectors.actors import actor_without_post
from duikou.access.selectors.people import has_second_person
from duikou.access.services.account import address_proven
from duikou.access.services.membership import membership_give
from duikou.access.states import SECOND_PERSON
from duikou.kernel import facts
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.text import clean, clean_name, has_word
from duikou.programme.models import Region
from duikou.records.services.audit import record


class InvitationUsed(Conflict):
    """The link was used already."""

    code = "invitation_used"


class InvitationExpired(Conflict):
    """The link is past its time, or was taken back."""

    code = "invitation_expired"


@dataclass(frozen=True, slots=True)
class InvitationDraft:
    """Whom to invite, to which post."""

    email: str
    display_name: str
    role: Role
    region: Region | None = None
    is_organisation_admin: bool = False


def invitation_token(invitation: Invitation) -> str:
    """The secret of the invitation's link, derived from the row's last sending and the secret key, never stored."""
    stamp = int(invitation.created_at.timestamp() * 1_000_000)
    return salted_hmac("duikou.access.invitation", f"{invitation.pk}:{stamp}", algorithm="sha256").hexdigest()


@transaction.atomic
def invitation_send(
    *, actor: Actor, organisation: Organisation, draft: InvitationDraft, at: dt.datetime | None = None
) -> Invitation:
    """Offer a post to the holder of an e-mail address; the mail goes out after commit. Raises `Invalid`, `Conflict`.

    A post that needs two persons waits for `invitation_confirm`, unless there is nobody else who could (a new house).
    """
    policies.grant(actor, organisation, draft.role, draft.region).or_raise()
    email, name = _checked(draft)
    moment = at or now()
    open_ones = Invitation.objects.filter(
        organisation=organisation, email__iexact=email, role=draft.role, accepted_at=None, revoked_at=None
    )
    needs_second = actor.is_person and draft.role in SECOND_PERSON and has_second_person(but=actor.account_id)
    if open_ones.filter(expires_at__gt=moment).exists():
        raise Conflict(_("已向这个邮箱发出同一岗位的邀请，可在列表中重新发送。"))
    invitation = Invitation.objects.create(
        token_digest=secrets.token_hex(32),
        email=email,
        display_name=name,
        organisation=organisation,
        role=draft.role.value,
        region=draft.region,
        is_organisation_admin=draft.is_organisation_admin,
        invited_by_id=actor.account_id,
        invited_by_name=actor.name,
        needs_second=needs_second,
        created_at=moment,
        expires_at=moment + dt.timedelta(days=settings.INVITATION_DAYS),
    )
    _seal(invitation)
    record(
        actor=actor,
        action="access.invitation.sent",
        subject=invitation,
        after={
            "email": mask_email(email),
            "organisation_id": organisation.pk,
            "role": draft.role.value,
            "region": draft.region.adcode if draft.region else None,
            "expires_at": invitation.expires_at.isoformat(),
            "needs_second": needs_second,
        },
    )
    if needs_second:
        facts.announce("access.invitation.waiting", invitation_id=invitation.pk)
    else:
        facts.announce("access.invitation.sent", invitation_id=invitation.pk)
    return invitation


@transaction.atomic
def invitation_confirm(*, actor: Actor, invitation_id: int, at: dt.datetime | None = None) -> Invitation:
    """Agree, as the second person, to an invitation that waits; its term begins and its mail goes out now."""
    invitation = _managed(actor, invitation_id, second=True)
    if not invitation.is_waiting:
        raise Conflict(_("这份邀请不在等待确认。"))
    moment = at or now()
    invitation.confirmed_at, invitation.confirmed_by_id = moment, actor.account_id
    invitation.created_at, invitation.expires_at = moment, moment + dt.timedelta(days=settings.INVITATION_DAYS)
    _seal(invitation)
    record(
        actor=actor,
        action="access.invitation.confirmed",
        subject=invitation,
        before={"confirmed_at": None},
        after={"confirmed_at": moment.isoformat()},
    )
    facts.announce("access.invitation.sent", invitation_id=invitation.pk)
    facts.announce("access.invitation.settled", invitation_id=invitation.pk)
    return invitation


@transaction.atomic
def invitation_resend(*, actor: Actor, invitation_id: int, at: dt.datetime | None = None) -> Invitation:
    """Send an open or expired invitation again with a fresh link and term; the old link stops working."""
    invitation = _managed(actor, invitation_id)
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise Conflict(_("邀请已接受或已撤销，不能重新发送。"))
    if invitation.is_waiting:
        raise Conflict(_("邀请还在等待第二人确认，确认后才会发出。"))
    before = invitation.expires_at
    invitation.created_at = at or now()
    invitation.expires_at = invitation.created_at + dt.timedelta(days=settings.INVITATION_DAYS)
    _seal(invitation)
    record(
        actor=actor,
        action="access.invitation.resent",
        subject=invitation,
        before={"expires_at": before.isoformat()},
        after={"expires_at": invitation.expires_at.isoformat()},
    )
    facts.announce("access.invitation.sent", invitation_id=invitation.pk)
    return invitation


@transaction.atomic
def invitation_revoke(*, actor: Actor, invitation_id: int, at: dt.datetime | None = None) -> Invitation:
    """Take back an invitation that was not accepted; its link stops working."""
    invitation = _managed(actor, invitation_id)
    if invitation.accepted_at is not None:
        raise Conflict(_("邀请已被接受，不能撤销；可停用该岗位。"))
    if invitation.revoked_at is None:
        invitation.revoked_at = at or now()
        invitation.save(update_fields=["revoked_at"])
        record(actor=actor, action="access.invitation.revoked", subject=invitation)
        facts.announce("access.invitation.settled", invitation_id=invitation.pk)
    return invitation


def invitation_of_token(*, token: str, at: dt.datetime | None = None, lock: bool = False) -> Invitation:
    """The open invitation behind a link; raises `NotFound`, `InvitationUsed` or `InvitationExpired`."""
    rows = Invitation.objects.select_related("organisation__region", "region")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(token_digest=token_digest(token)).first()
    if found is None or not constant_time_compare(invitation_token(found), token):
        raise NotFound(_("邀请链接无效，或已被新的链接取代。请使用最近一封邮件中的链接，或联系邀请人。"))
    if found.accepted_at is not None:
        raise InvitationUsed(_("邀请已被接受，请直接登录。"))
    if not found.is_open(at or now()):
        raise InvitationExpired(_("邀请已过期或已撤销，请联系%(name)s重新发送。") % {"name": found.invited_by_name})
    return found


@transaction.atomic
def invitation_accept(
    *,
    token: str,
    account: Account | None = None,
    username: str = "",
    password: str = "",
    at: dt.datetime | None = None,
) -> Membership:
    """Take up the offered post, with the signed-in `account` or a new one; the link works once.

    Raises what `invitation_of_token` raises, `Invalid` at `username` or `password`, and `Conflict` when the address
    already has an account (its holder signs in first).
    """
    moment = at or now()
    invitation = invitation_of_token(token=token, at=moment, lock=True)
    person = account or _new_account(invitation, username, password)
    invitation.accepted_at, invitation.accepted_by = moment, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    actor = actor_without_post(person)
    record(actor=actor, action="access.invitation.accepted", subject=invitation)
    return membership_give(
        actor=actor,
        account=person,
        organisation=_standing(invitation.organisation),
        role=Role(invitation.role),
        region=invitation.region,
        is_organisation_admin=invitation.is_organisation_admin,
        is_checked=True,
    )


def account_of_address(email: str) -> Account | None:
    """The account that holds this e-mail address, whatever its case."""
    return Account.objects.filter(email__iexact=email).first()


def _new_account(invitation: Invitation, username: str, password: str) -> Account:
    if account_of_address(invitation.email) is not None:
        raise Conflict(_("这个邮箱已有账号，请先登录，再打开邀请链接。"))
    name = Account.normalize_username(clean(username))
    wrong: dict[str, list[object]] = {}
    draft = Account(username=name, email=invitation.email, display_name=invitation.display_name)
    try:
        Account._meta.get_field("username").clean(name, draft)
    except ValidationError:
        wrong["username"] = [_("用户名只能用文字、字母、数字和“.-_+”，不超过60个字。")]
    if "@" in name:
        wrong["username"] = [_("用户名不能含有“@”。")]
    if Account.objects.filter(username__iexact=name).exists():
        wrong["username"] = [_("这个用户名已被使用。")]
    try:
        validate_password(password, draft)
    except ValidationError as error:
        wrong["password"] = list(error.messages)
    if wrong:
        raise Invalid(fields=wrong)
    try:
        with transaction.atomic():
            account = Account.objects.create_user(name, draft.email, password, display_name=draft.display_name)
    except IntegrityError:
        raise Invalid(fields={"username": [_("这个用户名已被使用。")]}) from None
    address_proven(account)
    record(
        actor=actor_without_post(account),
        action="access.account.created",
        subject=account,
        after={"username": name, "email": mask_email(invitation.email)},
    )
    return account


def _checked(draft: InvitationDraft) -> tuple[str, str]:
    email, name = clean(draft.email).lower(), clean_name(draft.display_name)
    wrong: dict[str, list[object]] = {}
    try:
        validate_email(email)
    except ValidationError:
        wrong["email"] = [_("电子邮箱的格式不对。")]
    if not has_word(name) or len(name) > 60:
        wrong["display_name"] = [_("请填写姓名，不超过60个字。")]
    if wrong:
        raise Invalid(fields=wrong)
    return email, name


def _seal(invitation: Invitation) -> None:
    invitation.token_digest = token_digest(invitation_token(invitation))
    invitation.save()


def _managed(actor: Actor, invitation_id: int, *, second: bool = False) -> Invitation:
    """The invitation, locked, for those who may give its post; with `second`, for those who may agree to it."""
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation__region", "region")
        .filter(pk=invitation_id)
        .first()
    )
    if found is None or not policies.people_read(actor, found.organisation):
        raise NotFound
    if second:
        policies.invitation_confirm(actor, found).or_raise()
    else:
        policies.grant(actor, found.organisation, Role(found.role), found.region).or_raise()
    return found


def _standing(organisation: Organisation) -> Organisation:
    """The organisation that stands today, should the inviting one have been merged meanwhile."""
    return Organisation.objects.get(pk=organisation.merged_into_id) if organisation.merged_into_id else organisation
