"""What stands around the text of a version: who changed what, what is said and proposed. Each read is one query."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from duikou.plans.models import Comment, PlanVersion, Revision, Suggestion
from duikou.plans.states import SuggestionState

_OPEN_ONES = Count("id", filter=Q(resolved_at=None))
MOST_TOLD = 100
"""So many changes are told one by one; who has missed more reads the page anew."""


@dataclass(frozen=True, slots=True)
class Talk:
    """How much is said at one part: open threads, all threads, proposals that wait."""

    threads: int = 0
    every: int = 0
    proposals: int = 0


@dataclass(slots=True)
class Thread:
    """A remark with its answers."""

    head: Comment
    answers: list[Comment] = field(default_factory=list)


def talk_counts(version: PlanVersion) -> dict[str, Talk]:
    """uid of a part ("" for the whole) → what is said of it (two queries)."""
    heads = Comment.objects.filter(version=version, parent=None).order_by().values_list("uid")
    threads = {uid: (n, every) for uid, n, every in heads.annotate(n=_OPEN_ONES, every=Count("id"))}
    waiting = Suggestion.objects.filter(version=version, state=SuggestionState.OPEN).order_by()
    proposals = dict(waiting.values_list("uid").annotate(n=Count("id")))
    return {str(uid or ""): Talk(*threads.get(uid, (0, 0)), proposals.get(uid, 0)) for uid in {*threads, *proposals}}


def threads_of(version: PlanVersion, *, uid: uuid.UUID | None = None, is_open: bool = False) -> QuerySet[Comment]:
    """Heads of threads, of one part or of all."""
    rows = Comment.objects.filter(version=version, parent=None).order_by("-id")
    if uid is not None:
        rows = rows.filter(uid=uid)
    return rows.filter(resolved_at=None) if is_open else rows


def with_answers(heads: list[Comment]) -> list[Thread]:
    """Each thread whole."""
    found = {head.pk: Thread(head) for head in heads}
    for answer in Comment.objects.filter(parent__in=found).order_by("id"):
        found[answer.parent_id or 0].answers.append(answer)
    return list(found.values())


def suggestions_of(
    version: PlanVersion, *, uid: uuid.UUID | None = None, is_open: bool = False
) -> QuerySet[Suggestion]:
    """Proposals, the latest first."""
    rows = Suggestion.objects.filter(version=version).order_by("-id")
    if uid is not None:
        rows = rows.filter(uid=uid)
    return rows.filter(state=SuggestionState.OPEN) if is_open else rows


def revisions_since(version_id: int, number: int) -> list[Revision]:
    """The latest change of each part after the version's revision `number`, in order, without the contents."""
    rows = Revision.objects.filter(version=version_id, number__gt=number).order_by("-number")
    latest: dict[uuid.UUID, Revision] = {}
    for row in rows.defer("content")[:MOST_TOLD]:
        latest.setdefault(row.uid, row)
    return sorted(latest.values(), key=lambda row: row.number)


def revisions_of(version: PlanVersion, *, uid: uuid.UUID | None = None) -> QuerySet[Revision]:
    """Every change of a version, or of one part of it, the latest first."""
    rows = Revision.objects.filter(version=version)
    return (rows if uid is None else rows.filter(uid=uid)).order_by("-number")
