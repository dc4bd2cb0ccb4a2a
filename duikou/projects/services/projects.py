"""Registering and correcting projects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid, NotFound, Stale
from duikou.kernel.facts import announce
from duikou.kernel.text import near_key
from duikou.projects import policies
from duikou.projects.models import Project, ProjectClause, ProjectParty
from duikou.projects.services.draft import PLAIN_FIELDS, PartyDraft, ProjectDraft, checked, draft_of
from duikou.projects.services.near import near_keys, near_keys_replace, near_keys_write
from duikou.projects.services.parts import parent_refuse_ring, parent_refuse_unseen
from duikou.projects.services.step_rows import steps_begin
from duikou.projects.services.summaries import contribution, summaries_apply
from duikou.projects.states import Opinion, Side, Visibility
from duikou.records.services.audit import Entry, record, record_many, subject_of

CONFIRMED_FACTS = (
    "pairing",
    "year",
    *(f"{which}_{part}" for which in ("planned", "signed", "completed") for part in ("amount", "bound")),
)
"""What the other side confirms: whose project it is, its year and its figures."""


@transaction.atomic
def project_create(
    *,
    actor: Actor,
    draft: ProjectDraft,
    reported_by: Side | None = None,
    partial: bool = False,
    reason: str = "",
) -> Project:
    """Register one project; raises `Invalid` by field, `Forbidden`. `reported_by` is for jobs and commands.

    `reason` stands in the trail: what a person assured, for example.

    `partial`: the source does not say everything, so neither the kind's required fields nor what the steps to the
    first state ask for must be there.
    """
    draft = checked(draft, partial=partial, entering=not partial)
    return projects_create_many(actor=actor, drafts=[draft], reported_by=reported_by, reason=reason)[0]


@transaction.atomic
def projects_create_many(
    *, actor: Actor, drafts: Sequence[ProjectDraft], reported_by: Side | None = None, reason: str = ""
) -> list[Project]:
    """Register many projects in few statements; every draft must have been through `checked` (the dry run does it).

    Raises `Forbidden` when one of them is not the actor's to register: then none is.
    """
    allowed: set[tuple[int, int | None]] = set()
    for draft in drafts:
        sides = (draft.first_region.pk, draft.second_region.pk if draft.second_region else None)
        if sides not in allowed:
            policies.create(actor, draft.first_region, draft.second_region).or_raise()
            allowed.add(sides)
        _refuse_publishing(actor, draft)
        parent_refuse_unseen(actor, draft.parent)
    rows = [_new(actor, draft, reported_by) for draft in drafts]
    Project.objects.bulk_create(rows, batch_size=1000)
    _write_parties([(row, party) for row, draft in zip(rows, drafts, strict=True) for party in draft.parties])
    ProjectClause.objects.bulk_create(
        [
            ProjectClause(project=row, clause=clause)
            for row, draft in zip(rows, drafts, strict=True)
            for clause in draft.further_clauses
        ],
        batch_size=1000,
    )
    near_keys_write((row.pk, near_keys(row.pairing.root.pk, row.name)) for row in rows)
    steps_begin(rows)
    summaries_apply(come=(contribution(row) for row in rows))
    record_many(
        actor=actor,
        action="projects.project.created",
        entries=[
            Entry(subject_of(row), None, {k: v for k, v in snapshot(row, draft).items() if v not in (None, "", [], {})})
            for row, draft in zip(rows, drafts, strict=True)
        ],
        reason=reason,
    )
    announce("projects.project.created", project_ids=[row.pk for row in rows])
    return rows


def _refuse_publishing(actor: Actor, draft: ProjectDraft) -> None:
    """Raise `Invalid` at the field when somebody who may not publish makes a project public."""
    verdict = policies.publish(actor)
    if draft.visibility is Visibility.PUBLIC and not verdict:
        raise Invalid(fields={"visibility": [verdict.reason]})


def _new(actor: Actor, draft: ProjectDraft, reported_by: Side | None) -> Project:
    moment = now()
    side = policies.side_of(actor, draft.first_region, draft.second_region)
    if side is Side.NONE and policies.is_platform(actor):
        side = reported_by or Side.NONE
    return Project(
        **{name: getattr(draft, name) for name in PLAIN_FIELDS if name not in {"state", "extra"}},
        state=draft.state.value,
        extra=dict(draft.extra),
        near_key=near_key(draft.name)[:200],
        search_text=search_text(draft.name, draft.parties),
        reported_by_first_at=moment if side is Side.FIRST else None,
        reported_by_second_at=moment if side is Side.SECOND else None,
        created_at=moment,
        updated_at=moment,
    )


@transaction.atomic
def project_update(
    *, actor: Actor, project_id: int, version: int, draft: ProjectDraft, reason: str = "", partial: bool = False
) -> Project:
    """Correct the facts of a project; its state changes by steps only (`partial`: see `checked`).

    Figures that the other side confirmed and that change now wait for its word again.
    Raises `Stale` (with the present row) when `version` is no longer the present one, `Invalid` by field.
    """
    draft = checked(draft, partial=partial)
    project = project_locked(project_id)
    policies.edit(actor, project).or_raise()
    policies.create(actor, draft.first_region, draft.second_region).or_raise()
    refuse_stale(project, version)
    if project.visibility != Visibility.PUBLIC:
        _refuse_publishing(actor, draft)
    if draft.parent != project.parent:
        parent_refuse_unseen(actor, draft.parent)
    if draft.state != project.state:
        raise Invalid(fields={"state": [_("状态须通过“下一步”改变，不能直接修改。")]})
    before, gone = snapshot(project, draft_of(project)), contribution(project)
    old_keys = near_keys(project.pairing.root.pk, project.name)
    for name in PLAIN_FIELDS:
        if name not in {"state", "extra", "programme"}:
            setattr(project, name, getattr(draft, name))
    project.extra = dict(draft.extra)
    project.near_key = near_key(draft.name)[:200]
    project.search_text = search_text(draft.name, draft.parties)
    _refuse_contested(project, before, snapshot(project, draft))
    parent_refuse_ring(project)
    _refuse_dropping(actor, project, draft)
    after = snapshot(project, draft)
    if after == before:
        return project
    if project.opinion == Opinion.CONFIRMED and any(before[name] != after[name] for name in CONFIRMED_FACTS):
        before, after = {**before, "opinion": project.opinion}, {**after, "opinion": Opinion.PENDING.value}
        project.opinion = Opinion.PENDING.value
    project_save(project, gone)
    near_keys_replace(project.pk, before=old_keys, after=near_keys(draft.pairing.root.pk, project.name))
    _replace_links(project, draft)
    record(
        actor=actor,
        action="projects.project.updated",
        subject=project,
        before={name: value for name, value in before.items() if after[name] != value},
        after={name: value for name, value in after.items() if before[name] != value},
        reason=reason,
    )
    announce("projects.project.updated", project_ids=[project.pk])
    return project


def project_locked(project_id: int) -> Project:
    """The row for changing, with what policies look at; raises `NotFound`."""
    found = (
        Project.objects.select_for_update(of=("self",))
        .select_related("first_region", "second_region", "pairing__first_region", "pairing__second_region")
        .filter(pk=project_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def refuse_stale(project: Project, version: int) -> None:
    """Raise `Stale` unless `version` is the present one: nobody's words are overwritten unseen."""
    if project.version != version:
        raise Stale(
            _("这个项目在您打开之后已被他人修改。下面是现在的内容和您填写的内容，请核对后再提交。"),
            version=project.version,
        )


def project_save(project: Project, gone: Any) -> None:
    """Write a changed row and the difference it makes to the sums (`gone`: its contribution before)."""
    project.version += 1
    project.updated_at = now()
    project.save()
    summaries_apply(gone=[gone], come=[contribution(project)])


def _refuse_contested(project: Project, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raise `Invalid` at figures on which the two sides differ: they change when both settle on a value."""
    names = [name for figure in project.contested.split() for name in (figure, figure.replace("_amount", "_bound"))]
    faults = {name.replace("_bound", "_amount") for name in names if before[name] != after[name]}
    if faults:
        reason = _("双方对这项数据说法不一，请在项目页“双方说法不一的数据”处商定。")
        raise Invalid(fields={name: [reason] for name in faults})


def _refuse_dropping(actor: Actor, project: Project, draft: ProjectDraft) -> None:
    """Raise `Invalid` when a party is left out that the other side's office linked to an organisation of its own."""
    own = policies.side_of(actor, project.first_region, project.second_region)
    if policies.is_platform(actor):
        return
    kept = {(near_key(party.name)[:200], party.side.value) for party in draft.parties}
    for party in project.parties.filter(organisation__isnull=False).exclude(side=own):
        if (party.near_key, party.side) not in kept:
            reason = _("“%(name)s”已由对方办公室关联为主体，须由对方先解除关联。") % {"name": party.name}
            raise Invalid(fields={"parties": [reason]})


def _replace_links(project: Project, draft: ProjectDraft) -> None:
    """Parties as drafted: those that stay keep their rows, and their organisations also where the role changes."""
    present = {(party.near_key, party.side, party.role): party for party in project.parties.all()}
    known = {key[:2]: party.organisation_id for key, party in present.items() if party.organisation_id is not None}
    wanted = {(near_key(party.name)[:200], party.side.value, party.role.value): party for party in draft.parties}
    ProjectParty.objects.filter(pk__in=[present[key].pk for key in present.keys() - wanted.keys()]).delete()
    for key in present.keys() & wanted.keys():
        if present[key].name != wanted[key].name:
            ProjectParty.objects.filter(pk=present[key].pk).update(name=wanted[key].name)
    new = [(key, party) for key, party in wanted.items() if key not in present]
    _write_parties((project, replace(party, organisation_id=known.get(key[:2]))) for key, party in new)
    ProjectClause.objects.filter(project=project).delete()
    ProjectClause.objects.bulk_create(
        [ProjectClause(project=project, clause=clause) for clause in draft.further_clauses]
    )


def _write_parties(pairs: Iterable[tuple[Project, PartyDraft]]) -> None:
    rows: dict[tuple[int, str, str, str], ProjectParty] = {}
    for project, party in pairs:
        key = near_key(party.name)[:200]
        rows.setdefault(
            (project.pk, key, party.side, party.role),
            ProjectParty(
                project=project,
                organisation_id=party.organisation_id,
                name=party.name,
                near_key=key,
                side=party.side,
                role=party.role,
            ),
        )
    ProjectParty.objects.bulk_create(rows.values(), batch_size=1000)


def search_text(name: str, parties: Iterable[PartyDraft]) -> str:
    """What text search looks in: the project's and the parties' names as compared."""
    return " ".join(dict.fromkeys([near_key(name), *(near_key(party.name) for party in parties)]))


def snapshot(project: Project, draft: ProjectDraft) -> Mapping[str, Any]:
    """The facts as they stand in the trail: words and exact figures, readable without the tables of today."""
    plain: dict[str, Any] = {}
    for name in PLAIN_FIELDS:
        value = getattr(project, name)
        plain[name] = value if value is None or isinstance(value, (int, dict)) else str(value)
    plain["parent"] = project.parent.number if project.parent is not None else None
    plain["further_clauses"] = [str(clause) for clause in draft.further_clauses]
    plain["parties"] = [party.name for party in draft.parties]
    return plain
