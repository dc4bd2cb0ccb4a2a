"""Remarks on a section, an entry or the whole version, answered and resolved."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, has_word
from duikou.plans import policies
from duikou.plans.models import Comment, PlanEntry, PlanSection, PlanVersion
from duikou.plans.selectors import version_visible
from duikou.plans.services.present import part_label
from duikou.records.services.audit import record

LONGEST = 4_000


@transaction.atomic
def comment_add(
    *, actor: Actor, version_id: int, text: str, uid: uuid.UUID | None = None, parent_id: int | None = None
) -> Comment:
    """Say something of the part `uid` (None: the version), or answer `parent_id`; an answer stands at its thread.

    Raises `Invalid` for an empty or too long text, `NotFound` for a part or thread that is not in this version.
    """
    version = _writable(actor, version_id)
    text = clean(text)
    if not has_word(text):
        raise Invalid(fields={"text": [_("请填写意见。")]})
    if len(text) > LONGEST:
        raise Invalid(fields={"text": [_("最多%(limit)s个字。") % {"limit": LONGEST}]})
    parent = None
    if parent_id is not None:
        parent = Comment.objects.filter(pk=parent_id, version=version).select_related("parent").first()
        if parent is None:
            raise NotFound
        parent = parent.parent or parent
        uid = parent.uid
    elif uid is not None and not _is_there(version, uid):
        raise NotFound
    side = policies.side_of(actor, version.plan.pairing)
    comment = Comment.objects.create(
        version=version,
        uid=uid,
        parent=parent,
        text=text,
        author_id=actor.account_id,
        author_name=actor.name[:150],
        side=side.value if side else "",
        at=now(),
    )
    record(
        actor=actor,
        action="plans.comment.added",
        subject=version,
        after={"about": part_label(version, uid), "text": text},
    )
    announce("plans.comment.added", comment_id=comment.pk)
    return comment


@transaction.atomic
def comment_resolve(*, actor: Actor, comment_id: int) -> Comment:
    """The thread is dealt with; raises `Conflict` with the name when somebody has said so already."""
    return _set(actor, comment_id, is_done=True)


@transaction.atomic
def comment_reopen(*, actor: Actor, comment_id: int) -> Comment:
    """It is not, after all."""
    return _set(actor, comment_id, is_done=False)


def comment_of(*, version: PlanVersion, comment_id: int) -> Comment:
    """A remark of this version; raises `NotFound`."""
    found = Comment.objects.filter(pk=comment_id, version=version).first()
    if found is None:
        raise NotFound
    return found


def _set(actor: Actor, comment_id: int, *, is_done: bool) -> Comment:
    comment = Comment.objects.filter(pk=comment_id, parent=None).first()
    if comment is None:
        raise NotFound
    version = _writable(actor, comment.version_id)
    who = (
        {"resolved_at": now(), "resolved_by": actor.name[:150]} if is_done else {"resolved_at": None, "resolved_by": ""}
    )
    changed = Comment.objects.filter(pk=comment_id, resolved_at__isnull=is_done).update(**who)
    if not changed:
        message = (
            _("%(name)s已把这条意见标为解决。") % {"name": comment.resolved_by} if is_done else _("这条意见没有解决。")
        )
        raise Conflict(message)
    action = "plans.comment.resolved" if is_done else "plans.comment.reopened"
    record(
        actor=actor,
        action=action,
        subject=version,
        after={"about": part_label(version, comment.uid), "text": comment.text},
    )
    comment.refresh_from_db()
    return comment


def _writable(actor: Actor, version_id: int) -> PlanVersion:
    version = version_visible(actor=actor, version_id=version_id)
    policies.write(actor, version).or_raise()
    return version


def _is_there(version: PlanVersion, uid: uuid.UUID) -> bool:
    return (
        PlanSection.objects.filter(version=version, uid=uid).exists()
        or PlanEntry.objects.filter(version=version, uid=uid).exists()
    )
