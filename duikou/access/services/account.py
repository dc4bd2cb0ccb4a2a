"""A person's own account, the first operator, and what the sign-in machinery leaves in the trail."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from axes.utils import reset as reset_attempts
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access.models import Account, Membership, Organisation
from duikou.access.selectors.actors import actor_of_membership, actor_without_post, memberships_live
from duikou.access.selectors.people import account_named
from duikou.access.states import OrganisationKind
from duikou.kernel.actor import Actor, Role
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.text import clean_name, has_word
from duikou.programme.models import Region
from duikou.records.services.audit import SubjectRef, record


@transaction.atomic
def account_edit(*, actor: Actor, account: Account, display_name: str, language: str) -> Account:
    """Change one's own name and language. Raises `Invalid`."""
    name = clean_name(display_name)
    wrong: dict[str, list[object]] = {}
    if not has_word(name) or len(name) > 60:
        wrong["display_name"] = [_("请填写姓名，不超过60个字。")]
    if language not in dict(settings.LANGUAGES):
        wrong["language"] = [_("请选择语言。")]
    if wrong:
        raise Invalid(fields=wrong)
    after = {"display_name": name, "language": language}
    before = {field: getattr(account, field) for field in after}
    if after != before:
        account.display_name, account.language = name, language
        account.save(update_fields=["display_name", "language"])
        record(actor=actor, action="access.account.edited", subject=account, before=before, after=after)
    return account


def address_proven(account: Account) -> None:
    """Note that the account's address is its holder's: it was invited there, or the house's keeper gave it.

    The sign-in machinery lets another take its place only after a link sent there was followed.
    """
    if account.email:
        proof = {"email": account.email.lower(), "verified": True}
        EmailAddress.objects.update_or_create(user=account, primary=True, defaults=proof)


@transaction.atomic
def account_language(*, actor: Actor, account: Account, language: str) -> None:
    """Remember the language picked in the top bar; an unknown one is ignored."""
    if language in dict(settings.LANGUAGES):
        account_edit(actor=actor, account=account, display_name=account.display_name, language=language)


@transaction.atomic
def account_suspend(*, actor: Actor, username: str, reason: str) -> Account:
    """Close an account: every sign-in and open session ends at its next request. Raises `NotFound`."""
    return _switch(actor, username, is_active=False, action="access.account.suspended", reason=reason)


@transaction.atomic
def account_restore(*, actor: Actor, username: str) -> Account:
    """Open a closed account again. Raises `NotFound`."""
    return _switch(actor, username, is_active=True, action="access.account.restored", reason="")


@transaction.atomic
def account_unlock(*, actor: Actor, username: str) -> int:
    """Forget failed sign-ins of an account before their time is over; returns how many addresses were locked."""
    account = _named(username)
    count = int(reset_attempts(username=account.username.lower()))
    if count:
        record(actor=actor, action="access.account.unlocked", subject=account, after={"addresses": count})
    return count


@transaction.atomic
def account_locked(*, name: str, address: str | None) -> None:
    """Leave in the trail that a name is locked at an address after repeated failures.

    A name that no account has stays unwritten: people type passwords there.
    """
    account = account_named(name)
    subject = account or SubjectRef("access.account", "", str(_("未知账号")))
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    record(
        actor=Actor.anonymous(),
        action="access.account.locked",
        subject=subject,
        after={"failures": settings.AXES_FAILURE_LIMIT, "minutes": minutes, "address": address or ""},
    )


def _named(username: str) -> Account:
    found = Account.objects.select_for_update().filter(username__iexact=username).first()
    if found is None:
        raise NotFound(_("没有这个账号。"))
    return found


def _switch(actor: Actor, username: str, *, is_active: bool, action: str, reason: str) -> Account:
    account = _named(username)
    if account.is_active != is_active:
        account.is_active = is_active
        account.save(update_fields=["is_active"])
        record(
            actor=actor,
            action=action,
            subject=account,
            before={"is_active": not is_active},
            after={"is_active": is_active},
            reason=reason,
        )
    return account


@transaction.atomic
def operator_create(
    *, actor: Actor, username: str, email: str, display_name: str, password: str, organisation_name: str, adcode: str
) -> Membership:
    """Make the first operator of an installation, with the organisation that runs it. Raises `Invalid`, `Conflict`."""
    draft = Account(username=username, email=email, display_name=display_name)
    wrong: dict[str, list[object]] = {}
    try:
        draft.clean_fields(exclude=["password"])
    except ValidationError as error:
        wrong |= {name: list(texts) for name, texts in error.message_dict.items()}
    try:
        validate_password(password, draft)
    except ValidationError as error:
        wrong["password"] = list(error.messages)
    region = Region.objects.filter(adcode=adcode).first()
    if region is None:
        wrong["adcode"] = [_("没有这个行政区划代码，请先装载方案与行政区划。")]
    if wrong or region is None:
        raise Invalid(fields=wrong)
    if Account.objects.filter(username__iexact=username).exists():
        raise Conflict(_("这个用户名已被使用。"))
    organisation, _made = Organisation.objects.get_or_create(
        name=clean_name(organisation_name), region=region, merged_into=None, defaults={"kind": OrganisationKind.OTHER}
    )
    account = Account.objects.create_user(username, email, password, display_name=display_name)
    address_proven(account)
    membership = Membership.objects.create(
        account=account, organisation=organisation, role=Role.OPERATOR.value, is_organisation_admin=True
    )
    record(actor=actor, action="access.account.operator_created", subject=account, after={"username": username})
    return membership


@transaction.atomic
def account_event(*, account: Account, action: str, after: dict[str, Any] | None = None) -> None:
    """Leave what a person did with their own sign-in (signed in, changed the password, set up a code) in the trail."""
    record(actor=_acting(account), action=action, subject=account, after=after)


def _acting(account: Account) -> Actor:
    live = memberships_live(account=account)
    return actor_of_membership(live[0], account=account) if live else actor_without_post(account)
