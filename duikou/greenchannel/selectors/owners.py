"""Whom a request goes to: by the rules of its region and kind, or to the office of that side."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from duikou.access.models import Membership, Organisation
from duikou.greenchannel.models import Basis, GreenChannelRequest, OwnerRule
from duikou.greenchannel.rules.places import around
from duikou.greenchannel.selectors.scope import PLATFORM
from duikou.greenchannel.states import PARTY, Side
from duikou.kernel.actor import OFFICE, Actor, Role
from duikou.kernel.errors import NotFound
from duikou.programme.models import BlockerKind, Programme, Region
from duikou.projects.models import Project, ProjectParty

WORKING = tuple(role.value for role in PARTY)
MOST = 200


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who can own a request: a person of an organisation, an organisation, or a side's office."""

    name: str
    basis: str
    account_id: int | None = None
    organisation_id: int | None = None


def live_posts() -> QuerySet[Membership]:
    """Posts whose holder can work on requests today."""
    return (
        Membership.objects.live()
        .filter(account__is_active=True, role__in=WORKING)
        .select_related("account", "organisation", "region")
    )


def owner_for(*, programme: Programme, kind: BlockerKind, region: Region) -> Owner:
    """The owner of a new request (≤ 5 queries): never nobody.

    The nearest region's rule wins, then the one that names the kind. When its person has left: the stand-in, then the
    organisation; when that has nobody either, and where no rule fits: the lead of the side's office.
    """
    paths = around(region.path)
    rules = OwnerRule.objects.filter(
        Q(kind=kind) | Q(kind=None), programme=programme, is_active=True, region__path__in=paths
    ).select_related("region", "organisation")
    for rule in sorted(rules, key=lambda one: (-len(one.region.path), one.kind_id is None)):
        found = _of_rule(rule)
        if found is not None:
            return found
    return office_of(region)


def _of_rule(rule: OwnerRule) -> Owner | None:
    wanted = [pk for pk in (rule.person_id, rule.stand_in_id) if pk is not None]
    posts = {post.pk: post for post in live_posts().filter(pk__in=wanted)}
    for pk, basis in ((rule.person_id, Basis.RULE), (rule.stand_in_id, Basis.STAND_IN)):
        if pk in posts:
            return of_post(posts[pk], basis)
    if not live_posts().filter(organisation_id=rule.organisation_id).exists():
        return None
    basis = Basis.BODY if wanted else Basis.RULE
    return Owner(rule.organisation.name, basis.value, organisation_id=rule.organisation_id)


def of_post(post: Membership, basis: Basis) -> Owner:
    """The holder of a post as owner."""
    name = f"{post.organisation.name} {post.account}"[:300]
    return Owner(name, basis.value, post.account_id, post.organisation_id)


def office_of(region: Region) -> Owner:
    """The lead of the nearest office that has one, else its editors' office, else the office by name.

    An office without anybody keeps its name: its waiting item is found by whoever takes that post.
    """
    paths = around(region.path)
    posts = live_posts().filter(role__in=[role.value for role in OFFICE], region__path__in=paths)
    found = sorted(posts, key=lambda post: (-len(_path(post)), post.role != Role.OFFICE_LEAD.value, post.pk))
    leads = [post for post in found if post.role == Role.OFFICE_LEAD.value]
    if leads or found:
        return of_post((leads or found)[0], Basis.OFFICE)
    return Owner(f"{region.name}对口合作办公室", Basis.OFFICE.value)


def _path(post: Membership) -> str:
    return post.region.path if post.region is not None else ""


def owner_works(request: GreenChannelRequest) -> bool:
    """Whether the owner of a request still holds a post where it holds it."""
    posts = live_posts()
    if request.owner_id is not None:
        posts = posts.filter(account_id=request.owner_id)
    if request.owner_organisation_id is not None:
        posts = posts.filter(organisation_id=request.owner_organisation_id)
    if request.owner_id is None and request.owner_organisation_id is None:
        return False
    return posts.exists()


def side_regions(project: Project) -> dict[str, Region]:
    """Side → the region in which something of this project is solved there."""
    found = {Side.FIRST.value: project.first_region}
    second = project.second_region or project.pairing.second_region
    if second is not None:
        found[Side.SECOND.value] = second
    return found


def owners_offered(request: GreenChannelRequest) -> dict[str, list[tuple[str, Owner]]]:
    """Side → whom a request may be handed to there: code and owner. The office's people, the bodies that rules of the
    region name, linked parties of the project and the region's other units (≤ 3 queries a side)."""
    return {side: _offered(request, side, region) for side, region in side_regions(request.project).items()}


def _offered(request: GreenChannelRequest, side: str, region: Region) -> list[tuple[str, Owner]]:
    paths = around(region.path)
    parties = ProjectParty.objects.filter(project_id=request.project_id, side=side, organisation__isnull=False)
    named = OwnerRule.objects.filter(programme=request.programme_id, is_active=True, region__path__in=paths)
    bodies = {*parties.values_list("organisation_id", flat=True), *named.values_list("organisation_id", flat=True)}
    offices = Q(role__in=[role.value for role in OFFICE], region__path__in=paths)
    units = Q(role=Role.UNIT.value, organisation__region__path__startswith=region.path)
    posts = live_posts().filter(offices | units | Q(organisation_id__in=bodies))
    found: dict[str, Owner] = {}
    people: dict[str, Owner] = {}
    for post in posts.order_by("organisation__pinyin", "id")[: MOST * 5]:
        body = f"{side}:org:{post.organisation_id}"
        found.setdefault(
            body, Owner(post.organisation.name, Basis.TRANSFER.value, organisation_id=post.organisation_id)
        )
        if len(people) < MOST:
            people.setdefault(f"{side}:post:{post.pk}", of_post(post, Basis.TRANSFER))
    return [*found.items(), *people.items()]


def rules_visible(*, actor: Actor) -> QuerySet[OwnerRule]:
    """Rules in force that the actor may read: an office those of its region and of what lies around it, the nation all;
    units and members none."""
    related = ("region", "kind", "organisation", "person__account", "stand_in__account", "programme")
    rows = OwnerRule.objects.filter(is_active=True).select_related(*related)
    if actor.role in OFFICE and actor.region_path:
        near = Q(region__path__startswith=actor.region_path) | Q(region__path__in=around(actor.region_path))
        return rows.filter(near)
    if actor.sees_all or actor.kind in PLATFORM:
        return rows
    return rows.none()


def rule_visible(*, actor: Actor, rule_id: int) -> OwnerRule:
    """One rule; raises `NotFound` when it is not there for this actor."""
    found = rules_visible(actor=actor).filter(pk=rule_id).first()
    if found is None:
        raise NotFound
    return found


def bodies_of(region: Region) -> list[Organisation]:
    """Organisations that a rule of this region may name: those of the region and what lies in it, with people."""
    posts = live_posts().filter(organisation__region__path__startswith=region.path)
    return list(Organisation.objects.filter(pk__in=posts.values("organisation_id"), merged_into=None)[: MOST * 2])


def posts_of(region: Region) -> list[Membership]:
    """Posts that a rule of this region may name, by organisation."""
    posts = live_posts().filter(organisation__region__path__startswith=region.path)
    return list(posts.order_by("organisation__pinyin", "id")[: MOST * 2])
