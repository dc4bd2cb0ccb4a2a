"""What many people may know of, of some projects: the same answer as `projects_visible`, for all of them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from duikou.kernel.actor import Actor, Role
from duikou.programme.models import Pairing
from duikou.projects.models import Project, ProjectParty, Visibility
from duikou.projects.selectors.scope import projects_visible, scope_of

_BY_ORGANISATION = frozenset({Role.UNIT, Role.MEMBER})


def sights(*, actors: Iterable[Actor], pairings: list[Pairing], among: QuerySet[Project]) -> dict[Actor, set[int]]:
    """Ids of the projects `among` that each of the actors may know of.

    One query for all organisations' own projects, one for each region that an office covers: their number is that of
    the offices, however many people and projects there are.
    """
    found: dict[Actor, set[int]] = {}
    by_scope: dict[tuple[bool, str, str], set[int]] = {}
    firms = []
    for actor in dict.fromkeys(actors):
        if actor.role in _BY_ORGANISATION and not actor.sees_all:
            firms.append(actor)
            continue
        key = (actor.sees_all, actor.role.value if scope_of(actor, ()).nothing else "", actor.region_path)
        if key not in by_scope:
            visible = projects_visible(actor=actor, pairings=pairings).filter(pk__in=among.values("pk"))
            by_scope[key] = set(visible.values_list("pk", flat=True))
        found[actor] = by_scope[key]
    return found | _of_organisations(firms, among)


def _of_organisations(actors: list[Actor], among: QuerySet[Project]) -> dict[Actor, set[int]]:
    if not actors:
        return {}
    public = set(among.filter(visibility=Visibility.PUBLIC, merged_into=None).values_list("pk", flat=True))
    wanted = {actor.organisation_id for actor in actors if actor.organisation_id is not None}
    closed = among.filter(visibility=Visibility.PAIRING, merged_into=None).values("pk")
    own: dict[int | None, set[int]] = defaultdict(set)
    parties = ProjectParty.objects.filter(organisation_id__in=wanted, project_id__in=closed)
    for organisation_id, project_id in parties.values_list("organisation_id", "project_id"):
        own[organisation_id].add(project_id)
    return {actor: public | own[actor.organisation_id] for actor in actors}
