"""One project: its page and the steps from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.kernel.web import Page
from duikou.plans.selectors.references import entries_offered
from duikou.projects import policies, selectors
from duikou.projects.forms import ContestForm, CorrectForm, MergeForm, OpinionForm, PartyForm
from duikou.projects.models import Project
from duikou.projects.selectors.gates import Gate, gates_lacking, gates_of, missing_text
from duikou.projects.selectors.imports import imports_of
from duikou.projects.selectors.parties import party_rows
from duikou.projects.selectors.parts import family_of
from duikou.projects.selectors.references import entries_of, meetings_about
from duikou.projects.selectors.specs import spec_label, spec_value
from duikou.projects.services.contested import may_settle
from duikou.projects.services.draft import doubts_of
from duikou.projects.services.figures import figure_standing, figure_words
from duikou.projects.services.steps import standing
from duikou.projects.states import (
    NEED_TEXTS,
    PROJECT,
    STEP_LABELS,
    VERB_LABELS,
    Need,
    Opinion,
    ProjectState,
    Settlement,
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
    gates = gates_of(project)
    kind_fields = project.kind.fields if project.kind else []
    return {
        "project": project,
        "edit": edit,
        "steps": steps_of(project, edit, gates),
        "lacking": gates_lacking(project, gates),
        "ahead": [
            (VERB_LABELS[verb], asked)
            for verb in PROJECT.verbs(ProjectState(project.state))
            if (asked := [gate for gate in gates if gate.verb == verb])
        ],
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
        "differences": _differences(view.actor, project),
        "contest_allowed": policies.contest_figure(view.actor, project),
        "contest_form": ContestForm(),
        "contested_figures": project.contested.split(),
        "entries": entries_of(actor=view.actor, project=project),
        "meetings": meetings_about(actor=view.actor, project=project),
        "entries_offered": entries_offered(view.actor, project.pairing_id) if edit else [],
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


def _differences(actor: Actor, project: Project) -> list[dict[str, Any]]:
    """Open differences in words, each with the answers that are the actor's to give (no query where there are none)."""
    if not project.contested:
        return []
    side = policies.side_of(actor, project.first_region, project.second_region)
    regions = {Side.FIRST.value: project.first_region, Side.SECOND.value: project.second_region}
    allowed = policies.contest_figure(actor, project)
    return [
        {
            "row": row,
            "region": regions.get(row.side),
            "standing": figure_words(row.figure, figure_standing(project, row.figure)),
            "value": figure_words(row.figure, row.value),
            "proposal": figure_words(row.figure, row.proposal) if row.proposal else "",
            "proposer": regions.get(row.proposed_by),
            "answers": [
                (outcome.value, label)
                for outcome, label in ANSWERS.items()
                if allowed and may_settle(row, side.value, outcome)
            ],
        }
        for row in project.differences.filter(outcome=Settlement.OPEN)
    ]


ANSWERS = {
    Settlement.ACCEPTED: _l("采用提出值"),
    Settlement.WITHDRAWN: _l("撤回，维持登记值"),
    Settlement.AGREED: _l("同意协商值"),
}


def sides_of(project: Project) -> list[tuple[str, str]]:
    """The two sides by the names of their regions."""
    regions = ((Side.FIRST, project.first_region), (Side.SECOND, project.second_region))
    return [(side.value, region.label) for side, region in regions if region is not None]


def steps_of(project: Project, edit: Verdict, gates: Sequence[Gate]) -> list[dict[str, Any]]:
    """The steps the table knows from here; each may be taken or says why not."""
    here = standing(project)
    found = []
    for verb in PROJECT.verbs(ProjectState(project.state)):
        missing = unmet(here, verb, has_date=True, has_reason=True)
        if Need.SAME_AS_BEFORE in missing:
            continue
        texts = [str(NEED_TEXTS[need]) for need in missing]
        if asked := [gate for gate in gates if gate.verb == verb and not gate.met]:
            texts.append(missing_text(asked))
        verdict = edit if not edit or not texts else Verdict.no(" ".join(texts))
        found.append({"verb": verb, "label": VERB_LABELS[verb], "verdict": verdict})
    return found
