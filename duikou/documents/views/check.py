"""Is this file the paper of what both sides signed?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from duikou.documents.forms import CheckFileForm
from duikou.documents.selectors import minutes_with_digest
from duikou.documents.services.checking import Compared, paper_compare
from duikou.kernel.actor import Role
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.web import Page
from duikou.meetings.models import MinutesVersion
from duikou.meetings.services.signing import is_intact
from duikou.plans import policies
from duikou.plans.selectors import version_with_digest


class CheckDigest(Page):
    """What became of the minutes, or the plan, with the digest that a paper bears."""

    needs = "documents.paper.read"

    def get(self, request: HttpRequest, digest: str) -> HttpResponse:
        """The answer; a plan's stands on its own page."""
        if self.actor.role is Role.MEMBER:
            raise NotFound
        policies.browse(self.actor).or_raise()
        digest = digest.lower()
        if version_with_digest(actor=self.actor, digest=digest) is not None:
            return redirect("plans:check-digest", digest)
        version = minutes_with_digest(actor=self.actor, digest=digest)
        context = {"asked": digest, "version": version, "intact": version is not None and is_intact(version)}
        return self.render("documents/check_digest.html", context, status=200 if version else 404)


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
                found: Compared = paper_compare(actor=self.actor, data=file.read())
                more = {"is_minutes": isinstance(found.version, MinutesVersion), "name": file.name}
                return self._page(CheckFileForm(), found=found, **more)
            except Invalid as bad:
                for text in bad.fields["file"]:
                    form.add_error("file", text)
        return self._page(form, status=400)

    def _page(self, form: CheckFileForm, *, status: int = 200, **more: object) -> HttpResponse:
        if self.actor.role is Role.MEMBER:
            raise NotFound
        policies.browse(self.actor).or_raise()
        return self.render("documents/check.html", {"form": form, **more}, status=status)
