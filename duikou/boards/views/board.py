"""The board by state: a card taken to another column is a step of its project, with every gate of that step."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.boards.selectors.cards import columns_of
from duikou.boards.views.gantt import whole
from duikou.boards.views.scope import BoardView, Scope
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden, Invalid
from duikou.projects.selectors import project_visible
from duikou.projects.selectors.moves import moves_of
from duikou.projects.services.steps import project_step

ASKED = {"state_as_of", "reason"}
"""What the step's own form asks for; anything else has to be mended on the project first."""


class Board(BoardView):
    """Columns by state, each with its own pages."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The board; every card also has a menu to the pages of its steps, so that nothing needs dragging."""
        scope = Scope.of(request, self.actor, without=("state",))
        if scope is None:
            return self.render("boards/no_programme.html")
        if scope.wanted is None:
            return self.render("boards/board.html", {"scope": scope, "faults": scope.filters.faults()}, status=400)
        columns = columns_of(
            actor=self.actor,
            programme=scope.programme,
            pairings=scope.pairings,
            wanted=scope.wanted,
            rows=scope.rows,
            cursors=request.GET.dict(),
        )
        context = {
            "scope": scope,
            "columns": columns,
            "is_empty": not any(column.cards for column in columns),
            "labels": {column.state: column.label for column in columns},
        }
        return self.render("boards/board.html", context)


class BoardMove(BoardView):
    """A card was dropped on another column."""

    needs = "boards.board.move"

    def post(self, request: HttpRequest) -> HttpResponse:
        """JSON: `done`, or `form` (the address of the step's page, which asks for the rest), or `refused` (why not)."""
        project = project_visible(actor=self.actor, project_id=whole(request.POST.get("project", "")))
        state, version = request.POST.get("state", ""), request.POST.get("version", "")
        move = next((one for one in moves_of(project) if one.target == state), None)
        if move is None:
            words = {"state": project.state_label}
            return self._refused(_("项目%(state)s，没有直接到那一列的步骤。") % words)
        try:
            project_step(
                actor=self.actor,
                project_id=project.pk,
                version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1,
                verb=move.verb,
                **_given(move.verb),
            )
        except Invalid as bad:
            if set(bad.fields) <= ASKED:
                return JsonResponse({"form": reverse("projects:project-step", args=[project.pk, move.verb])})
            return self._refused(" ".join(text for texts in bad.fields.values() for text in texts))
        except (Conflict, Forbidden) as refused:
            return self._refused(refused.message)
        return JsonResponse({"done": True})

    def _refused(self, why: str) -> JsonResponse:
        return JsonResponse({"refused": why}, status=409)


def _given(verb: str) -> dict[str, Any]:
    """A step that asks for nothing happens today; one that asks for a day or a reason is asked on its own page."""
    return (
        {"on": today()}
        if verb in {"negotiate", "resume_talks", "resume_signed", "resume_work", "resume_production"}
        else {}
    )
