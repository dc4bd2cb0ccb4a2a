"""Type-ahead answers: [{value, label, hint}], best first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from duikou.kernel.web import Page
from duikou.projects import policies, selectors


class ProjectLookup(Page):
    """Projects the viewer may know of, by name, party, number or project code: `?q=`; `by=number` changes the value."""

    needs = "projects.project.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """At most twenty projects, the newest first."""
        policies.browse(self.actor).or_raise()
        by_number = request.GET.get("by") == "number"
        rows = [
            {
                "value": project.number if by_number else project.pk,
                "label": f"{project.number} {project.name}",
                "hint": " · ".join(str(part) for part in (project.pairing.label, project.year) if part),
            }
            for project in selectors.projects_named(actor=self.actor, text=request.GET.get("q", "")[:100])
        ]
        return JsonResponse(rows, safe=False)
