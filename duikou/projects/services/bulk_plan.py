"""What one bulk change makes of one project, or why it cannot; asks the database nothing."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid
from duikou.kernel.verdict import Verdict
from duikou.programme.models import Clause
from duikou.projects import policies
from duikou.projects.models import Project
from duikou.projects.selectors.gates import gates_of, missing_text
from duikou.projects.services.draft import ProjectDraft, checked, draft_of
from duikou.projects.services.parts import DEEPEST
from duikou.projects.services.projects import CONFIRMED_FACTS, snapshot
from duikou.projects.states import (
    NEED_TEXTS,
    PROJECT,
    STATE_LABELS,
    VERB_LABELS,
    Opinion,
    ProjectState,
    Standing,
    Visibility,
    unmet,
)

FIELDS = (
    "kind",
    "clause",
    "industry",
    "visibility",
    "year",
    "planned_start",
    "planned_finish",
    "first_region",
    "second_region",
    "parent",
)
"""Fields that a bulk edit sets to one value."""

STEP_COLUMNS = ("state", "state_before_suspension", "state_wording", "state_as_of")


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What to set: `values` by field of a draft (None clears it), further clauses to add or take away, the kind's own
    fields, and a step of the lifecycle with its day."""

    values: Mapping[str, Any] = field(default_factory=dict)
    add_clauses: tuple[Clause, ...] = ()
    remove_clauses: tuple[Clause, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    verb: str = ""
    on: dt.date | None = None
    has_reason: bool = True

    @property
    def says_nothing(self) -> bool:
        """Whether it would change nothing anywhere."""
        return not (self.values or self.add_clauses or self.remove_clauses or self.extra or self.verb)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is the same for all rows of one edit: who acts, what the new parent lies in, whether they may publish.

    `files`: what the files of each project are called, where a step may ask for files.
    """

    actor: Actor
    above: frozenset[int]
    publish: Verdict
    files: Mapping[int, list[str]] = field(default_factory=dict)


Sides = tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RowPlan:
    """One project before and after: what of it changes, as the trail says it (before, after); or why it cannot."""

    project: Project
    after: Project
    refused: str = ""
    edits: Sides | None = None
    step: Sides = field(default_factory=lambda: ({}, {}))
    columns: dict[str, Any] = field(default_factory=dict)
    has_new_extra: bool = False
    clauses_gone: tuple[Clause, ...] = ()
    clauses_come: tuple[Clause, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing would change."""
        return not self.refused and self.edits is None and not self.step[1]


def row_plan(project: Project, change: BulkChange, ground: Ground) -> RowPlan:
    """What `change` makes of `project` (everything it looks at is loaded)."""
    old = draft_of(project)
    try:
        new = _checked(old, change)
        refused = _refused(project, new, change, ground)
    except Invalid as bad:
        refused = _("；").join(dict.fromkeys(text for texts in bad.fields.values() for text in texts)) or bad.message
    if refused:
        return RowPlan(project, project, refused)
    after = _after(project, new, change)
    before_words, after_words = dict(snapshot(project, old)), dict(snapshot(after, new))
    if project.opinion == Opinion.CONFIRMED and any(
        before_words[name] != after_words[name] for name in CONFIRMED_FACTS
    ):
        after.opinion = Opinion.PENDING.value
        before_words["opinion"], after_words["opinion"] = project.opinion, after.opinion
    step = _step(project, after) if change.verb else ({}, {})
    changed = [name for name in after_words if before_words[name] != after_words[name] and name not in step[1]]
    edits = ({name: before_words[name] for name in changed}, {name: after_words[name] for name in changed})
    return RowPlan(
        project,
        after,
        edits=edits if changed else None,
        step=step,
        columns=_columns(project, after),
        has_new_extra=project.extra != after.extra,
        clauses_gone=tuple(clause for clause in old.further_clauses if clause not in new.further_clauses),
        clauses_come=tuple(clause for clause in new.further_clauses if clause not in old.further_clauses),
    )


def _checked(old: ProjectDraft, change: BulkChange) -> ProjectDraft:
    """The draft after the change, checked as any other; the code stays, as nothing here touches it."""
    values = dict(change.values)
    if "visibility" in values:
        values["visibility"] = Visibility(values["visibility"])
    further = [clause for clause in old.further_clauses if clause not in change.remove_clauses]
    draft = replace(
        old,
        **values,
        further_clauses=(*further, *change.add_clauses),
        extra={**old.extra, **change.extra},
        project_code="",
    )
    return replace(checked(draft, partial=True), project_code=old.project_code)


def _refused(project: Project, new: ProjectDraft, change: BulkChange, ground: Ground) -> str:
    """Why the actor may not, or the project cannot; "" for neither."""
    for verdict in (
        policies.edit(ground.actor, project),
        policies.create(ground.actor, new.first_region, new.second_region),
    ):
        if not verdict:
            return str(verdict.reason)
    if new.visibility is Visibility.PUBLIC and project.visibility != Visibility.PUBLIC and not ground.publish:
        return str(ground.publish.reason)
    if ground.above and project.pk in ground.above:
        return _("项目不能是它自己或它的组成部分的一部分。")
    if len(ground.above) >= DEEPEST:
        return _("项目最多套%(most)s层。") % {"most": DEEPEST}
    contested = set(project.contested.split())
    if any(getattr(new, name) != getattr(project, name) for name in contested & set(FIELDS)):
        return _("双方对要修改的数据说法不一，请先在项目页商定。")
    if not change.verb:
        return ""
    if contested & {"state", "state_as_of"}:
        return _("双方对状态说法不一，请先在项目页“双方说法不一的数据”处商定。")
    return _step_refused(project, change) or _gates_refused(_after(project, new, change), change.verb, ground)


def _step_refused(project: Project, change: BulkChange) -> str:
    state = ProjectState(project.state)
    if change.verb not in PROJECT.table[state]:
        names = {"state": STATE_LABELS[state], "step": VERB_LABELS[change.verb]}
        return _("%(state)s的项目不能“%(step)s”。") % names
    if change.on is not None and change.on > today():
        return _("日期不能晚于今天。")
    standing = Standing(state, project.state_before_suspension, bool(project.parties.all()))
    missing = unmet(standing, change.verb, has_date=change.on is not None, has_reason=change.has_reason)
    return _("；").join(str(NEED_TEXTS[need]) for need in missing)


def _gates_refused(after: Project, verb: str, ground: Ground) -> str:
    """What the kind asks for before the step and the project, with what this edit brings, does not have."""
    missing = [gate for gate in gates_of(after, ground.files.get(after.pk, [])) if gate.verb == verb and not gate.met]
    return missing_text(missing) if missing else ""


def _after(project: Project, new: ProjectDraft, change: BulkChange) -> Project:
    """The row as it will stand."""
    after = copy.copy(project)
    for name in FIELDS:
        setattr(after, name, getattr(new, name))
    after.visibility = new.visibility.value
    after.extra = dict(new.extra)
    if change.verb:
        target = PROJECT.go(ProjectState(project.state), change.verb)
        after.state_before_suspension = project.state if change.verb == "suspend" else ""
        after.state, after.state_wording, after.state_as_of = target.value, "", change.on
        after.year = change.on.year if change.on is not None else after.year
    return after


def _step(project: Project, after: Project) -> Sides:
    """The step as the trail says it."""
    names = ("state", "state_as_of", "year")
    sides = [{name: _plain(getattr(row, name)) for name in names} for row in (project, after)]
    return sides[0], sides[1]


def _columns(project: Project, after: Project) -> dict[str, Any]:
    """Columns whose value changes, but for `extra`."""
    names = [Project._meta.get_field(name).attname for name in (*FIELDS, *STEP_COLUMNS, "opinion")]  # type: ignore[union-attr]
    return {name: getattr(after, name) for name in names if getattr(project, name) != getattr(after, name)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
