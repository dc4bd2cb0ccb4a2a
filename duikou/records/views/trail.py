"""The audit trail for those who check."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duikou.kernel.clock import SHANGHAI, today
from duikou.kernel.sheets import Out, write_xlsx
from duikou.kernel.web import Page
from duikou.records import selectors
from duikou.records.forms import TrailFilter
from duikou.records.services.audit import SubjectRef, record

EXPORT_LIMIT = 200_000


class Trail(Page):
    """Search of the trail, newest first."""

    needs = "records.trail.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page."""
        form = TrailFilter(request.GET or None)
        page = selectors.events_page(actor=self.actor, query=form.query, cursor=request.GET.get("cursor", ""))
        context = {"form": form, "page": page, "state": selectors.trail_state(), "query": request.GET.urlencode()}
        return self.render("records/trail.html", context)


class Event(Page):
    """One event with what was before and after."""

    needs = "records.trail.read"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The event and its place in the chain."""
        event, link = selectors.event_shown(actor=self.actor, pk=pk)
        return self.render("records/event.html", {"event": event, "link": link})


class Export(Page):
    """The rows of a search as a workbook; the export itself is recorded."""

    needs = "records.trail.read"

    def post(self, request: HttpRequest) -> FileResponse:
        """Exactly what the filter finds, newest first, at most 200,000 rows."""
        form = TrailFilter(request.GET or None)
        target = TemporaryFile()  # noqa: SIM115 - the answer closes it
        rows = selectors.events_rows(actor=self.actor, query=form.query, limit=EXPORT_LIMIT)
        number = write_xlsx(target, str(_("审计记录")), _columns(), (_row(event) for event in rows))
        with transaction.atomic():
            record(
                actor=self.actor,
                action="records.trail.export",
                subject=SubjectRef("records.auditevent", "trail"),
                after={"rows": number, "query": request.GET.urlencode()},
            )
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"{_('审计记录')}-{today():%Y%m%d}.xlsx")


def _columns() -> list[Out]:
    return [
        Out(str(_("编号")), "integer", 10),
        Out(str(_("时间")), "text", 20),
        Out(str(_("行为者")), "text", 14),
        Out(str(_("主体名称")), "text", 24),
        Out(str(_("岗位")), "text", 14),
        Out(str(_("动作"))),
        Out(str(_("动作代码")), "text", 28),
        Out(str(_("对象类别"))),
        Out(str(_("对象编号")), "text", 12),
        Out(str(_("对象名称")), "text", 40),
        Out(str(_("变更")), "text", 60),
        Out(str(_("理由")), "text", 30),
    ]


def _row(event: selectors.Shown) -> list[Any]:
    changes = "\n".join(f"{field}: {before or '—'} → {after or '—'}" for field, before, after in event.changes)
    at = event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    return [
        event.id,
        at,
        event.who,
        event.where,
        event.role,
        event.what,
        event.action,
        event.kind_label,
        event.subject_id,
        event.label,
        changes,
        event.reason,
    ]
