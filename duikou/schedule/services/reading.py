"""Rows of a table of milestones, read beside what is known: which project, which milestone, what it would change."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Incoming, Problem
from duikou.kernel.actor import Actor
from duikou.kernel.text import near_key
from duikou.programme.models import Pairing
from duikou.projects.models import Project, ProjectParty
from duikou.projects.selectors import pairings_of, projects_visible
from duikou.schedule import policies
from duikou.schedule.models import Milestone
from duikou.schedule.services.draft import MilestoneDraft, draft_of

Link = tuple[str, int]
"""Key of the title that is waited for, and the days between."""


@dataclass
class Read:
    """One row: the project it means (None with a problem), what it says, and which fields it says it of."""

    row: Incoming
    title: str
    project: Project | None = None
    said: dict[str, Any] = field(default_factory=dict)
    links: list[Link] | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The title as compared."""
        return near_key(self.title)[:100]

    def fault(self, key: str, code: str, reason: str) -> None:
        """Add an error at a column."""
        self.problems.append(Problem(key, code, reason))


class Reader:
    """Finds projects and their parties for a batch of rows, in a constant number of queries a batch."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.pairings = pairings_of()
        self.verdicts: dict[int, Any] = {}

    def read(self, batch: Sequence[Incoming]) -> list[Read]:
        """The rows with their projects; what cannot be read has its problem."""
        found = [Read(row, str(row.values.get("title") or "")) for row in batch]
        by_id, by_name = self._projects(batch)
        for one in found:
            self._find(one, by_id, by_name)
        parties = self._parties([one.project.pk for one in found if one.project])
        for one in found:
            self._say(one, parties)
        return found

    def _projects(self, batch: Sequence[Incoming]) -> tuple[dict[int, Project], dict[str, list[Project]]]:
        names = {near_key(str(row.values.get("project") or ""))[:200] for row in batch} - {""}
        ids = {row.values["number"] for row in batch if row.values.get("number")}
        rows = projects_visible(actor=self.actor, pairings=self.pairings).filter(Q(near_key__in=names) | Q(pk__in=ids))
        by_id, by_name = {}, defaultdict(list)
        related = ("first_region", "second_region", "pairing")
        for project in rows.select_related(*related).defer("search_text", "description", "extra")[:20_000]:
            by_id[project.pk] = project
            by_name[project.near_key].append(project)
        return by_id, by_name

    def _find(self, one: Read, by_id: dict[int, Project], by_name: dict[str, list[Project]]) -> None:
        values = one.row.values
        if values.get("number"):
            one.project = by_id.get(values["number"])
            if one.project is None:
                one.fault("number", "project", _("没有找到这个编号的项目。"))
        elif values.get("project"):
            same = by_name.get(near_key(values["project"])[:200], [])
            same = [project for project in same if self._in_pairing(project, values.get("pairing"))]
            if len(same) == 1:
                one.project = same[0]
            elif not same:
                one.fault("project", "project", _("没有找到这个名称的项目。"))
            else:
                one.fault("project", "project", _("有%(count)d个同名项目，请写明项目编号。") % {"count": len(same)})
        else:
            one.fault("project", "project", _("请写明项目编号或项目名称。"))
        if one.project is not None:
            verdict = self.verdicts.setdefault(one.project.pk, policies.edit(self.actor, one.project))
            if not verdict:
                one.fault("project", "forbidden", str(verdict.reason))

    def _in_pairing(self, project: Project, named: str | None) -> bool:
        if not named:
            return True
        wanted = near_key(named)
        pairing: Pairing = project.pairing
        return wanted in {near_key(pairing.name), near_key(pairing.label), near_key(pairing.code)}

    def _parties(self, ids: list[int]) -> dict[int, dict[str, int]]:
        found: dict[int, dict[str, int]] = defaultdict(dict)
        rows = ProjectParty.objects.filter(project_id__in=ids, organisation__isnull=False)
        for project_id, body, name, written in rows.values_list(
            "project_id", "organisation_id", "organisation__name", "name"
        ):
            found[project_id] |= {near_key(name): body, near_key(written): body}
        return found

    def _say(self, one: Read, parties: dict[int, dict[str, int]]) -> None:
        values = one.row.values
        said: dict[str, Any] = {"title": one.title}
        for name in ("kind", "side", "weight", "note"):
            if values.get(name) is not None:
                said[name] = values[name]
        for name in ("planned_on", "forecast_on"):
            if values.get(name):
                said[name] = dt.date.fromisoformat(values[name])
        if values.get("done_on"):
            day, said["done_as"] = values["done_on"]
            said["done_on"] = dt.date.fromisoformat(day)
        if values.get("body") and one.project is not None:
            body = parties[one.project.pk].get(near_key(values["body"]))
            if body is None:
                one.fault("body", "body", _("责任单位须是项目的合作单位。"))
            else:
                said["organisation_id"] = body
        if values.get("before") is not None:
            one.links = [(near_key(title)[:100], lag) for title, lag in values["before"]]
        one.said = said


def merged(present: Milestone | None, said: dict[str, Any]) -> MilestoneDraft:
    """What would stand: the present facts with what the row says; a fact it does not speak of stays."""
    return replace(draft_of(present), **said) if present is not None else MilestoneDraft(**said)
