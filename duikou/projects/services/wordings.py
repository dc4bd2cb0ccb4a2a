"""The editable table that reads a source's wording of a state."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid, Stale
from duikou.kernel.permissions import check
from duikou.kernel.text import clean, near_key
from duikou.projects import policies
from duikou.projects.models import StateWording
from duikou.projects.states import ProjectState
from duikou.records.services.audit import record


def wording_key(wording: str) -> str:
    """How wordings are compared."""
    return near_key(wording)[:100]


def wording_states() -> dict[str, ProjectState | None]:
    """The whole table by key (a few dozen rows): a state, or None for a wording that speaks of a count."""
    return {row.key: ProjectState(row.state) if row.state else None for row in StateWording.objects.all()}


@transaction.atomic
def wording_save(
    *, actor: Actor, wording: str, state: ProjectState | None, note: str = "", version: int | None = None
) -> StateWording:
    """Add a wording or change what it stands for; projects already recorded keep state and wording.

    `version` guards a change; raises `Invalid` for an empty wording, `Stale`.
    """
    if not policies.is_platform(actor):
        check(actor, policies.WORDING.code).or_raise()
    wording = clean(wording)
    key = wording_key(wording)
    if not key or len(wording) > 100:
        raise Invalid(fields={"wording": [_("请填写状态原文，最多100个字。")]})
    row = StateWording.objects.select_for_update().filter(key=key).first()
    if row is not None and version is not None and row.version != version:
        raise Stale
    before = {"state": row.state, "note": row.note} if row else None
    row = row or StateWording(key=key, version=0)
    row.wording, row.state, row.note = wording, state.value if state else "", clean(note)[:200]
    row.version += 1
    row.save()
    record(
        actor=actor,
        action="projects.wording.saved",
        subject=row,
        before=before,
        after={"state": row.state, "note": row.note},
    )
    return row
