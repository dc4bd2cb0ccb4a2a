"""What a draft still lacks, asked again while it is being written."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django_htmx.http import HTMX_STOP_POLLING

from duikou.plans import policies, selectors
from duikou.plans.states import VersionState
from duikou.plans.views.lists import PlanView


class Missing(PlanView):
    """The list beside the text, without its page; nothing (204) while nobody saved since `revision`.

    When the draft is none any more, it says why, and the page asks no more (286).
    """

    def get(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """What is missing now."""
        version = selectors.version_visible(actor=self.actor, version_id=version_id)
        if version.state != VersionState.DRAFT:
            closed = policies.WHY_CLOSED[VersionState(version.state)]
            return self.render(
                "plans/parts/missing.html", {"version": version, "closed": closed}, status=HTMX_STOP_POLLING
            )
        if request.GET.get("revision") == str(version.revision):
            return HttpResponse(status=204)
        context = {"version": version, "missing": selectors.completeness(version), "draft": True}
        return self.render("plans/parts/missing.html", context)
