"""Reading the address of a board: which programme, which projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from duikou.boards import policies
from duikou.boards.filters import BoardFilters
from duikou.boards.selectors.bars import bar_rows
from duikou.kernel.actor import Actor
from duikou.kernel.web import Page
from duikou.programme.models import Pairing, Programme
from duikou.projects import selectors
from duikou.projects.models import Project


class BoardView(Page):
    """A page of this room: whoever may read projects may read it."""

    needs = "boards.board.read"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An operator outside admin mode is told why not."""
        if request.actor.is_signed_in:
            policies.browse(request.actor).or_raise()
        return super().dispatch(request, *args, **kwargs)


@dataclass(frozen=True, slots=True)
class Scope:
    """One reading of the address; `wanted` is None when it cannot be read."""

    actor: Actor
    programme: Programme
    programmes: list[Programme]
    pairings: list[Pairing]
    filters: BoardFilters
    wanted: selectors.ListFilter | None
    rows: QuerySet[Project]

    @classmethod
    def of(cls, request: HttpRequest, actor: Actor, *, without: tuple[str, ...] = ()) -> Scope | None:
        """From the address; None when no programme is loaded."""
        programmes = selectors.programmes_open()
        programme = selectors.programme_chosen(request.GET.get("programme", ""), programmes)
        if programme is None:
            return None
        pairings = selectors.pairings_of(programme)
        filters = BoardFilters(request.GET, programme=programme, pairings=pairings, without=without)
        wanted = filters.wanted()
        rows = Project.objects.none()
        if wanted is not None:
            found = selectors.list_query(actor=actor, programme=programme, pairings=pairings, wanted=wanted)
            rows = bar_rows(found)
        return cls(actor, programme, programmes, pairings, filters, wanted, rows)

    @property
    def said(self) -> str:
        """What is shown, in words: the filters in force, or everything the viewer may know of."""
        form: Any = self.filters
        found = []
        for name, field in form.fields.items():
            labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
            values = [labels.get(value, value) for value in form.data.getlist(name) if value.strip()]
            if values:
                found.append(f"{field.label}：{_('、').join(values)}")
        return _("；").join(found) or _("可见的全部项目")

    @property
    def count(self) -> selectors.Count:
        """How many projects there are: from the kept sums where they can say."""
        if self.wanted is None:
            return selectors.Count(0)
        return selectors.list_count(
            actor=self.actor,
            programme=self.programme,
            pairings=self.pairings,
            wanted=self.wanted,
            query=self.rows.select_related(None).defer(None),
        )
