"""A plan's papers: looked at in the page, taken away as a file."""

from __future__ import annotations

import base64
import io
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.documents import policies as policies_here
from duikou.documents.forms import DressForm
from duikou.documents.models import PaperTemplate
from duikou.documents.selectors.templates import templates_usable
from duikou.documents.services.papers import Preview, paper_make, paper_of, preview
from duikou.documents.services.templates import template_words
from duikou.documents.states import PaperForm, PaperKind
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.web import Page
from duikou.plans import policies
from duikou.plans.models import PlanVersion
from duikou.plans.selectors import version_visible


def word_facts(actor: Actor, template: PaperTemplate | None) -> dict[str, Any]:
    """Whose template the Word file is made with."""
    words = template_words(template) if template else _("平台模板")
    return {"template_words": words, "may_templates": policies_here.see_templates(actor)}


def pictures_shown(seen: Preview) -> dict[str, Any]:
    """A preview as a page shows it."""
    return {
        "pictures": [f"data:image/png;base64,{base64.b64encode(one).decode()}" for one in seen.pictures],
        "goes_on": seen.goes_on,
        "missing": [f"{sign}（U+{ord(sign):04X}）" for sign in seen.missing],
        "look": seen.look,
    }


class PaperView(Page):
    """A page about papers of one version that the viewer may read."""

    needs = "documents.paper.read"

    def version(self, version_id: int) -> PlanVersion:
        """The version; raises `NotFound` for whoever may not know of it."""
        version = version_visible(actor=self.actor, version_id=version_id)
        policies.browse(self.actor).or_raise()
        return version

    def check_address(self, version: PlanVersion) -> str:
        """Where a reader of the paper can compare it with what was signed."""
        path = reverse("plans:check-digest", args=[version.digest]) if version.digest else reverse("plans:check")
        return self.request.build_absolute_uri(path)


class PaperPage(PaperView):
    """Dress the paper, look at it, take it away."""

    def get(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """The form, and the first pages as they are printed."""
        version = self.version(version_id)
        usable = templates_usable(actor=self.actor, pairing=version.plan.pairing)
        form = DressForm(request.GET if "kind" in request.GET else {"kind": PaperKind.TEXT.value}, templates=usable)
        context: dict[str, Any] = {"form": form, "version": version, "plan": version.plan}
        if not form.is_valid():
            return self.render("documents/paper.html", context, status=400)
        kind = form.chosen()
        template = form.template_for(kind, self.actor.region_id)
        seen = preview(paper_of(version, kind, form.dress(), check_address=self.check_address(version)), template)
        context |= {
            **pictures_shown(seen),
            "files": [(one.value, one.label) for one in PaperForm if one != PaperForm.EXCEL or kind == PaperKind.TABLE],
            "query": request.GET.urlencode(),
            **word_facts(self.actor, template),
        }
        return self.render("documents/paper.html", context)


class PaperFile(PaperView):
    """The paper as a file."""

    def get(self, request: HttpRequest, version_id: int, form: str) -> HttpResponseBase:
        """Made anew and noted in the trail."""
        if form not in PaperForm.values:
            raise NotFound
        version = self.version(version_id)
        usable = templates_usable(actor=self.actor, pairing=version.plan.pairing)
        asked = DressForm(request.GET, templates=usable)
        if not asked.is_valid():
            raise Invalid(_("公文的设置有误，请回到公文页改正。"))
        made = paper_make(
            actor=self.actor,
            version_id=version.pk,
            kind=asked.chosen(),
            form=PaperForm(form),
            dress=asked.dress(),
            check_address=self.check_address(version),
            template=asked.template_for(asked.chosen(), self.actor.region_id),
        )
        return FileResponse(io.BytesIO(made.data), as_attachment=True, filename=made.name, content_type=made.media)
