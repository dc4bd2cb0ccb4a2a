"""Two versions of a plan beside each other."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duikou.kernel.errors import NotFound
from duikou.plans import selectors
from duikou.plans.models import PlanEntry
from duikou.plans.selectors import lists
from duikou.plans.services.compare import SAME, Comparison, compare, state_at
from duikou.plans.views.lists import PlanView


class Compare(PlanView):
    """What changed between two versions that the viewer may know of."""

    def get(self, request: HttpRequest, plan_id: int, old: int, new: int) -> HttpResponse:
        """Texts by character, the table by cell, in a constant number of queries."""
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        known = {one.number: one for one in lists.versions_of(actor=self.actor, plan=plan)}
        if old not in known or new not in known:
            raise NotFound
        found = compare(state_at(known[old]), state_at(known[new]))
        heading = _("第%(old)s版与第%(new)s版比较") % {"old": old, "new": new}
        return self.render("plans/compare.html", {**comparison_shown(found), "plan": plan, "heading": heading})


def comparison_shown(found: Comparison, only: str = "") -> dict[str, Any]:
    """What differs, with the names of the cells; `only`: of the part of this uid."""
    labels = {field.name: field.verbose_name for field in PlanEntry._meta.fields}
    labels["clauses"] = PlanEntry.clauses.field.verbose_name
    labels |= {"units": _("责任单位"), "money": _("资金")}
    return {
        "sections": [one for one in found.sections if one.kind != SAME and only in ("", one.uid)],
        "entries": [
            (one, [(labels.get(name, name), parts) for name, parts in one.cells])
            for one in found.entries
            if one.kind != SAME and only in ("", one.uid)
        ],
    }
