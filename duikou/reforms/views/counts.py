"""Stated numbers beside what rows say: the list, one of them with the rows behind, and a number on demand."""

from __future__ import annotations

import datetime as dt
import tempfile
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.columns import cells_of
from duikou.kernel.errors import Forbidden, Invalid
from duikou.kernel.keyset import keyset_page
from duikou.kernel.permissions import check
from duikou.kernel.sheets import Out, Writer
from duikou.reforms import policies
from duikou.reforms.forms import AskForm, CountForm, ReasonForm
from duikou.reforms.selectors import counts
from duikou.reforms.selectors.counts import Question
from duikou.reforms.selectors.lists import with_proof
from duikou.reforms.services.counts import count_state, count_withdraw
from duikou.reforms.services.exports import export_note
from duikou.reforms.tables import ADOPTIONS
from duikou.reforms.views.frame import FormPage, ReformPage, query_of

SHOWN = 500
BEHIND = ("measure", "region", "origin", "adopted_on", "document", "number", "file", "ended_on")
RELATED = ("measure__origin", "measure__topic", "region", "pairing", "unit")


class CountPage(ReformPage):
    """What is stated, by whom, and what rows say; below, a number for any day."""

    needs = "reforms.count.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Both lists and the answer."""
        form = AskForm(request.GET or None, regions=self.places.all)
        asked = self._asked(form)
        context = {
            "programme": self.places.programme,
            "programmes": self.programmes,
            "statements": self.statements(),
            "reported": self.reported(),
            "form": form,
            "asked": asked,
            "answer": counts.answer(actor=self.actor, question=asked),
            "list_url": _list_url(asked),
            "state": check(self.actor, policies.COUNT.code),
        }
        return self.render("reforms/counts.html", context, status=400 if form.is_bound and form.errors else 200)

    def _asked(self, form: AskForm) -> Question:
        data = form.cleaned_data if form.is_bound and form.is_valid() else {}
        return Question(
            self.places.programme,
            data.get("as_of") or today(),
            form.regions.get(data.get("region") or ""),
            form.regions.get(data.get("origin") or ""),
        )

    def statements(self) -> list[Any]:
        """Numbers that offices stated (one query)."""
        rows: QuerySet[Any] = counts.statements_listed(actor=self.actor, programme=self.places.programme)
        return [(row, row.value - row.counted) for row in rows.order_by("-as_of", "-id")[:SHOWN]]

    def reported(self) -> list[Any]:
        """Figures of the published records, with the difference (≤ 2 queries)."""
        rows: QuerySet[Any] = counts.reported_listed(actor=self.actor, programme=self.places.programme)
        return [(row, int(row.value or 0) - row.counted) for row in rows.order_by("-year", "id")[:SHOWN]]


class CountExport(CountPage):
    """Both lists as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        """One sheet: what is stated and what rows say."""
        stated, reported = self.statements(), self.reported()
        export_note(actor=self.actor, what="counts", query=query_of(request), rows=len(stated) + len(reported))
        head = [
            Out(_("推广地区"), "text", 22),
            Out(_("来源地区"), "text", 16),
            Out(_("截至日期"), "date"),
            Out(_("公布数"), "integer"),
            Out(_("登记数"), "integer"),
            Out(_("相差"), "integer"),
            Out(_("所指"), "text", 30),
            Out(_("来源"), "text", 30),
        ]
        rows: list[list[Any]] = [
            [
                *(row.region.label, row.origin.label if row.origin else "", row.as_of),
                *(row.value, row.counted, rest, row.label, row.source_name),
            ]
            for row, rest in stated
        ]
        rows += [
            [
                *(row.pairing.label if row.pairing else "", "", counts.day_of(row)),
                *(int(row.value or 0), row.counted, rest, row.label or row.title, row.source_name),
            ]
            for row, rest in reported
        ]
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        with Writer(target) as writer:
            writer.table(_("推广数对照"), head, rows)
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"{_('推广数对照')}-{today():%Y%m%d}.xlsx")


class CountNew(FormPage):
    """State a number."""

    needs = "reforms.count.write"

    def _form(self, data: Any = None) -> CountForm:
        regions = self.places.acted_for(self.actor)
        if not regions:
            raise Forbidden(_("您负责的地区不在这个方案的对口关系中。"))
        side = self.places.side_of(regions[0])
        return CountForm(
            data,
            programme=self.places.programme,
            regions=regions,
            origins=self.places.across(side),
            initial={"as_of": today()},
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return self.show(self._form(), _("登记公布的推广数"), back=reverse("reforms:counts"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it."""
        form = self._form(request.POST)

        def do() -> str:
            row = count_state(actor=self.actor, draft=form.draft())
            return reverse("reforms:count", args=[row.pk])

        return self.done(form, _("登记公布的推广数"), do, back=reverse("reforms:counts"))


class _Behind(ReformPage):
    """One number and the rows behind it."""

    needs = "reforms.count.read"

    def behind(self, request: HttpRequest, question: Question, stated: int, **more: Any) -> HttpResponse:
        """The difference explained, and one of the lists: counted, later, ended."""
        answer = counts.answer(actor=self.actor, question=question)
        which = request.GET.get("which", "counted")
        found = counts.list_kinds(question.rows(actor=self.actor), question.as_of)
        rows: QuerySet[Any] = with_proof(found.get(which, found["counted"])).select_related(*RELATED)
        page = keyset_page(rows, ADOPTIONS.order, request.GET.get("cursor", ""))
        columns = ADOPTIONS.chosen(BEHIND)
        context = {
            "programme": question.programme,
            "question": question,
            "stated": stated,
            "answer": answer,
            "difference": answer.beside(stated),
            "which": which if which in found else "counted",
            "tabs": self._tabs(which, answer),
            "page": page,
            "pager_page": {"previous": page.previous, "next": page.next, "total": rows.count()},
            "columns": columns,
            "rows": [(row, cells_of(row, columns)) for row in page.rows],
            "list_url": _list_url(question),
            **more,
        }
        return self.render("reforms/count.html", context)

    def _tabs(self, which: str, answer: counts.Answer) -> list[dict[str, Any]]:
        words = (
            ("counted", _("计入的"), answer.adoptions),
            ("later", _("此后才推广的"), answer.later),
            ("ended", _("此前已停止执行的"), answer.ended),
        )
        return [
            {"label": label, "url": f"?which={code}", "active": code == which, "count": number}
            for code, label, number in words
        ]


class Count(_Behind):
    """One stated number."""

    def get(self, request: HttpRequest, statement_id: int) -> HttpResponse:
        """The page."""
        row = counts.statement_visible(actor=self.actor, statement_id=statement_id)
        question = Question(row.programme, row.as_of, row.region, row.origin)
        more = {"statement": row, "withdraw": policies.withdraw_count(self.actor, row)}
        return self.behind(request, question, row.value, **more)


class Reported(_Behind):
    """One figure of the published records."""

    def get(self, request: HttpRequest, statistic_id: int) -> HttpResponse:
        """The page."""
        row = counts.reported_visible(actor=self.actor, statistic_id=statistic_id)
        as_of = counts.day_of(row) or dt.date(2100, 12, 31)
        question = Question(row.programme, as_of, pairing_id=row.pairing_id)
        return self.behind(request, question, int(row.value or 0), reported=row)


class CountWithdraw(FormPage):
    """A stated number was wrong."""

    needs = "reforms.count.write"

    def get(self, request: HttpRequest, statement_id: int) -> HttpResponse:
        """Ask why."""
        row = counts.statement_visible(actor=self.actor, statement_id=statement_id)
        policies.withdraw_count(self.actor, row).or_raise()
        return self.show(ReasonForm(), _("撤销"), back=reverse("reforms:count", args=[row.pk]))

    def post(self, request: HttpRequest, statement_id: int) -> HttpResponse:
        """Withdraw it."""
        row = counts.statement_visible(actor=self.actor, statement_id=statement_id)
        policies.withdraw_count(self.actor, row).or_raise()
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                count_withdraw(actor=self.actor, statement_id=statement_id, reason=form.cleaned_data["reason"])
                messages.success(request, _("已撤销，记录仍在审计中。"))
                return redirect("reforms:counts")
            except Invalid as bad:
                form.add_faults(bad.fields)
        return self.show(form, _("撤销"), back=reverse("reforms:count", args=[row.pk]))


def _list_url(question: Question) -> str:
    """The list of adoptions for the same place, origin and day."""
    query = {"programme": question.programme.code, "until": question.as_of.isoformat(), "state": "adopted"}
    if question.region is not None:
        query["region"] = question.region.adcode
    if question.origin is not None:
        query["origin"] = question.origin.adcode
    return f"{reverse('reforms:adoptions')}?{urlencode(query)}"
