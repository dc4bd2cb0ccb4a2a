"""The map of projects: how many and how much money where, with the table that says the same."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.boards.selectors.places import Place, places_of
from duikou.boards.views.scope import BoardView, Scope
from duikou.kernel.money import Money
from duikou.projects.selectors import region_text

LEVELS = ("place", "province")


class ProjectMap(BoardView):
    """Circles at the places of both sides; a click opens the list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; `?level=province` counts cities in their province."""
        scope = Scope.of(request, self.actor)
        if scope is None:
            return self.render("boards/no_programme.html")
        level = request.GET.get("level", "")
        level = level if level in LEVELS else LEVELS[0]
        places = places_of(scope.rows, by_province=level == "province") if scope.wanted is not None else []
        rows = [(place, _list(request, place)) for place in places]
        context = {
            "scope": scope,
            "faults": scope.filters.faults(),
            "rows": rows,
            "map": {"places": [_drawn(place, url) for place, url in rows if place.region.centre]},
            "tabs": [_tab(request, one, level) for one in LEVELS],
        }
        return self.render("boards/map.html", context, status=200 if scope.wanted is not None else 400)


def _list(request: HttpRequest, place: Place) -> str:
    """The list of exactly the projects that a row counts."""
    query = request.GET.copy()
    for name in ("level", "cursor", "region"):
        query.pop(name, None)
    query["region"] = region_text(place.region)
    return f"{reverse('projects:list')}?{query.urlencode()}"


def _tab(request: HttpRequest, level: str, chosen: str) -> dict[str, Any]:
    query = [(name, value) for name, values in request.GET.lists() for value in values if name != "level"]
    labels = {"place": _("按登记的地区"), "province": _("按省级地区")}
    return {
        "label": labels[level],
        "url": f"?{urlencode([*query, ('level', level)])}",
        "active": level == chosen,
    }


def _drawn(place: Place, url: str) -> dict[str, Any]:
    return {
        "name": place.region.short_label,
        "at": place.region.centre,
        "count": place.count,
        "first": place.by_side.get("first", 0) >= place.by_side.get("second", 0),
        "url": url,
        "facts": [
            [_("项目"), str(place.count)],
            [_("计划投资"), _yi(place.planned)],
            [_("签约金额"), _yi(place.signed)],
            [_("完成投资"), _yi(place.completed)],
        ],
    }


def _yi(amount: Money | None) -> str:
    return "—" if amount is None else f"{amount.yi:,.2f} {_('亿元')}"
