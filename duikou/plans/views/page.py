"""One plan: its versions, what the chosen one says, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound
from duikou.plans import policies, selectors
from duikou.plans.models import PlanVersion, RefusedText
from duikou.plans.rules.content import EntryContent, PlanContent
from duikou.plans.selectors import Completeness, lists
from duikou.plans.selectors.chain import carried_on
from duikou.plans.selectors.completeness import Said, tasks_of
from duikou.plans.selectors.writing import Talk, talk_counts
from duikou.plans.services.merge import refused_waiting
from duikou.plans.states import SEALED, VersionState
from duikou.plans.views.lists import PlanView

CHUNK = 50


class PlanPage(PlanView):
    """The plan with one version of it; without a number the latest that the viewer may know of."""

    def get(self, request: HttpRequest, plan_id: int, number: int | None = None) -> HttpResponse:
        """The whole in a constant number of queries."""
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        versions = lists.versions_of(actor=self.actor, plan=plan)
        version = next((one for one in versions if number in (None, one.number)), None)
        if version is None:
            raise NotFound
        return self.render("plans/plan.html", {**self._content(version), **page_acts(self.actor, version, versions)})

    def _content(self, version: PlanVersion) -> dict[str, Any]:
        content, tasks = selectors.content_of(version), tasks_of(version.plan.programme)
        missing = selectors.completeness(version, content, tasks)
        talk = talk_of(self.actor, version)
        draft = version.state == VersionState.DRAFT
        return {
            "content": content,
            "sections": section_rows(self.actor, version, content, talk),
            "missing": missing,
            "coverage": selectors.coverage(version, content, tasks),
            "chunks": chunked(entry_rows(self.actor, version, content, talk, missing)),
            "children": lists.children_of(actor=self.actor, plan=version.plan),
            "refused": refused_shown(self.actor, version, content) if draft else [],
            "talk": talk,
            "talk_open": sum(one.threads + one.proposals for one in (talk or {}).values()),
        }


def section_rows(
    actor: Actor, version: PlanVersion, content: PlanContent, talk: Mapping[str, Talk] | None = None
) -> list[dict[str, Any]]:
    """Each section with its entries and what is said of it."""
    said = talk if talk is not None else talk_of(actor, version) or {}
    below: dict[str, list[EntryContent]] = {}
    for entry in content.entries:
        below.setdefault(entry.section or "", []).append(entry)
    return [
        {"section": section, "below": below.get(section.uid, ()), "said": said.get(section.uid)}
        for section in content.sections
    ]


def entry_rows(
    actor: Actor,
    version: PlanVersion,
    content: PlanContent,
    talk: Mapping[str, Talk] | None = None,
    missing: Completeness | None = None,
) -> list[dict[str, Any]]:
    """Each entry with where it comes from and goes to, how far it is, what it lacks and what is said of it."""
    said = talk if talk is not None else talk_of(actor, version) or {}
    lacks: dict[str, list[Said]] = {}
    for one in (missing or selectors.completeness(version, content)).said:
        lacks.setdefault(one.finding.uid, []).append(one)
    above = lists.titles_above(actor=actor, version=version)
    down = lists.links_down(actor=actor, plan=version.plan)
    carried = carried_on(actor=actor, plan=version.plan)
    progress, work = lists.progress_of(version.plan), lists.tasks_by_entry(version.plan)
    return [
        {
            "entry": entry,
            "above": above.get(entry.parent.uid) if entry.parent else None,
            "down": down.get(entry.uid, ()),
            "carried": carried.get(entry.uid),
            "progress": progress.get(entry.uid),
            "tasks": [(task, policies.work(actor, _planned(task, version))) for task in work.get(entry.uid, ())],
            "missing": lacks.get(entry.uid, ()),
            "said": said.get(entry.uid),
        }
        for entry in content.entries
    ]


def chunked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries in stretches of `CHUNK`; only the first stands whole on the page, the others come when they are seen."""
    return [{"start": at, "rows": rows[at : at + CHUNK], "whole": at == 0} for at in range(0, len(rows), CHUNK)]


def talk_of(actor: Actor, version: PlanVersion) -> dict[str, Talk] | None:
    """What is said of each part, for those whose talk it is; None for the others."""
    return talk_counts(version) if policies.discuss(actor, version) else None


def refused_shown(actor: Actor, version: PlanVersion, content: PlanContent) -> list[tuple[RefusedText, str]]:
    """The actor's texts that wait to be merged, each with the name of its part."""
    names = {one.uid: one.heading for one in content.sections} | {one.uid: one.title for one in content.entries}
    waiting = refused_waiting(actor=actor, version_id=version.pk)
    return [
        (kept, names.get(str(kept.uid)) or kept.content.get("heading") or kept.content.get("title", ""))
        for kept in waiting
    ]


def page_acts(actor: Actor, version: PlanVersion, versions: Sequence[PlanVersion] = ()) -> dict[str, Any]:
    """What may be done on a version's page."""
    draft = version.state == VersionState.DRAFT
    others = any(one.state in ("draft", "in_cosign", "signed", "filed", "issued") for one in versions)
    return {
        "plan": version.plan,
        "version": version,
        "versions": versions,
        "draft": draft,
        "write": policies.write(actor, version),
        "amend": policies.amend(actor, version, is_open=others),
        "discuss": policies.discuss(actor, version),
        "report": policies.report(actor, version.plan),
        "in_force": version.state == VersionState.IN_FORCE,
        "sealed": version.state in SEALED,
    }


def _planned(task: Any, version: PlanVersion) -> Any:
    task.plan = version.plan
    return task
