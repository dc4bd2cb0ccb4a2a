"""Word templates of offices, for who may know of them: the region's own office, and what a paper may be made with."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duikou.documents.models import PaperTemplate
from duikou.documents.states import TemplateKind
from duikou.kernel.actor import OFFICE, Actor, Role
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.programme.models import Pairing


def templates_visible(*, actor: Actor) -> QuerySet[PaperTemplate]:
    """Every version that the actor's own office has; nobody else's."""
    rows = PaperTemplate.objects.select_related("region")
    if actor.is_person and actor.role in OFFICE and actor.region_id is not None:
        return rows.filter(region=actor.region_id)
    return rows.none()


def templates_of_kind(*, actor: Actor, kind: TemplateKind) -> list[PaperTemplate]:
    """The versions of one kind, newest first (one query)."""
    return list(templates_visible(actor=actor).filter(kind=kind.value).order_by("-number"))


def templates_current(*, actor: Actor) -> dict[str, PaperTemplate]:
    """What the actor's office uses, by kind (one query); kinds without one use the shipped template."""
    return {row.kind: row for row in templates_visible(actor=actor).filter(is_current=True)}


def template_visible(*, actor: Actor, template_id: int) -> PaperTemplate:
    """One version of the actor's own office; raises `NotFound`."""
    found = templates_visible(actor=actor).filter(pk=template_id).first()
    if found is None:
        raise NotFound
    return found


def templates_usable(*, actor: Actor, pairing: Pairing) -> list[PaperTemplate]:
    """The current templates, of every kind, that the actor may have papers of a pairing made with (one query at most).

    An office its own; an office of one of the two sides also the other side's, for papers that both issue. The own one
    stands first. Everybody else the shipped template alone.
    """
    if not actor.is_person or actor.role not in OFFICE or actor.region_id is None:
        return []
    sides = {pairing.first_region_id, pairing.second_region_id} - {None}
    regions = {actor.region_id} | (sides if actor.region_id in sides else set())
    rows = PaperTemplate.objects.filter(is_current=True, region__in=regions).select_related("region")
    return sorted(rows, key=lambda row: (row.region_id != actor.region_id, row.region_id, row.kind))


def template_sees(actor: Actor, template_id: str) -> Verdict:
    """May `actor` open the file? Its own office may, and auditors, who read all."""
    row = PaperTemplate.objects.filter(pk=int(template_id)).first() if template_id.isdecimal() else None
    own = actor.role in OFFICE and row is not None and row.region_id == actor.region_id
    if own or (row is not None and actor.role is Role.AUDITOR):
        return Verdict.yes()
    return Verdict.no(_("没有找到这个页面或记录。"))
