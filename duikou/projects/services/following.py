"""Following projects, cells of the matrix and saved views."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.flow.models import MailMode
from duikou.flow.selectors.views import view_for
from duikou.kernel import permissions
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, NotFound
from duikou.programme.models import Clause, Pairing
from duikou.projects import policies
from duikou.projects.models import Subscription
from duikou.projects.selectors.scope import projects_visible
from duikou.records.services.audit import record

MOST = 200
"""Things that one person may follow."""


def follow_project(*, actor: Actor, project_id: int) -> Subscription:
    """Follow one project that the actor may know of; again gives the same. Raises `NotFound`."""
    project = projects_visible(actor=actor).filter(pk=project_id).first()
    if project is None:
        raise NotFound
    return _follow(actor, project=project)


def follow_cell(*, actor: Actor, pairing_code: str, clause_code: str, programme_id: int) -> Subscription:
    """Follow one pairing (with what lies in it) under one clause. Raises `NotFound`."""
    pairing = Pairing.objects.filter(programme_id=programme_id, code=pairing_code).first()
    clause = Clause.objects.filter(programme_id=programme_id, code=clause_code).first()
    if pairing is None or clause is None:
        raise NotFound
    return _follow(actor, pairing=pairing, clause=clause)


def follow_view(*, actor: Actor, view_id: int) -> Subscription:
    """Follow what a saved view of projects shows, one's own or a shared one. Raises `NotFound`."""
    view = view_for(actor=actor, pk=view_id)
    if view.list != "projects:list":
        raise NotFound
    return _follow(actor, view=view)


@transaction.atomic
def _follow(actor: Actor, **target: Any) -> Subscription:
    policies.browse(actor).or_raise()
    permissions.check(actor, policies.FOLLOW.code).or_raise()
    if actor.account_id is None or actor.membership_id is None:
        raise NotFound
    mine = Subscription.objects.filter(account_id=actor.account_id)
    if mine.count() >= MOST and not mine.filter(**target).exists():
        raise Conflict(_("一个人最多关注%(most)d项，请先取消不再需要的。") % {"most": MOST})
    found, is_new = Subscription.objects.get_or_create(
        account_id=actor.account_id, **target, defaults={"post_id": actor.membership_id, "created_at": now()}
    )
    if is_new:
        record(actor=actor, action="projects.subscription.begun", subject=found)
    elif found.post_id != actor.membership_id:
        Subscription.objects.filter(pk=found.pk).update(post_id=actor.membership_id)
    return found


@transaction.atomic
def follow_end(*, actor: Actor, subscription_id: int) -> None:
    """Follow it no longer; nothing happens when that is so already."""
    found = _mine(actor, subscription_id)
    if found is not None:
        record(actor=actor, action="projects.subscription.ended", subject=found)
        found.delete()


@transaction.atomic
def follow_mail(*, actor: Actor, subscription_id: int, mail: MailMode) -> None:
    """How its mail goes. Raises `NotFound`."""
    found = _mine(actor, subscription_id)
    if found is None:
        raise NotFound
    if found.mail != mail.value:
        record(
            actor=actor,
            action="projects.subscription.mail",
            subject=found,
            before={"mail": found.mail},
            after={"mail": mail.value},
        )
        found.mail = mail.value
        found.save(update_fields=["mail"])


def _mine(actor: Actor, subscription_id: int) -> Subscription | None:
    permissions.check(actor, policies.FOLLOW.code).or_raise()
    if actor.account_id is None:
        return None
    return Subscription.objects.filter(pk=subscription_id, account_id=actor.account_id).first()
