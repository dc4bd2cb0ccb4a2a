"""The minutes as a paper: looked at in the page, taken away as a file."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.documents.forms import MinutesDressForm
from duikou.documents.selectors.templates import templates_usable
from duikou.documents.services.compose_minutes import minutes_paper
from duikou.documents.services.minutes_papers import minutes_paper_make
from duikou.documents.services.papers import preview
from duikou.documents.states import PaperForm, TemplateKind
from duikou.documents.views.papers import pictures_shown, word_facts
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.web import Page
from duikou.meetings import policies
from duikou.meetings.models import MinutesVersion
from duikou.meetings.selectors import minutes_of


class MinutesView(Page):
    """A page about the paper of minutes that the viewer may read."""

    needs = "documents.paper.read"

    def version(self, version_id: int) -> MinutesVersion:
        """The version; raises `NotFound` for whoever may not know of it."""
        version = minutes_of(actor=self.actor, version_id=version_id)
        policies.browse(self.actor).or_raise()
        return version

    def form(self, version: MinutesVersion) -> MinutesDressForm:
        """The dress as the address tells it."""
        usable = templates_usable(actor=self.actor, pairing=version.meeting.pairing)
        asked = self.request.GET if "banner" in self.request.GET else None
        return MinutesDressForm(asked or MinutesDressForm.usual(), templates=usable)

    def check_address(self, version: MinutesVersion) -> str:
        """Where a reader of the paper can compare it with what was signed."""
        path = (
            reverse("documents:check-digest", args=[version.digest]) if version.digest else reverse("documents:check")
        )
        return self.request.build_absolute_uri(path)


class MinutesPaperPage(MinutesView):
    """Dress the minutes, look at them, take them away."""

    def get(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """The form, and the first pages as they are printed."""
        version = self.version(version_id)
        form = self.form(version)
        context: dict[str, Any] = {"form": form, "version": version, "meeting": version.meeting}
        if not form.is_valid():
            return self.render("documents/minutes.html", context, status=400)
        template = form.template_for(TemplateKind.MINUTES, self.actor.region_id)
        seen = preview(minutes_paper(version, form.given(), check_address=self.check_address(version)), template)
        context |= {
            **pictures_shown(seen),
            **word_facts(self.actor, template),
            "files": [(one.value, one.label) for one in (PaperForm.PDF, PaperForm.WORD)],
            "query": request.GET.urlencode(),
        }
        return self.render("documents/minutes.html", context)


class MinutesFile(MinutesView):
    """The minutes as a file."""

    def get(self, request: HttpRequest, version_id: int, form: str) -> HttpResponseBase:
        """Made anew and noted in the trail."""
        if form not in PaperForm.values:
            raise NotFound
        version = self.version(version_id)
        asked = self.form(version)
        if not asked.is_valid():
            raise Invalid(_("公文的设置有误，请回到公文页改正。"))
        made = minutes_paper_make(
            actor=self.actor,
            version_id=version.pk,
            form=PaperForm(form),
            given=asked.given(),
            check_address=self.check_address(version),
            template=asked.template_for(TemplateKind.MINUTES, self.actor.region_id),
        )
        return FileResponse(io.BytesIO(made.data), as_attachment=True, filename=made.name, content_type=made.media)
