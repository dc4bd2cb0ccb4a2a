"""Questions between regions about a measure, remarks of ministries, and the answers."""

from __future__ import annotations

from django.db import transaction

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import NotFound
from duikou.kernel.facts import announce
from duikou.records.services.audit import record
from duikou.reforms import policies
from duikou.reforms.models import ReformMeasure, Talk
from duikou.reforms.selectors.scope import measures_visible, thread_visible
from duikou.reforms.services.text import words
from duikou.reforms.services.waiting import question_waits, question_waits_no_more
from duikou.reforms.states import TalkKind


@transaction.atomic
def talk_add(*, actor: Actor, measure_id: int, text: str, kind: str = TalkKind.QUESTION.value) -> Talk:
    """Ask of a measure, or remark on it; a question waits for the office of its origin. Raises `Invalid`."""
    related = ("origin", "programme", "owner")
    measure = measures_visible(actor=actor).filter(pk=measure_id).select_related(*related).first()
    if measure is None:
        raise NotFound
    policies.talk(actor, measure, kind).or_raise()
    text = words(text, "text")
    known = Talk.objects.filter(
        measure=measure, parent=None, kind=kind, text=text, account=actor.account_id, answered_at=None
    ).first()
    if known is not None and kind == TalkKind.QUESTION:
        return known
    row = _said(actor, measure, kind, text)
    said = "asked" if kind == TalkKind.QUESTION else "commented"
    record(actor=actor, action=f"reforms.talk.{said}", subject=measure, after={"text": text})
    if kind == TalkKind.QUESTION:
        question_waits(actor=actor, question=row)
    announce("reforms.talk.opened", talk_id=row.pk)
    return row


@transaction.atomic
def talk_reply(*, actor: Actor, talk_id: int, text: str) -> Talk:
    """Say something in a thread; the first reply of the origin's office answers a question, and all may read it."""
    thread = thread_visible(actor=actor, talk_id=talk_id)
    policies.reply(actor, thread).or_raise()
    text = words(text, "text")
    last = Talk.objects.filter(parent=thread).order_by("-id").first()
    if last is not None and last.text == text and last.account_id == actor.account_id:
        return last
    row = _said(actor, thread.measure, TalkKind.REPLY.value, text, thread)
    if row.is_owner and thread.kind == TalkKind.QUESTION and thread.answered_at is None:
        Talk.objects.filter(pk=thread.pk, answered_at=None).update(answered_at=row.at)
        question_waits_no_more(actor=actor, question=thread)
    record(actor=actor, action="reforms.talk.replied", subject=thread.measure, after={"text": text})
    announce("reforms.talk.replied", talk_id=row.pk)
    return row


def _said(actor: Actor, measure: ReformMeasure, kind: str, text: str, parent: Talk | None = None) -> Talk:
    return Talk.objects.create(
        measure=measure,
        parent=parent,
        kind=kind,
        text=text,
        region_id=actor.region_id,
        account_id=actor.account_id,
        author_name=actor.name[:150],
        organisation_name=actor.organisation_name[:200],
        is_owner=policies.acts_for(actor, measure.origin),
        at=now(),
    )
