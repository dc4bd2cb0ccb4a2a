"""Questions, remarks and answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from duikou.kernel.errors import Invalid
from duikou.reforms import selectors
from duikou.reforms.forms import TalkForm
from duikou.reforms.models import ReformMeasure
from duikou.reforms.services.talks import talk_add, talk_reply
from duikou.reforms.states import TalkKind
from duikou.reforms.views.frame import ReformPage
from duikou.reforms.views.measure import measure_context, measure_url


class TalkAdd(ReformPage):
    """Ask, or remark."""

    needs = "reforms.talk.write"

    def post(self, request: HttpRequest, measure_id: int) -> HttpResponse:
        """Say it; what cannot be kept comes back with the page."""
        measure = selectors.measure_visible(actor=self.actor, measure_id=measure_id)
        kind = request.POST.get("kind", "")
        kind = kind if kind == TalkKind.COMMENT else TalkKind.QUESTION.value
        form = TalkForm(request.POST)
        if form.is_valid():
            try:
                said = talk_add(actor=self.actor, measure_id=measure_id, text=form.cleaned_data["text"], kind=kind)
                return HttpResponseRedirect(f"{measure_url(measure_id)}#talk-{said.pk}")
            except Invalid as bad:
                form.add_faults(bad.fields)
        return _again(self, measure, form)


class TalkReply(ReformPage):
    """Answer in a thread."""

    needs = "reforms.talk.write"

    def post(self, request: HttpRequest, talk_id: int) -> HttpResponse:
        """Say it."""
        thread = selectors.thread_visible(actor=self.actor, talk_id=talk_id)
        form = TalkForm(request.POST)
        if form.is_valid():
            try:
                talk_reply(actor=self.actor, talk_id=talk_id, text=form.cleaned_data["text"])
                return HttpResponseRedirect(f"{measure_url(thread.measure_id)}#talk-{thread.pk}")
            except Invalid as bad:
                form.add_faults(bad.fields)
        measure = selectors.measure_visible(actor=self.actor, measure_id=thread.measure_id)
        return _again(self, measure, form, replying=thread.pk)


def _again(page: ReformPage, measure: ReformMeasure, form: TalkForm, replying: int = 0) -> HttpResponse:
    """The page with the refused text where it was written."""
    more = {"reply_form": form, "replying": replying} if replying else {"talk_form": form}
    return page.render("reforms/measure.html", measure_context(page, measure, **more), status=400)
