"""One project: its page and the steps from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.errors import NotFound
from duikou.kernel.money import Bound
from duikou.kernel.templatetags.look import money
from duikou.kernel.verdict import Verdict
from duikou.kernel.web import Page
from duikou.programme.models.localised import in_language
from duikou.projects import policies, rules, selectors
from duikou.projects.forms import CorrectForm, MergeForm, OpinionForm, PartyForm
from duikou.projects.models import Project
from duikou.projects.selectors.imports import imports_of
from duikou.projects.selectors.parties import party_rows
from duikou.projects.selectors.parts import family_of
from duikou.projects.services.draft import doubts_of
from duikou.projects.services.steps import standing
from duikou.projects.states import (
    NEED_TEXTS,
    PROJECT,
    STEP_LABELS,
    VERB_LABELS,
    Need,
    Opinion,
    ProjectState,
    Side,
    unmet,
)


class ProjectPage(Page):
    """Facts, parties, source, history and what upper rooms know of one project."""

    needs = "projects.project.read"

    def get(self, request: HttpRequest, project_id: int) -> HttpResponseBase:
        """The page; the address of a merged project leads to the one that was kept."""
        policies.browse(self.actor).or_raise()
        try:
            project = selectors.project_visible(actor=self.actor, project_id=project_id)
        except NotFound:
            kept = selectors.resolved_id(actor=self.actor, project_id=project_id)
            if kept is None:
                raise
            return HttpResponsePermanentRedirect(reverse("projects:project", args=[kept]))
        return self.render("projects/project.html", page_context(self, project))


def page_context(view: Page, project: Project, **more: Any) -> dict[str, Any]:
    """What the page shows; `more` carries a form that came back with faults."""
    edit = policies.edit(view.actor, project)
    kind_fields = project.kind.fields if project.kind else []
    return {
        "project": project,
        "edit": edit,
        "steps": steps_of(project, edit),
        "opinion_allowed": policies.give_opinion(view.actor, project),
        "doubts": doubts_of(project),
        "contested": project.opinion == Opinion.CONTESTED,
        "objector": {Side.FIRST.value: project.first_region, Side.SECOND.value: project.second_region}.get(
            project.opinion_by
        ),
        "parties": party_rows(
            actor=view.actor,
            project=project,
            verdicts={side: policies.link_party(view.actor, project, side) for side in Side.values},
        ),
        "party_form": PartyForm(sides=sides_of(project)),
        "link_form": None,
        "imports": imports_of(actor=view.actor, project=project),
        "further": list(project.further_clauses.all()),
        "family": family_of(actor=view.actor, project=project, pairings=selectors.pairings_of(project.programme)),
        "taken": [(STEP_LABELS[step.verb], step) for step in project.steps.all()],
        "kind_facts": [(spec_label(spec), spec_value(spec, project.extra.get(spec["key"]))) for spec in kind_fields],
        "statistics": list(
            selectors.statistics_visible(actor=view.actor, programme=project.programme, pairings=[]).filter(
                pairing=project.pairing
            )[:20]
        ),
        "correct_form": CorrectForm(initial={"version": project.version, "state": project.state}),
        "merge_form": MergeForm(initial={"version": project.version}),
        "opinion_form": OpinionForm(initial={"version": project.version}),
        **more,
    }


def sides_of(project: Project) -> list[tuple[str, str]]:
    """The two sides by the names of their regions."""
    regions = ((Side.FIRST, project.first_region), (Side.SECOND, project.second_region))
    return [(side.value, region.label) for side, region in regions if region is not None]


def steps_of(project: Project, edit: Verdict) -> list[dict[str, Any]]:
    """The steps the table knows from here; each may be taken or says why not."""
    here = standing(project)
    found = []
    for verb in PROJECT.verbs(ProjectState(project.state)):
        missing = unmet(here, verb, has_date=True, has_reason=True)
        if Need.SAME_AS_BEFORE in missing:
            continue
        verdict = edit if not edit or not missing else Verdict.no(" ".join(str(NEED_TEXTS[need]) for need in missing))
        found.append({"verb": verb, "label": VERB_LABELS[verb], "verdict": verdict})
    return found


def spec_label(spec: Any) -> str:
    """A kind's field with its unit, in the reader's language."""
    label = in_language(spec["label"], spec.get("label_en", ""))
    if spec["type"] == "money":
        return label
    unit = in_language(spec.get("unit", ""), spec.get("unit_en", ""))
    return _("%(label)s（%(unit)s）") % {"label": label, "unit": unit} if unit else label


def spec_value(spec: Any, value: Any) -> Any:
    """A kind's value as read by people."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if spec["type"] == "money" and (amount := rules.money_value(value)) is not None:
        return money(amount.amount, bound="" if amount.bound is Bound.EXACT else amount.bound)
    for choice in spec.get("choices") or ():
        if isinstance(choice, dict) and str(choice.get("value")) == str(value):
            return in_language(choice.get("label", str(value)), choice.get("label_en", ""))
    return value
