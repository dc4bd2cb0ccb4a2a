"""Is this file the paper of what both sides signed?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from duikou.documents.forms import CheckFileForm
from duikou.documents.services.checking import paper_compare
from duikou.kernel.actor import Role
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.web import Page
from duikou.plans import policies


class CheckFile(Page):
    """Upload a paper, learn what became of it. Members do not learn that there is one."""

    needs = "documents.paper.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return self._page(CheckFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """The answer; nothing of the file is kept."""
        form = CheckFileForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                found = paper_compare(actor=self.actor, data=file.read())
                return self._page(CheckFileForm(), found=found, name=file.name)
            except Invalid as bad:
                for text in bad.fields["file"]:
                    form.add_error("file", text)
        return self._page(form, status=400)

    def _page(self, form: CheckFileForm, *, status: int = 200, **more: object) -> HttpResponse:
        if self.actor.role is Role.MEMBER:
            raise NotFound
        policies.browse(self.actor).or_raise()
        return self.render("documents/check.html", {"form": form, **more}, status=status)
