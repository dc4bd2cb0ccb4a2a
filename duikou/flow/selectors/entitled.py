"""Who may do a step: the holder of its post, or somebody who stands in for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from duikou.access.models import Membership
from duikou.flow.models import Delegation, RouteRun, RouteStep, live_delegation_on
from duikou.flow.rules import AUTHOR, NATION, prefixes, roles_for, touches
from duikou.flow.states import Party, StepState
from duikou.kernel.actor import NATIONWIDE, OFFICE, Actor, Role
from duikou.kernel.clock import today
from duikou.kernel.verdict import Verdict
from duikou.programme.models import Region


@dataclass(frozen=True, slots=True)
class Standing:
    """In whose right somebody acts: their own (`delegation` is None) or another person's."""

    delegation: Delegation | None = None

    @property
    def giver_id(self) -> int | None:
        """The account of the person who is stood in for."""
        return self.delegation.giver_id if self.delegation else None

    @property
    def giver_name(self) -> str:
        """The name of the person who is stood in for."""
        return str(self.delegation.giver) if self.delegation else ""


@dataclass(frozen=True, slots=True)
class Doers:
    """Who did the steps of a run that count, each with whom they stood in for."""

    by_step: dict[str, frozenset[int]] = field(default_factory=dict)
    by_party: dict[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, run: RouteRun, steps: Sequence[RouteStep]) -> Doers:
        """From the run's steps; the author is who started it."""
        by_step: dict[str, frozenset[int]] = {AUTHOR: _people(run.started_by_id)}
        by_party: dict[str, frozenset[int]] = {}
        for step in steps:
            if step.state == StepState.DONE:
                people = _people(step.account_id, step.on_behalf_of_id)
                by_step[step.code] = people
                by_party[step.party] = by_party.get(step.party, frozenset()) | people
        return cls(by_step, by_party)


def _people(*ids: int | None) -> frozenset[int]:
    return frozenset(pk for pk in ids if pk is not None)


def delegations_to(actor: Actor) -> list[Delegation]:
    """What others let the actor do today, as far as they hold the posts themselves (one query)."""
    if not actor.is_person or actor.account_id is None:
        return []
    posts = Membership.objects.live().filter(account__is_active=True)
    found = Delegation.objects.filter(live_delegation_on(today()), taker_id=actor.account_id, post__in=posts)
    return list(found.select_related("giver", "post__region", "region").order_by("id"))


def standing_of(actor: Actor, step: RouteStep, delegations: Sequence[Delegation]) -> Standing | None:
    """In whose right the actor may do a step of this post and place; None for nobody's. Own right goes first."""
    if not actor.is_person or actor.account_id is None or actor.admin_mode_id is not None:
        return None
    roles = roles_for(step.role)
    if actor.role.value in roles and _reaches(step, actor.role, actor.region_path):
        return Standing()
    for one in delegations:
        path = one.region.path if one.region else ""
        post_path = one.post.region.path if one.post.region else ""
        given = one.role in roles and one.post.role == one.role and _reaches(step, Role(one.role), path)
        if given and _reaches(step, Role(one.role), post_path) and _stands_near(actor, one):
            return Standing(one)
    return None


def _reaches(step: RouteStep, role: Role, path: str) -> bool:
    """Whether a post of `role` over the region at `path` reaches the step."""
    if step.party == NATION:
        return role in NATIONWIDE
    return bool(path) and role not in NATIONWIDE and step.region_path.startswith(path)


def _stands_near(actor: Actor, one: Delegation) -> bool:
    """Whether the actor acts in a post on the giver's own side: of the same organisation, or of its region's office."""
    if actor.organisation_id is not None and actor.organisation_id == one.post.organisation_id:
        return True
    return actor.role in OFFICE and one.region is not None and touches(actor.region_path, one.region.path)


def may_do(
    actor: Actor, run: RouteRun, step: RouteStep, doers: Doers, delegations: Sequence[Delegation]
) -> tuple[Verdict, Standing]:
    """May the actor do this open step, and in whose right? Four eyes and two sides are judged with it."""
    standing = standing_of(actor, step, delegations)
    if standing is None:
        return Verdict.no(_("这一步由其他岗位办理，您可以查看，不能办理。")), Standing()
    rule = run.rules.step(step.code)
    people = _people(actor.account_id, standing.giver_id)
    for code in sorted(run.rules.others(rule)) if rule else ():
        if people & doers.by_step.get(code, frozenset()):
            if code == AUTHOR:
                return Verdict.no(_("这一步须由送签人以外的人办理。")), standing
            return Verdict.no(_("您已办理过与这一步须分开的环节，请由另一人办理。")), standing
    across = {Party.FIRST.value: Party.SECOND.value, Party.SECOND.value: Party.FIRST.value}.get(step.party, "")
    if people & doers.by_party.get(across, frozenset()):
        return Verdict.no(_("您已代表另一方办理，不能同时代表双方。")), standing
    return Verdict.yes(), standing


def step_address(role: str, region: Region | None) -> tuple[str, Region | None]:
    """Where a step waits: for the nearest post that somebody holds, else for the post as the route names it (≤ 2
    queries): an office without an editor has its lead, a county without an office its city's."""
    if region is None:
        return role, None
    roles, paths = roles_for(role), prefixes(region.path)
    posts = Membership.objects.live().filter(role__in=roles, region__path__in=paths, account__is_active=True)
    held = set(posts.values_list("role", "region__path"))
    for path in paths:
        for one in roles:
            if (one, path) in held:
                return one, region if path == region.path else Region.objects.get(path=path)
    return role, region
