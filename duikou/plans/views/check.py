"""Is this paper the text that both sides signed?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from duikou.plans.forms import CheckForm
from duikou.plans.selectors import lists
from duikou.plans.services.content import is_intact
from duikou.plans.states import VersionState
from duikou.plans.views.lists import PlanView


class Check(PlanView):
    """Is this paper the text that both sides signed?"""

    def get(self, request: HttpRequest, digest: str = "") -> HttpResponse:
        """The form, or the answer for the digest of the address."""
        if request.GET.get("digest"):
            form = CheckForm(request.GET)
            if form.is_valid():
                return redirect("plans:check-digest", "".join(form.cleaned_data["digest"].split()).lower())
            return self.render("plans/check.html", {"form": form}, status=400)
        if not digest:
            return self.render("plans/check.html", {"form": CheckForm()})
        version = lists.version_with_digest(actor=self.actor, digest=digest.lower())
        context = {"form": CheckForm(initial={"digest": digest}), "asked": digest, "version": version}
        if version is not None:
            current = version.state in {
                VersionState.SIGNED,
                VersionState.FILED,
                VersionState.ISSUED,
                VersionState.IN_FORCE,
            }
            context |= {"intact": is_intact(version), "current": current}
        return self.render("plans/check.html", context, status=200 if version else 404)
