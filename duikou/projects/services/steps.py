"""Moving a project along its life, and what the other side says of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.facts import announce
from duikou.kernel.text import clean
from duikou.projects import policies
from duikou.projects.models import Project, ProjectClause, ProjectParty
from duikou.projects.selectors.gates import gates_open, missing_text
from duikou.projects.services.contested import figures_of_duplicate
from duikou.projects.services.parts import lies_in
from duikou.projects.services.projects import project_locked, project_save, refuse_stale
from duikou.projects.services.step_rows import step_write
from duikou.projects.services.summaries import contribution
from duikou.projects.states import (
    CORRECT,
    NEED_TEXTS,
    PROJECT,
    Need,
    Opinion,
    ProjectState,
    Side,
    Standing,
    unmet,
)
from duikou.records.services.audit import Entry, record, record_many, subject_of
from duikou.records.services.evidence import evidence_move

_FIELD_OF: Mapping[Need, str] = {Need.DATE: "state_as_of", Need.REASON: "reason"}


@transaction.atomic
def project_step(
    *, actor: Actor, project_id: int, version: int, verb: str, on: dt.date | None = None, reason: str = ""
) -> Project:
    """Take one step of the lifecycle; raises `Conflict` for a step the table lacks, `Invalid` for an unmet gate."""
    project = project_locked(project_id)
    policies.edit(actor, project).or_raise()
    refuse_stale(project, version)
    _refuse_contested_state(project)
    state = ProjectState(project.state)
    target = PROJECT.go(state, verb)
    reason = clean(reason)
    _refuse_unmet(project, verb, on, reason)
    gone = contribution(project)
    before = {"state": state.value, "state_as_of": _iso(project.state_as_of), "year": project.year}
    project.state_before_suspension = state.value if verb == "suspend" else ""
    project.state = target.value
    project.state_wording = ""
    project.state_as_of = on
    project.year = on.year if on is not None else project.year
    project_save(project, gone)
    step_write(project, verb, before=state.value, on=on, reason=reason)
    record(
        actor=actor,
        action=f"projects.project.{verb}",
        subject=project,
        before=before,
        after={"state": target.value, "state_as_of": _iso(on), "year": project.year},
        reason=reason,
    )
    announce("projects.project.moved", project_ids=[project.pk], verb=verb)
    return project


def _refuse_contested_state(project: Project) -> None:
    if {"state", "state_as_of"} & set(project.contested.split()):
        raise Conflict(_("双方对状态说法不一，请先在项目页“双方说法不一的数据”处商定。"))


def _refuse_unmet(project: Project, verb: str, on: dt.date | None, reason: str) -> None:
    if on is not None and on > today():
        raise Invalid(fields={"state_as_of": [_("日期不能晚于今天。")]})
    if len(reason) > 1000:
        raise Invalid(fields={"reason": [_("最多%(limit)s个字。") % {"limit": 1000}]})
    missing = unmet(standing(project), verb, has_date=on is not None, has_reason=bool(reason))
    faults: dict[str, list[Any]] = {_FIELD_OF.get(need, ""): [NEED_TEXTS[need]] for need in missing}
    if gates := gates_open(project, verb):
        faults.setdefault("", []).append(missing_text(gates))
    if faults:
        raise Invalid(fields=faults)


def standing(project: Project) -> Standing:
    """What the gates look at (one query)."""
    return Standing(ProjectState(project.state), project.state_before_suspension, project.parties.exists())


@transaction.atomic
def project_state_correct(
    *,
    actor: Actor,
    project_id: int,
    version: int,
    state: ProjectState,
    reason: str,
    wording: str = "",
    on: dt.date | None = None,
) -> Project:
    """Put right a state that was recorded wrongly; the reason is a must and both states stay in the trail."""
    project = project_locked(project_id)
    policies.edit(actor, project).or_raise()
    refuse_stale(project, version)
    if not clean(reason):
        raise Invalid(fields={"reason": [NEED_TEXTS[Need.REASON]]})
    _refuse_contested_state(project)
    gone = contribution(project)
    before = {"state": project.state, "state_wording": project.state_wording}
    project.state, project.state_before_suspension = state.value, ""
    project.state_wording = clean(wording)[:100]
    if on is not None:
        project.state_as_of, project.year = on, on.year
    project_save(project, gone)
    step_write(project, CORRECT, before=before["state"], on=on, reason=clean(reason))
    record(
        actor=actor,
        action="projects.project.state_corrected",
        subject=project,
        before=before,
        after={"state": project.state, "state_wording": project.state_wording},
        reason=clean(reason),
    )
    announce("projects.project.moved", project_ids=[project.pk], verb="correct")
    return project


@transaction.atomic
def project_reported(*, actor: Actor, project_id: int, side: Side | None = None) -> Project:
    """Note that the actor's side (or `side`, for a command) reports this project too: one row, both sides."""
    project = project_locked(project_id)
    policies.edit(actor, project).or_raise()
    own = policies.side_of(actor, project.first_region, project.second_region)
    own = (side or Side.NONE) if own is Side.NONE and policies.is_platform(actor) else own
    field = {Side.FIRST: "reported_by_first_at", Side.SECOND: "reported_by_second_at"}.get(own)
    if field is None or getattr(project, field) is not None:
        return project
    _set(actor, project, "projects.project.reported_by_other_side", {field: now()})
    return project


@transaction.atomic
def project_confirm(*, actor: Actor, project_id: int, version: int) -> Project:
    """The other side says that the figures are right."""
    return _opinion(actor, project_id, version, Opinion.CONFIRMED, "")


@transaction.atomic
def project_contest(*, actor: Actor, project_id: int, version: int, note: str) -> Project:
    """The other side says what is not right."""
    if not clean(note):
        raise Invalid(fields={"note": [_("请写明异议的内容。")]})
    return _opinion(actor, project_id, version, Opinion.CONTESTED, clean(note)[:1000])


def _opinion(actor: Actor, project_id: int, version: int, opinion: Opinion, note: str) -> Project:
    project = project_locked(project_id)
    policies.give_opinion(actor, project).or_raise()
    refuse_stale(project, version)
    side = policies.side_of(actor, project.first_region, project.second_region)
    field = "reported_by_first_at" if side is Side.FIRST else "reported_by_second_at"
    changes: dict[str, Any] = {"opinion": opinion.value, "opinion_note": note, "opinion_by": side.value}
    if opinion is Opinion.CONFIRMED and getattr(project, field) is None:
        changes[field] = now()
    _set(actor, project, f"projects.project.{opinion.value}", changes)
    announce("projects.project.opinion", project_ids=[project.pk], opinion=opinion.value)
    return project


def _set(actor: Actor, project: Project, action: str, changes: Mapping[str, Any]) -> None:
    gone = contribution(project)
    before = {name: _iso(getattr(project, name)) for name in changes}
    for name, value in changes.items():
        setattr(project, name, value)
    project_save(project, gone)
    after = {name: _iso(value) for name, value in changes.items()}
    record(actor=actor, action=action, subject=project, before=before, after=after)


@transaction.atomic
def project_merge(*, actor: Actor, kept_id: int, duplicate_id: int, version: int, reason: str) -> Project:
    """Declare `duplicate` the same as `kept`: links and reports move over, one counts, the old address leads on.

    `version` is the duplicate's. Raises `Conflict` when the two are one or already merged.
    """
    if kept_id == duplicate_id:
        raise Conflict(_("不能把项目并入它自己。"))
    rows = {pk: project_locked(pk) for pk in sorted((kept_id, duplicate_id))}
    kept, duplicate = rows[kept_id], rows[duplicate_id]
    for project in (kept, duplicate):
        policies.edit(actor, project).or_raise()
    refuse_stale(duplicate, version)
    if kept.programme_id != duplicate.programme_id:
        raise Conflict(_("两个项目不属于同一方案。"))
    if lies_in(kept, duplicate):
        raise Conflict(_("保留的项目是被并入项目的组成部分，请先更正它的“所属项目”，再合并。"))
    figures_of_duplicate(actor=actor, kept=kept, duplicate=duplicate, reason=clean(reason))
    gone, kept_gone = contribution(duplicate), contribution(kept)
    _move_links(kept, duplicate)
    evidence_move(actor=actor, source=duplicate, target=kept)
    for field in ("reported_by_first_at", "reported_by_second_at"):
        setattr(kept, field, getattr(kept, field) or getattr(duplicate, field))
    duplicate.merged_into = kept
    duplicate.merged.update(merged_into=kept)
    _move_parts(actor, kept, duplicate)
    if kept.parent_id is None and duplicate.parent is not None and not lies_in(duplicate, kept):
        kept.parent = duplicate.parent
    project_save(duplicate, gone)
    project_save(kept, kept_gone)
    record(
        actor=actor,
        action="projects.project.merged",
        subject=duplicate,
        before={"merged_into": None},
        after={"merged_into": f"{kept.number} {kept.name}"},
        reason=clean(reason),
    )
    record(
        actor=actor,
        action="projects.project.absorbed",
        subject=kept,
        before={"absorbed": None},
        after={"absorbed": f"{duplicate.number} {duplicate.name}"},
        reason=clean(reason),
    )
    announce("projects.project.merged", kept_id=kept.pk, duplicate_id=duplicate.pk)
    return kept


def _move_parts(actor: Actor, kept: Project, duplicate: Project) -> None:
    """What was a part of the duplicate is a part of the one that is kept."""
    parts = list(duplicate.parts.order_by("pk"))
    duplicate.parts.update(parent=kept)
    record_many(
        actor=actor,
        action="projects.project.updated",
        entries=[Entry(subject_of(part), {"parent": duplicate.number}, {"parent": kept.number}) for part in parts],
    )


def _move_links(kept: Project, duplicate: Project) -> None:
    have = set(kept.parties.values_list("near_key", "side", "role"))
    for party in duplicate.parties.all():
        if (party.near_key, party.side, party.role) not in have:
            ProjectParty.objects.filter(pk=party.pk).update(project=kept)
    known = {kept.clause_id, *ProjectClause.objects.filter(project=kept).values_list("clause_id", flat=True)}
    moved = [duplicate.clause_id, *ProjectClause.objects.filter(project=duplicate).values_list("clause_id", flat=True)]
    ProjectClause.objects.bulk_create(
        [
            ProjectClause(project=kept, clause_id=clause_id)
            for clause_id in dict.fromkeys(moved)
            if clause_id not in known
        ]
    )
    names = " ".join(dict.fromkeys([*kept.search_text.split(), *duplicate.search_text.split()]))
    kept.search_text = names


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
