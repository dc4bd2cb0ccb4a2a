"""The Gantt: a page with the table that is the truth, and the feed that its picture is drawn from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from duikou.boards.selectors import bars as reads
from duikou.boards.services.printing import gantt_print, most_rows
from duikou.boards.states import SHEETS
from duikou.boards.tables import BARS
from duikou.boards.views.scope import BoardView, Scope
from duikou.kernel.clock import today
from duikou.kernel.columns import cells_of
from duikou.kernel.errors import Invalid, NotFound, TooLarge
from duikou.kernel.keyset import Order, keyset_page
from duikou.projects.models import Project
from duikou.schedule.models import Milestone

ORDER = Order("id", descending=True)


class Gantt(BoardView):
    """Bars of everything the filters leave, or of one project with its parts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page: one page of the table; the picture loads its feed."""
        one = request.GET.get("project", "")
        if one:
            return self._one(request, one)
        scope = Scope.of(request, self.actor)
        if scope is None:
            return self.render("boards/no_programme.html")
        page = keyset_page(scope.rows, ORDER, request.GET.get("cursor", ""))
        count = scope.count
        context = {
            "scope": scope,
            "faults": scope.filters.faults(),
            "count": count,
            "pager_page": {
                "previous": page.previous,
                "next": page.next,
                "total": None if count.more else count.number,
            },
            "too_many": count.more or count.number > reads.MOST,
            "most": reads.MOST,
            **self._table(request, page.rows),
        }
        return self.render("boards/gantt.html", context, status=200 if scope.wanted is not None else 400)

    def _one(self, request: HttpRequest, text: str) -> HttpResponse:
        projects = reads.family_bars(actor=self.actor, project_id=whole(text))
        context = {"project": projects[0], **self._table(request, projects)}
        return self.render("boards/gantt.html", context)

    def _table(self, request: HttpRequest, projects: list[Project]) -> dict[str, Any]:
        columns = BARS.chosen(request.GET.getlist("columns"))
        query = request.GET.copy()
        query.pop("cursor", None)
        return {
            "columns": columns,
            "chooser": BARS.chooser(columns),
            "rows": [(bar, cells_of(bar, columns)) for bar in reads.bars_of(projects)],
            "feed": f"{reverse('boards:gantt-feed')}?{query.urlencode()}",
            "query": query.urlencode(),
            "papers": sorted(SHEETS, reverse=True),
        }


class GanttFeed(BoardView):
    """The picture's rows, a page at a time, in a constant number of queries."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """JSON: `rows`, `links` (before, after, days), `next` (the address of the next page or null)."""
        one = request.GET.get("project", "")
        if one:
            projects = reads.family_bars(actor=self.actor, project_id=whole(one))
            return _json(projects, None, milestones_as_rows=True)
        scope = Scope.of(request, self.actor)
        if scope is None or scope.wanted is None:
            raise Invalid(fields={"": scope.filters.faults() if scope else []})
        page = keyset_page(scope.rows, ORDER, request.GET.get("cursor", ""), size=reads.FEED)
        following = None
        if page.next:
            query = request.GET.copy()
            query["cursor"] = page.next
            following = f"{request.path}?{query.urlencode()}"
        return _json(page.rows, following)


def _json(projects: list[Project], following: str | None, *, milestones_as_rows: bool = False) -> JsonResponse:
    bars = reads.bars_of(projects)
    rows: list[dict[str, Any]] = []
    for place, bar in enumerate(bars):
        rows.append(_row(bar))
        if milestones_as_rows and place == 0:
            rows += [_milestone_row(row) for row in bar.milestones]
    return JsonResponse({"rows": rows, "links": reads.links_among(bars), "next": following})


def _row(bar: reads.Bar) -> dict[str, Any]:
    project = bar.project
    return {
        "name": project.name,
        "note": f"{project.pairing.label} · {project.state_label}",
        "state": project.state,
        "url": reverse("projects:project", args=[project.pk]),
        "planned": _span(bar.planned),
        "baseline": _span(bar.baseline),
        "going": _span(bar.going),
        "finished": bar.is_finished,
        "progress": bar.progress,
        "late": bar.overdue,
        "marks": [_mark(row) for row in bar.milestones],
    }


def _milestone_row(row: Milestone) -> dict[str, Any]:
    return {
        "name": row.label,
        "note": str(row.standing.label),
        "state": "",
        "url": reverse("schedule:milestone", args=[row.pk]),
        "inner": True,
        "marks": [_mark(row)],
        "late": int(row.standing == "overdue"),
    }


def _mark(row: Milestone) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.label,
        "on": row.expected_on.isoformat(),
        "planned": row.planned_on.isoformat() if row.planned_on else None,
        "baseline": row.baseline_on.isoformat() if row.baseline_on else None,
        "standing": row.standing.value,
    }


def _span(span: reads.Span) -> list[str | None] | None:
    if not span.is_known:
        return None
    return [day.isoformat() if day else None for day in (span.start, span.finish)]


def whole(text: str) -> int:
    """The id that an address names; raises `NotFound` for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotFound
    return int(text)


class GanttPrint(BoardView):
    """The same bars on A4 or A3, rows and years paged."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The PDF; what would be too many pages is refused with what to do."""
        paper = request.GET.get("paper", "a4")
        if paper not in SHEETS:
            raise Invalid(_("只能打印在A4或A3纸上。"))
        one = request.GET.get("project", "")
        if one:
            projects = reads.family_bars(actor=self.actor, project_id=whole(one))
            title, said = projects[0].name, projects[0].pairing.label
        else:
            scope = Scope.of(request, self.actor)
            if scope is None or scope.wanted is None:
                raise Invalid(_("筛选条件有误，请先在列表中改正。"))
            most = most_rows(paper)
            projects = list(scope.rows.order_by("-id")[: most + 1])
            if len(projects) > most:
                raise TooLarge(_("超过%(most)d个项目，不能打印：请用筛选条件缩小范围。") % {"most": most})
            title, said = scope.programme.label, scope.said
        bars = sorted(reads.bars_of(projects), key=reads.first_day)
        query = request.GET.urlencode()
        data = gantt_print(actor=self.actor, bars=bars, paper=paper, title=title, scope=said, query=query)
        answer = HttpResponse(data, content_type="application/pdf")
        name = f"{_('甘特图')}-{today():%Y%m%d}.pdf"
        answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
        return answer
