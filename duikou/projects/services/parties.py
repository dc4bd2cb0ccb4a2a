"""Who takes part: which organisation a party is, and parties added one by one."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access.models import Organisation
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, clean_name, near_key
from duikou.projects import policies
from duikou.projects.models import Project, ProjectParty
from duikou.projects.services.draft import MOST_PARTIES
from duikou.projects.services.projects import project_locked, project_save
from duikou.projects.services.summaries import contribution
from duikou.projects.states import PartyRole, Side
from duikou.records.services.audit import record


@transaction.atomic
def party_link(*, actor: Actor, project_id: int, party_id: int, organisation_id: int) -> ProjectParty:
    """Say that a party is this organisation: from now on its people see the project and, by role, report on it.

    An act of the party's own office, for organisations that it looks after. A party of no side gets the office's.
    Raises `Forbidden`, `NotFound`, `Invalid` at `organisation`, `Conflict` where it is linked already.
    """
    project = project_locked(project_id)
    party = _party(project, party_id)
    policies.link_party(actor, project, party.side).or_raise()
    if party.organisation_id == organisation_id:
        return party
    if party.organisation_id is not None:
        raise Conflict(_("这个单位已关联到另一主体，请先解除。"))
    organisation = _looked_after(actor, organisation_id)
    own = policies.side_of(actor, project.first_region, project.second_region)
    if party.side == Side.NONE and own is not Side.NONE:
        if ProjectParty.objects.filter(project=project, near_key=party.near_key, side=own, role=party.role).exists():
            raise Conflict(_("本侧已登记同名同角色的单位，请关联那一个。"))
        party.side = own.value
    party.organisation = organisation
    party.save(update_fields=["organisation", "side"])
    _noted(actor, "linked", party, organisation)
    announce("projects.party.linked", project_id=project.pk, organisation_id=organisation.pk, at=now().isoformat())
    return party


@transaction.atomic
def party_unlink(*, actor: Actor, project_id: int, party_id: int, reason: str = "") -> ProjectParty:
    """Say that a party is not that organisation after all: its people see the project no longer."""
    project = project_locked(project_id)
    party = _party(project, party_id)
    policies.link_party(actor, project, party.side).or_raise()
    organisation = party.organisation
    if organisation is None:
        return party
    party.organisation = None
    party.save(update_fields=["organisation"])
    _noted(actor, "unlinked", party, organisation, clean(reason))
    announce("projects.party.unlinked", project_id=project.pk, organisation_id=organisation.pk, at=now().isoformat())
    return party


@transaction.atomic
def party_add(
    *, actor: Actor, project_id: int, name: str, side: Side, role: PartyRole, organisation: Organisation | None = None
) -> ProjectParty:
    """Add one party, as an organisation where one was picked that the actor's office may link.

    Raises `Invalid` at `name` for an empty name, one that stands there already, or one too many.
    """
    project = project_locked(project_id)
    policies.edit(actor, project).or_raise()
    name = clean_name(organisation.name if organisation is not None else name)
    key = near_key(name)[:200]
    if not key or len(name) > 200:
        raise Invalid(fields={"name": [_("单位名称不能为空，最多200个字。")]})
    if project.parties.count() >= MOST_PARTIES:
        raise Invalid(fields={"name": [_("最多登记%(most)s个合作单位。") % {"most": MOST_PARTIES}]})
    if project.parties.filter(near_key=key, side=side, role=role).exists():
        raise Invalid(fields={"name": [_("这个单位已经以同一角色登记在这里。")]})
    party = ProjectParty.objects.create(project=project, name=name, near_key=key, side=side.value, role=role.value)
    gone = contribution(project)
    project.search_text = " ".join(dict.fromkeys([*project.search_text.split(), near_key(name)]))
    project_save(project, gone)
    record(
        actor=actor,
        action="projects.party.added",
        subject=project,
        before=None,
        after={"party": name, "side": side.value, "role": role.value},
    )
    announce("projects.project.updated", project_ids=[project.pk])
    may_link = organisation is not None and policies.link_party(actor, project, side)
    if organisation is not None and may_link and organisation.is_looked_after_by(actor):
        return party_link(actor=actor, project_id=project.pk, party_id=party.pk, organisation_id=organisation.pk)
    return party


def _party(project: Project, party_id: int) -> ProjectParty:
    found = project.parties.select_related("organisation").filter(pk=party_id).first()
    if found is None:
        raise NotFound
    return found


def _looked_after(actor: Actor, organisation_id: int) -> Organisation:
    found = Organisation.objects.select_related("region").filter(pk=organisation_id, merged_into=None).first()
    if found is None or not (policies.is_platform(actor) or found.is_looked_after_by(actor)):
        raise Invalid(fields={"organisation": [_("请选择由您的办公室负责的本地区主体；没有时先登记主体。")]})
    return found


def _noted(actor: Actor, verb: str, party: ProjectParty, organisation: Organisation, reason: str = "") -> None:
    names = {"party": party.name, "organisation": organisation.name, "role": party.role}
    there, gone = (names, {**names, "organisation": None})
    before, after = (gone, there) if verb == "linked" else (there, gone)
    record(
        actor=actor,
        action=f"projects.party.{verb}",
        subject=party.project,
        before=before,
        after=after,
        reason=reason,
    )
