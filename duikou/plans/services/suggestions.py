"""A wording that one side proposes; only the other side takes it, and then it is saved like any other change."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.rich_text import from_plain, safe_html
from duikou.kernel.text import clean, has_word
from duikou.plans import policies
from duikou.plans.models import PlanVersion, Suggestion
from duikou.plans.selectors import version_visible
from duikou.plans.services.entries import EntryDraft, entry_content, entry_save
from duikou.plans.services.present import part_label
from duikou.plans.services.sections import SectionDraft, section_content, section_of, section_save
from duikou.plans.states import SuggestionState
from duikou.records.services.audit import record

FIELDS = {"section": ("heading", "body"), "entry": ("title", "measure", "target")}
LONGEST = 200_000


@transaction.atomic
def suggestion_make(
    *, actor: Actor, version_id: int, subject: str, uid: uuid.UUID, field: str, text: str, reason: str = ""
) -> Suggestion:
    """Propose `text` for a field; what the field says now is kept beside it. Raises `Invalid` by field."""
    version = _writable(actor, version_id)
    side = policies.side_of(actor, version.plan.pairing)
    if side is None:
        raise Forbidden(_("修改建议由对口关系的一侧向另一侧提出。"))
    if field not in FIELDS.get(subject, ()):
        raise Invalid(fields={"field": [_("没有这一项。")]})
    if len(text) > LONGEST or len(reason) > 500:
        raise Invalid(fields={"text": [_("最多%(limit)s个字。") % {"limit": LONGEST if len(text) > LONGEST else 500}]})
    if field == "body":
        text = safe_html(text) if "<" in text else from_plain(text)
    before = str(_present(version, subject, uid)[0][field])
    if (text := clean(text)) == before:
        raise Invalid(fields={"text": [_("建议文字与原文相同。")]})
    found = Suggestion.objects.create(
        version=version,
        subject=subject,
        uid=uid,
        field=field,
        before=before,
        text=text,
        reason=clean(reason),
        author_id=actor.account_id,
        author_name=actor.name[:150],
        side=side.value,
        at=now(),
    )
    _told(actor, version, found, "made")
    return found


@transaction.atomic
def suggestion_accept(*, actor: Actor, suggestion_id: int) -> Suggestion:
    """The other side takes it; the field must still say what the proposal was made for, else `Conflict`."""
    found, version = _open(actor, suggestion_id)
    _refuse_own(actor, version, found)
    content, revision = _present(version, found.subject, found.uid)
    if content[found.field] != found.before:
        raise Conflict(_("提出建议之后原文已经改变，请对照现在的文字重新提出。"))
    at: dict[str, Any] = {"actor": actor, "version_id": version.pk, "uid": found.uid, "revision": revision}
    at["proposed_by"] = found.author_name
    change: dict[str, Any] = {found.field: found.text}
    if found.subject == "section":
        section_save(**at, draft=replace(SectionDraft.of(content), **change))
    else:
        entry_save(**at, draft=replace(EntryDraft.of(content), **change))
    return _decided(actor, version, found, SuggestionState.ACCEPTED)


@transaction.atomic
def suggestion_decline(*, actor: Actor, suggestion_id: int, reason: str) -> Suggestion:
    """The other side does not take it, and says why; raises `Invalid` without a reason."""
    found, version = _open(actor, suggestion_id)
    _refuse_own(actor, version, found)
    if not has_word(reason := clean(reason)):
        raise Invalid(fields={"reason": [_("请写明不采纳的理由。")]})
    if len(reason) > 500:
        raise Invalid(fields={"reason": [_("最多%(limit)s个字。") % {"limit": 500}]})
    return _decided(actor, version, found, SuggestionState.DECLINED, reason)


@transaction.atomic
def suggestion_withdraw(*, actor: Actor, suggestion_id: int) -> Suggestion:
    """The side that made it takes it back."""
    found, version = _open(actor, suggestion_id)
    if policies.side_of(actor, version.plan.pairing) != found.side:
        raise Forbidden(_("只能撤回本侧提出的建议。"))
    return _decided(actor, version, found, SuggestionState.WITHDRAWN)


def suggestion_of(*, version: PlanVersion, suggestion_id: int) -> Suggestion:
    """A proposal of this version; raises `NotFound`."""
    found = Suggestion.objects.filter(pk=suggestion_id, version=version).first()
    if found is None:
        raise NotFound
    return found


def _open(actor: Actor, suggestion_id: int) -> tuple[Suggestion, PlanVersion]:
    found = Suggestion.objects.filter(pk=suggestion_id).first()
    if found is None:
        raise NotFound
    version = _writable(actor, found.version_id)
    if found.state != SuggestionState.OPEN:
        raise Conflict(
            _("%(name)s已处理这条建议：%(state)s。") % {"name": found.decided_by, "state": found.get_state_display()}
        )
    return found, version


def _decided(
    actor: Actor, version: PlanVersion, found: Suggestion, state: SuggestionState, answer: str = ""
) -> Suggestion:
    rows = Suggestion.objects.filter(pk=found.pk, state=SuggestionState.OPEN)
    if not rows.update(state=state, decided_by=actor.name[:150], decided_at=now(), answer=answer):
        raise Conflict(_("这条建议刚刚已被处理。"))
    found.refresh_from_db()
    _told(actor, version, found, str(state.value))
    return found


def _told(actor: Actor, version: PlanVersion, found: Suggestion, verb: str) -> None:
    after = {
        "about": part_label(version, found.uid),
        "field": found.field,
        "before": found.before[:400],
        "text": found.text[:400],
    }
    after |= {name: value for name, value in (("author", found.author_name), ("answer", found.answer)) if value}
    record(actor=actor, action=f"plans.suggestion.{verb}", subject=version, after=after, reason=found.reason)
    announce("plans.suggestion.changed", suggestion_id=found.pk)


def _refuse_own(actor: Actor, version: PlanVersion, found: Suggestion) -> None:
    if policies.side_of(actor, version.plan.pairing) == found.side:
        raise Forbidden(_("建议由另一侧决定是否采纳，本侧可以撤回。"))


def _present(version: PlanVersion, subject: str, uid: uuid.UUID) -> tuple[dict[str, Any], int]:
    if subject == "entry":
        return entry_content(version=version, uid=uid)
    section = section_of(version.pk, uid)
    return section_content(section), section.revision


def _writable(actor: Actor, version_id: int) -> PlanVersion:
    version = version_visible(actor=actor, version_id=version_id)
    policies.write(actor, version).or_raise()
    return version
