"""People of an organisation, their invitations, and accounts by name."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from duikou.access.models import Account, AdminMode, Invitation, Membership, Organisation
from duikou.access.states import CONFIRMERS
from duikou.kernel.actor import Actor, Role
from duikou.kernel.errors import NotFound
from duikou.records.models import AuditEvent
from duikou.records.selectors.wording import action_label


def account_named(name: str) -> Account | None:
    """The account with this user name or e-mail, whatever its case."""
    if not name or "\x00" in name:
        return None
    return Account.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).first()


def people_of(*, actor: Actor, organisation: Organisation) -> QuerySet[Membership]:
    """Posts in the organisation, live ones first; nothing for those who may not see its people."""
    rows = Membership.objects.filter(organisation=organisation).select_related("account", "region", "organisation")
    return (
        rows.order_by("-is_active", "account__display_name", "id")
        if organisation.shows_people_to(actor)
        else rows.none()
    )


def invitations_of(*, actor: Actor, organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations of the organisation, latest first; nothing for those who may not see its people."""
    rows = Invitation.objects.filter(organisation=organisation).select_related("region", "organisation")
    return rows if organisation.shows_people_to(actor) else rows.none()


def admin_modes_visible(*, actor: Actor) -> QuerySet[AdminMode]:
    """Past and running admin modes: all for audit and coordination, an operator's own for the operator."""
    rows = AdminMode.objects.select_related("account")
    if actor.role in (Role.AUDITOR, Role.COORDINATOR):
        return rows
    if actor.role is Role.OPERATOR and actor.account_id is not None:
        return rows.filter(account_id=actor.account_id)
    return rows.none()


def has_second_person(*, but: int | None) -> bool:
    """Whether anybody else than the account `but` could be the second person who agrees to an invitation."""
    posts = Membership.objects.live().filter(role__in=CONFIRMERS, account__is_active=True)
    return (posts.exclude(account_id=but) if but is not None else posts).exists()


def membership_get(*, actor: Actor, pk: int) -> Membership:
    """One post with account, organisation and region; raises `NotFound` for those who may not see its people."""
    found = Membership.objects.select_related("account", "organisation__region", "region").filter(pk=pk).first()
    if found is None or not found.organisation.shows_people_to(actor):
        raise NotFound
    return found


def admin_mode_get(*, actor: Actor, pk: int) -> AdminMode:
    """One admin mode the actor may know of; raises `NotFound`."""
    found = admin_modes_visible(actor=actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def pages_visited(*, actor: Actor, mode: AdminMode, limit: int = 500) -> list[tuple[AuditEvent, str]]:
    """What was looked at and done in an admin mode, newest first, each with the name of the action."""
    rows = AuditEvent.objects.filter(account_id=mode.account_id, admin_mode_id=mode.pk).order_by("-id")
    return [(event, action_label(event.action)) for event in rows[:limit]]
