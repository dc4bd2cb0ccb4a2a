"""Official figures of companies: entering, correcting, handing in, accepting, sending back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.permissions import check
from duikou.parks import policies, selectors
from duikou.parks.forms import FigureForm, ReasonForm, figure_initial
from duikou.parks.models import OfficialFigure, Park, Resident
from duikou.parks.rules.spans import Span, span_of_text
from duikou.parks.selectors.page import review_rows, spans_waiting
from duikou.parks.services.figures import figure_drop, figure_save
from duikou.parks.services.reading import reading_note
from duikou.parks.services.review import figures_accept, figures_return, figures_submit
from duikou.parks.states import ReviewState
from duikou.parks.views.frame import FormPage, ParkView, whole

SHOWN = 300
"""Rows of a review on one page; everything of the span is accepted or returned, or what is ticked."""


class FigureNew(FormPage):
    """Enter a span of a company; a span that was accepted already becomes a correction with its reason."""

    needs = "parks.figure.write"

    def _row(self, resident_id: int) -> Resident:
        row = selectors.resident_visible(actor=self.actor, resident_id=resident_id)
        policies.enter(self.actor, row.park).or_raise()
        return row

    def get(self, request: HttpRequest, resident_id: int) -> HttpResponse:
        """The form, of last year or of the row that is to be corrected."""
        row = self._row(resident_id)
        initial: dict[str, Any] = {"span": f"{today().year - 1}年"}
        wanted = request.GET.get("corrects", "")
        if wanted.isdecimal() and len(wanted) < 18:
            old = row.figures.filter(pk=int(wanted), state=ReviewState.ACCEPTED.value).first()
            initial = {**figure_initial(old), "reason": ""} if old else initial
        back = reverse("parks:resident", args=[row.pk])
        return self.show(FigureForm(initial=initial), self._title(row), back=back, park=row.park)

    def post(self, request: HttpRequest, resident_id: int) -> HttpResponse:
        """Save a draft; sent twice it is one."""
        row = self._row(resident_id)
        form = FigureForm(request.POST)
        back = reverse("parks:resident", args=[row.pk])

        def do() -> str:
            reason = form.cleaned_data["reason"]
            figure_save(actor=self.actor, resident_id=row.pk, draft=form.draft(), reason=reason)
            return back

        return self.saved(form, do, title=self._title(row), back=back, park=row.park)

    def _title(self, row: Resident) -> str:
        return _("填报在地数据：%(name)s") % {"name": row.name}


class FigureEdit(FormPage):
    """Change a draft."""

    needs = "parks.figure.write"

    def _row(self, figure_id: int) -> OfficialFigure:
        row = selectors.figure_visible(actor=self.actor, figure_id=figure_id)
        policies.edit_figure(self.actor, row).or_raise()
        return row

    def get(self, request: HttpRequest, figure_id: int) -> HttpResponse:
        """What is there, in the form."""
        row = self._row(figure_id)
        back = reverse("parks:resident", args=[row.resident_id])
        form = FigureForm(initial=figure_initial(row))
        title = _("修改草稿：%(name)s") % {"name": str(row)}
        return self.show(form, title, back=back, park=row.park, revision=row.revision)

    def post(self, request: HttpRequest, figure_id: int) -> HttpResponse:
        """Save it; a stale save shows both. The span of a draft stays: another one is another row."""
        row = self._row(figure_id)
        form = FigureForm({**request.POST.dict(), "span": row.span.text})
        back, seen = reverse("parks:resident", args=[row.resident_id]), whole(request.POST.get("revision"))

        def do() -> str:
            data = form.cleaned_data
            figure_save(
                actor=self.actor,
                resident_id=row.resident_id,
                draft=form.draft(),
                revision=seen,
                reason=data["reason"],
            )
            return back

        def present() -> dict[str, Any]:
            row.refresh_from_db()
            return figure_initial(row)

        title = _("修改草稿：%(name)s") % {"name": str(row)}
        return self.saved(form, do, title=title, back=back, park=row.park, revision=seen, present=present)


class FigureDrop(ParkView):
    """Remove a draft."""

    needs = "parks.figure.write"

    def post(self, request: HttpRequest, figure_id: int) -> HttpResponse:
        """Gone from here; the trail keeps it."""
        row = selectors.figure_visible(actor=self.actor, figure_id=figure_id)
        seen = whole(request.POST.get("revision"))
        resident_id = figure_drop(actor=self.actor, figure_id=row.pk, revision=seen)
        return redirect("parks:resident", resident_id)


class Review(ParkView):
    """A span of a park: what is drafted and handed in, and the office's decision on all of it or on what is ticked."""

    def _park(self, park_id: int) -> Park:
        park = selectors.park_visible(actor=self.actor, park_id=park_id)
        if selectors.sight_of(self.actor, park) is not selectors.Sight.FULL:
            raise NotFound
        return park

    def get(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """The span in the address, else the first that waits."""
        return self._show(
            self._park(park_id), self._span(request.GET.get("span", "")), ReasonForm(use_required_attribute=False)
        )

    def post(self, request: HttpRequest, park_id: int) -> HttpResponse:
        """Hand in, accept or send back."""
        park = self._park(park_id)
        span = self._span(request.POST.get("span", ""))
        if span is None:
            raise Invalid(_("没有这个期间。"))
        form = ReasonForm(request.POST, use_required_attribute=False)  # accepting needs no words
        try:
            done = self._do(request, park, span, form)
        except Invalid as bad:
            form.add_faults(bad.fields or {"": [bad.message]})
            done = None
        except Conflict as refused:
            return self._show(park, span, form, status=409, message=refused.message)
        if done is None:
            said = "" if "reason" in form.errors else " ".join(map(str, form.non_field_errors()))
            return self._show(park, span, form, status=400, message=said)
        said = ngettext("已处理%(count)d家企业的数据。", "已处理%(count)d家企业的数据。", done) % {"count": done}
        messages.success(request, said)
        return redirect(f"{reverse('parks:review', args=[park.pk])}?span={span.code}")

    def _do(self, request: HttpRequest, park: Park, span: Span, form: ReasonForm) -> int | None:
        act = request.POST.get("act", "")
        ids = None
        if request.POST.get("which") == "ticked":
            ids = [whole(one) for one in request.POST.getlist("row")]
        if act == "submit":
            return figures_submit(actor=self.actor, park_id=park.pk, span=span)
        check(self.actor, policies.REVIEW_RIGHT.code).or_raise()
        if act == "accept":
            return figures_accept(actor=self.actor, park_id=park.pk, span=span, ids=ids)
        if act != "return":
            raise Invalid(_("没有这一步。"))
        if not form.is_valid():
            return None
        reason = form.cleaned_data["reason"]
        return figures_return(actor=self.actor, park_id=park.pk, span=span, reason=reason, ids=ids)

    def _span(self, text: str) -> Span | None:
        return span_of_text(text) if text and len(text) <= 30 else None

    def _show(
        self, park: Park, span: Span | None, form: ReasonForm, *, status: int = 200, message: str = ""
    ) -> HttpResponse:
        waiting = spans_waiting(park)
        span = span or (waiting[0].span if waiting else None)
        rows = list(review_rows(park=park, span=span)[:SHOWN]) if span else []
        if rows:
            reading_note(actor=self.actor, subject=park, what=_("审核页"))
        counts = next((one for one in waiting if one.span == span), None)
        context = {
            "park": park,
            "span": span,
            "spans": waiting,
            "rows": rows,
            "counts": counts,
            "is_cut": counts is not None and counts.drafts + counts.submitted > SHOWN,
            "form": form,
            "message": message,
            "enter": policies.enter(self.actor, park),
            "review": policies.review(self.actor, park),
        }
        return self.render("parks/review.html", context, status=status)
