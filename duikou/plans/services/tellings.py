"""Whom what is said and proposed in a draft is told to: the offices of the other side."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_noop

from duikou.flow.selectors import accounts_in
from duikou.flow.services.notices import Telling
from duikou.kernel.actor import OFFICE
from duikou.plans.models import Comment, PlanVersion, Suggestion
from duikou.plans.services.present import part_names
from duikou.plans.states import Side, SuggestionState

SAID = "plans.said"
_DECIDED = {
    SuggestionState.OPEN: gettext_noop("“%(plan)s”收到修改建议：%(part)s"),
    SuggestionState.ACCEPTED: gettext_noop("“%(plan)s”的修改建议已被采纳：%(part)s"),
    SuggestionState.DECLINED: gettext_noop("“%(plan)s”的修改建议未被采纳：%(part)s"),
    SuggestionState.WITHDRAWN: gettext_noop("“%(plan)s”的修改建议已撤回：%(part)s"),
}
_RELATED = ("version__plan__pairing__first_region", "version__plan__pairing__second_region")


def comment_told(comment_id: int) -> Telling | None:
    """The other side's offices hear of a remark; of an answer, whoever began the thread too."""
    row = Comment.objects.select_related("parent", *_RELATED).filter(pk=comment_id).first()
    if row is None:
        return None
    people: set[int | None] = set(_offices(row.version, _other(row.side)))
    if row.parent is not None and row.parent.author_id is not None:
        people.add(row.parent.author_id)
    title = gettext_noop("“%(plan)s”有新的意见：%(part)s")
    return _telling(f"plans.comment:{row.pk}", title, row, people - {row.author_id})


def suggestion_told(suggestion_id: int) -> Telling | None:
    """The other side hears of a proposal, and the side that made it how it was decided."""
    row = Suggestion.objects.select_related(*_RELATED).filter(pk=suggestion_id).first()
    if row is None:
        return None
    state = SuggestionState(row.state)
    waits = state in {SuggestionState.OPEN, SuggestionState.WITHDRAWN}
    people: set[int | None] = set(_offices(row.version, _other(row.side) if waits else (Side(row.side),)))
    return _telling(f"plans.suggestion:{row.pk}:{state.value}", _DECIDED[state], row, people)


def _other(side: str) -> tuple[Side, ...]:
    return tuple(one for one in Side if one.value != side)


def _offices(version: PlanVersion, sides: tuple[Side, ...]) -> list[int]:
    pairing = version.plan.pairing
    regions = {Side.FIRST: pairing.first_region, Side.SECOND: pairing.second_region}
    paths = [region.path for side in sides if (region := regions[side]) is not None]
    return accounts_in(roles=OFFICE, region_paths=paths)


def _telling(key: str, title: str, row: Comment | Suggestion, people: set[int | None]) -> Telling:
    part = part_names(row.version).get(str(row.uid), "") if row.uid else row.version.plan.title
    at = [row.version_id, row.uid] if row.uid else [row.version_id]
    url = reverse("plans:talk-part" if row.uid else "plans:talk", args=at)
    place = f"{url}#{'comment' if isinstance(row, Comment) else 'suggestion'}-{row.pk}"
    accounts = [one for one in people if one is not None]
    return Telling(key, SAID, title, place, accounts, {"plan": row.version.plan.title, "part": part})
