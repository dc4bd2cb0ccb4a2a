"""One plan: its versions, what the chosen one says, and what may be done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from duikou.kernel.errors import NotFound
from duikou.plans import policies, selectors
from duikou.plans.forms import CheckForm
from duikou.plans.models import PlanVersion
from duikou.plans.selectors import lists
from duikou.plans.selectors.chain import carried_on
from duikou.plans.selectors.completeness import tasks_of
from duikou.plans.services.content import is_intact
from duikou.plans.states import SEALED, VersionState
from duikou.plans.views.lists import PlanView


class PlanPage(PlanView):
    """The plan with one version of it; without a number the latest that the viewer may know of."""

    def get(self, request: HttpRequest, plan_id: int, number: int | None = None) -> HttpResponse:
        """The whole in a constant number of queries."""
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        versions = lists.versions_of(actor=self.actor, plan=plan)
        version = next((one for one in versions if number in (None, one.number)), None)
        if version is None:
            raise NotFound
        return self.render("plans/plan.html", {**self._content(version), **self._acts(version, versions)})

    def _content(self, version: PlanVersion) -> dict[str, Any]:
        content, tasks = selectors.content_of(version), tasks_of(version.plan.programme)
        missing = selectors.completeness(version, content, tasks)
        above = lists.titles_above(actor=self.actor, version=version)
        down = lists.links_down(actor=self.actor, plan=version.plan)
        carried = carried_on(actor=self.actor, plan=version.plan)
        progress, work = lists.progress_of(version.plan), lists.tasks_by_entry(version.plan)
        return {
            "content": content,
            "sections": [(section, content.entries_of(section.uid)) for section in content.sections],
            "missing": missing,
            "coverage": selectors.coverage(version, content, tasks),
            "rows": [
                {
                    "entry": entry,
                    "above": above.get(entry.parent.uid) if entry.parent else None,
                    "down": down.get(entry.uid, ()),
                    "carried": carried.get(entry.uid),
                    "progress": progress.get(entry.uid),
                    "tasks": [
                        (task, policies.work(self.actor, _planned(task, version))) for task in work.get(entry.uid, ())
                    ],
                    "missing": missing.of(entry.uid),
                }
                for entry in content.entries
            ],
            "children": lists.children_of(actor=self.actor, plan=version.plan),
        }

    def _acts(self, version: PlanVersion, versions: list[PlanVersion]) -> dict[str, Any]:
        draft = version.state == VersionState.DRAFT
        others = any(one.state in ("draft", "in_cosign", "signed", "filed", "issued") for one in versions)
        return {
            "plan": version.plan,
            "version": version,
            "versions": versions,
            "draft": draft,
            "write": policies.write(self.actor, version),
            "amend": policies.amend(self.actor, version, is_open=others),
            "report": policies.report(self.actor, version.plan),
            "in_force": version.state == VersionState.IN_FORCE,
            "sealed": version.state in SEALED,
        }


def _planned(task: Any, version: PlanVersion) -> Any:
    task.plan = version.plan
    return task


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
