"""Changing many projects at once: what a change makes of each, then all of it or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext as _

from duikou.kernel import permissions
from duikou.kernel.actor import Actor
from duikou.kernel.bulk import insert_many
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.facts import announce
from duikou.kernel.text import clean
from duikou.projects import policies
from duikou.projects.models import Project, ProjectClause, ProjectParty, ProjectStep
from duikou.projects.selectors.gates import files_of
from duikou.projects.selectors.scope import projects_visible
from duikou.projects.services.bulk_plan import BulkChange, Ground, RowPlan, row_plan
from duikou.projects.services.parts import parent_refuse_unseen, parents_above
from duikou.projects.services.step_rows import FIELDS as STEP_FIELDS
from duikou.projects.services.summaries import contribution, summaries_apply
from duikou.records.services.audit import Entry, record_many, subject_of

MOST = 1000
"""Projects that one bulk edit changes at most; for more there is the import."""

BULK_UPDATED = "projects.project.bulk_updated"


class BulkRefused(Conflict):
    """Something of what was seen in the preview is not so any more; nothing was written."""

    code = "bulk_refused"


def bulk_preview(*, actor: Actor, ids: Collection[int], change: BulkChange) -> list[RowPlan]:
    """What `change` would make of each of the projects that the actor may know of, or why it cannot be made.

    A constant number of queries, however many projects; those unknown to the actor are simply not among the answers.
    Raises `Invalid` for more than `MOST`, for a change that says nothing, and at the field.
    """
    return _plans(actor, ids, change, lock=False)


@transaction.atomic
def bulk_commit(*, actor: Actor, seen: Mapping[int, int], change: BulkChange, reason: str) -> int:
    """Make `change` of all the projects in `seen` (id → version in the preview); returns how many it changed.

    Raises `BulkRefused` when one of them was changed meanwhile, is gone or refuses: then none is changed. Committing
    again what is already so changes nothing.
    """
    reason = clean(reason)
    if not reason or len(reason) > 1000:
        raise Invalid(fields={"reason": [_("请写明理由，最多1000个字。")]})
    plans = _plans(actor, seen.keys(), change, lock=True)
    if len(plans) == len(seen) and all(plan.is_same for plan in plans):
        return 0
    moved = [plan for plan in plans if plan.project.version != seen[plan.project.pk]]
    if len(plans) != len(seen) or moved or any(plan.refused for plan in plans):
        raise BulkRefused(_("预览之后有项目被他人修改或不再能修改，没有保存任何内容。请核对下面的新预览，再提交。"))
    return _write(actor, [plan for plan in plans if not plan.is_same], change, reason)


def _plans(actor: Actor, ids: Collection[int], change: BulkChange, *, lock: bool) -> list[RowPlan]:
    permissions.check(actor, policies.WRITE.code).or_raise()
    if len(ids) > MOST:
        raise Invalid(_("一次最多修改%(most)d个项目。请缩小范围；更多的请用导入。") % {"most": MOST})
    if change.says_nothing:
        raise Invalid(_("请至少填写一项要修改的内容。"))
    parent = change.values.get("parent")
    parent_refuse_unseen(actor, parent)
    above = frozenset(parents_above(parent.pk)) if parent is not None else frozenset()
    ground = Ground(actor, above, policies.publish(actor), files_of(ids) if change.verb else {})
    return [row_plan(project, change, ground) for project in _rows(actor, ids, lock=lock)]


def _rows(actor: Actor, ids: Collection[int], *, lock: bool) -> QuerySet[Project]:
    """The projects with all that planning looks at."""
    found = projects_visible(actor=actor).filter(pk__in=list(ids)).order_by("pk")
    if lock:
        found = found.select_for_update(of=("self",))
    return found.select_related(
        "programme",
        "kind",
        "clause",
        "industry",
        "parent",
        "first_region",
        "second_region",
        "pairing__first_region",
        "pairing__second_region",
    ).prefetch_related("further_clauses", Prefetch("parties", queryset=ProjectParty.objects.order_by("id")))


def _write(actor: Actor, plans: list[RowPlan], change: BulkChange, reason: str) -> int:
    at = now()
    groups: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for plan in plans:
        groups.setdefault(repr(sorted(plan.columns.items())), (plan.columns, []))[1].append(plan.project.pk)
    for columns, ids in groups.values():
        Project.objects.filter(pk__in=ids).update(**columns, version=F("version") + 1, updated_at=at)
    _write_extras([plan.after for plan in plans if plan.has_new_extra])
    _write_clauses(plans)
    summaries_apply(
        gone=[contribution(plan.project) for plan in plans], come=[contribution(plan.after) for plan in plans]
    )
    edited = [plan for plan in plans if plan.edits]
    entries = (Entry(subject_of(plan.project), *(plan.edits or ())) for plan in edited)
    record_many(actor=actor, action=BULK_UPDATED, entries=entries, reason=reason)
    if edited:
        announce("projects.project.updated", project_ids=[plan.project.pk for plan in edited])
    if change.verb:
        _write_steps(actor, plans, change, reason, at)
    return len(plans)


def _write_steps(actor: Actor, plans: list[RowPlan], change: BulkChange, reason: str, at: Any) -> None:
    rows = [
        (plan.project.pk, change.verb, plan.project.state, plan.after.state, change.on, reason, at) for plan in plans
    ]
    insert_many(ProjectStep, STEP_FIELDS, rows)
    entries = (Entry(subject_of(plan.project), *plan.step) for plan in plans)
    record_many(actor=actor, action=f"projects.project.{change.verb}", entries=entries, reason=reason)
    announce("projects.project.moved", project_ids=[plan.project.pk for plan in plans], verb=change.verb)


def _write_extras(projects: Iterable[Project]) -> None:
    """The kinds' own fields, which differ from row to row."""
    Project.objects.bulk_update(list(projects), ["extra"], batch_size=MOST)


def _write_clauses(plans: list[RowPlan]) -> None:
    """Further clauses that go and come: a statement for each clause that goes, one for all that come."""
    gone: dict[int, list[int]] = defaultdict(list)
    come = []
    for plan in plans:
        for clause in plan.clauses_gone:
            gone[clause.pk].append(plan.project.pk)
        come += [ProjectClause(project=plan.project, clause=clause) for clause in plan.clauses_come]
    for clause_id, ids in gone.items():
        ProjectClause.objects.filter(clause_id=clause_id, project_id__in=ids).delete()
    ProjectClause.objects.bulk_create(come, batch_size=MOST)
