"""Texts of a plan and what is said of them: what went, what came, whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from duikou.plans.models import PlanEntry, PlanSection, PlanVersion, Suggestion
from duikou.plans.rules.diff import pieces, rows
from duikou.plans.states import Side

register = template.Library()


@register.inclusion_tag("plans/parts/changes.html")
def changes(old: str, new: str) -> dict[str, Any]:
    """How `new` came from `old`, both safe HTML, paragraph by paragraph and word by word."""
    return {"rows": rows(old, new), "empty": not old and not new}


@register.inclusion_tag("plans/parts/proposed.html")
def proposed(one: Suggestion) -> dict[str, Any]:
    """The wording that a suggestion proposes, against the one it was made for."""
    if one.field == "body":
        return {"is_rich": True, "rows": rows(one.before, one.text), "empty": False}
    return {"is_rich": False, "pieces": pieces(one.before, one.text)}


@register.simple_tag
def side_name(version: PlanVersion, side: str) -> str:
    """What everybody calls a side: its region."""
    pairing = version.plan.pairing
    return {Side.FIRST.value: pairing.first_region.label, Side.SECOND.value: pairing.second_label}.get(side, "")


@register.simple_tag
def part_name(names: Mapping[str, str], uid: Any) -> str:
    """The heading or title of a part; its absence says nothing here."""
    return names.get(str(uid), "—")


@register.simple_tag
def part_label(one: Suggestion) -> str:
    """What the field of a suggestion is called."""
    model = PlanSection if one.subject == "section" else PlanEntry
    return str(model._meta.get_field(one.field).verbose_name)  # type: ignore[union-attr]
