"""Who takes part: in one project with its organisations, and in each of many in the query of the projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, JSONField, OuterRef, Q, QuerySet, Subquery

from duikou.access.models import Organisation
from duikou.access.selectors.organisations import organisation_text, organisations_visible
from duikou.kernel.actor import Actor
from duikou.kernel.verdict import Verdict
from duikou.projects.models import Project, ProjectParty
from duikou.projects.selectors.scope import projects_visible


class _Pairs(Aggregate):
    """Two columns of a group's rows as one JSON list of pairs, in no order."""

    arity = 2
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="json_group_array(json_array(%(expressions)s))", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="jsonb_agg(jsonb_build_array(%(expressions)s))", **more)


def projects_of_organisation(*, actor: Actor, roles: Collection[str] = ()) -> QuerySet[Project]:
    """Projects in which the actor's organisation is a party, in one of `roles` if given; none without one."""
    if actor.organisation_id is None:
        return Project.objects.none()
    mine = ProjectParty.objects.filter(organisation_id=actor.organisation_id)
    mine = mine.filter(role__in=list(roles)) if roles else mine
    return projects_visible(actor=actor).filter(pk__in=mine.values("project_id"))


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party on the page: its organisation where the viewer may know of it, else whom it may be linked to."""

    party: ProjectParty
    organisation: Organisation | None
    allowed: Verdict
    suggested: tuple[tuple[str, str], ...] = ()
    """Names of organisations written alike, each with the text by which a form names it."""


def party_rows(*, actor: Actor, project: Project, verdicts: Mapping[str, Verdict]) -> list[PartyRow]:
    """The parties of a project in the order in which they were entered (two queries however many).

    `verdicts`: by side, whether the actor may say which organisation a party is (`policies.link_party`).
    """
    parties = list(project.parties.all())
    open_keys = {p.near_key[:120] for p in parties if p.organisation_id is None and verdicts[p.side]}
    linked = {p.organisation_id for p in parties if p.organisation_id is not None}
    if not open_keys and not linked:
        return [PartyRow(party, None, verdicts[party.side]) for party in parties]
    rows = list(
        organisations_visible(actor=actor)
        .select_related("region")
        .filter(Q(pk__in=linked) | Q(near_key__in=open_keys))[:200]
    )
    known = {row.pk: row for row in rows}
    alike: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in rows:
        if actor.covers(row.region.path):
            alike[row.near_key].append((row.name, organisation_text(row)))
    return [
        PartyRow(
            party,
            known.get(party.organisation_id or 0),
            verdicts[party.side],
            () if party.organisation_id or not verdicts[party.side] else tuple(alike[party.near_key[:120]][:3]),
        )
        for party in parties
    ]


def with_parties(projects: QuerySet[Project]) -> QuerySet[Project]:
    """The same projects, each bearing what `party_names` reads: no query more, however many there are."""
    rows = ProjectParty.objects.filter(project=OuterRef("pk")).order_by().values("project")
    return projects.annotate(numbered_parties=Subquery(rows.annotate(pairs=_Pairs("id", "name")).values("pairs")))


def party_names(project: Any) -> list[str]:
    """The names of a project read `with_parties`, in the order in which they were entered."""
    return [name for _number, name in sorted(project.numbered_parties or ())]
