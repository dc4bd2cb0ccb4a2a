"""What a viewer may know of: measures by state and reach, adoptions by side, threads by whether they are answered.

Every condition is part of the query, so that lists, counts, exports and pictures tell the same.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, Actor, ActorKind, Role
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.reforms.models import Adoption, CountStatement, ReformMeasure, Talk
from duikou.reforms.states import AdoptionState, MeasureState, Reach, TalkKind

DRAFTS_TOO = frozenset({Role.COORDINATOR, Role.AUDITOR})
NATION = DRAFTS_TOO | {Role.MINISTRY, Role.CADRE_AUTHORITY}
DONE = (AdoptionState.ADOPTED.value, AdoptionState.ENDED.value)
_PUBLISHED = ~Q(state=MeasureState.DRAFT.value)
_OPEN = {"state__in": (MeasureState.PUBLISHED.value, MeasureState.SUPERSEDED.value), "reach": Reach.PUBLIC.value}


def _unbounded(actor: Actor, roles: frozenset[Role]) -> bool:
    return actor.kind in {ActorKind.JOB, ActorKind.COMMAND} or actor.admin_mode_id is not None or actor.role in roles


def measure_scope(actor: Actor) -> Q | None:
    """The condition on measures; None for nothing at all.

    Coordinator and auditor read drafts too, an office those of its own region. What was published is read by every
    department; members read what was published for everybody.
    """
    if _unbounded(actor, DRAFTS_TOO):
        return Q()
    if actor.role in OFFICE and actor.region_path:
        return _PUBLISHED | Q(origin__path__startswith=actor.region_path)
    if actor.role in {Role.MINISTRY, Role.CADRE_AUTHORITY, Role.CADRE_OFFICER, Role.UNIT}:
        return _PUBLISHED
    return Q(**_OPEN) if actor.role is Role.MEMBER else None


def adoption_scope(actor: Actor) -> Q | None:
    """The condition on adoptions; None for nothing at all.

    What a region adopted is read by whoever reads the measure. What it only follows, adapts or declines is read by the
    office and the unit that act for it, by the office of the measure's origin, and by nation-wide readers.
    """
    if _unbounded(actor, NATION):
        return Q()
    done = Q(state__in=DONE)
    if actor.role in OFFICE | {Role.CADRE_OFFICER} and actor.region_path:
        path = actor.region_path
        return done | Q(region__path__startswith=path) | Q(measure__origin__path__startswith=path)
    if actor.role is Role.UNIT:
        return done | Q(unit_id=actor.organisation_id) if actor.organisation_id is not None else done
    if actor.role is Role.MEMBER:
        shown = {f"measure__{name}": value for name, value in _OPEN.items()}
        return Q(state=AdoptionState.ADOPTED.value, **shown)
    return None


def measures_visible(*, actor: Actor) -> QuerySet[ReformMeasure]:
    """Measures that `actor` may know of."""
    scope = measure_scope(actor)
    return ReformMeasure.objects.none() if scope is None else ReformMeasure.objects.filter(scope)


def adoptions_visible(*, actor: Actor) -> QuerySet[Adoption]:
    """Adoptions that `actor` may know of; drafts have none."""
    scope = adoption_scope(actor)
    return Adoption.objects.none() if scope is None else Adoption.objects.filter(scope)


def threads_visible(*, actor: Actor) -> QuerySet[Talk]:
    """Questions and remarks that `actor` may know of; their replies go with them.

    An open question is read by the office that asked and the one that is asked, and by nation-wide readers.
    """
    threads = Talk.objects.filter(parent=None)
    if _unbounded(actor, NATION):
        return threads
    said = Q(kind=TalkKind.COMMENT.value) | Q(answered_at__isnull=False)
    if actor.account_id is not None:
        said |= Q(account_id=actor.account_id)
    if actor.role in OFFICE and actor.region_path:
        path = actor.region_path
        return threads.filter(said | Q(region__path__startswith=path) | Q(measure__origin__path__startswith=path))
    if actor.role in {Role.UNIT, Role.CADRE_OFFICER}:
        if actor.role is Role.UNIT and actor.organisation_id is not None:
            said |= Q(measure__owner_id=actor.organisation_id)
        return threads.filter(said)
    return threads.none()


def statements_visible(*, actor: Actor) -> QuerySet[CountStatement]:
    """Stated counts: published figures, for every department."""
    rows = CountStatement.objects.filter(withdrawn_at=None)
    known = _unbounded(actor, NATION) or actor.role in OFFICE | {Role.CADRE_OFFICER, Role.UNIT}
    return rows if known else rows.none()


def measure_visible(*, actor: Actor, measure_id: int) -> ReformMeasure:
    """One measure with what its page names; raises `NotFound` when it is not there for this actor."""
    related = ("programme", "topic", "origin", "issuer", "owner", "successor")
    found = measures_visible(actor=actor).filter(pk=measure_id).select_related(*related).first()
    if found is None:
        raise NotFound
    return found


def adoption_visible(*, actor: Actor, adoption_id: int) -> Adoption:
    """One adoption with its measure and places; raises `NotFound`."""
    related = ("measure__origin", "measure__programme", "measure__topic", "region", "pairing", "unit")
    found = adoptions_visible(actor=actor).filter(pk=adoption_id).select_related(*related).first()
    if found is None:
        raise NotFound
    return found


def thread_visible(*, actor: Actor, talk_id: int) -> Talk:
    """One thread of a visible measure; raises `NotFound`."""
    found = threads_visible(actor=actor).filter(pk=talk_id).select_related("measure__origin").first()
    if found is None or not measures_visible(actor=actor).filter(pk=found.measure_id).exists():
        raise NotFound
    return found


def measure_sees(actor: Actor, measure_id: str) -> Verdict:
    """Whether the actor may know of the measure (for its files)."""
    return _verdict(measures_visible(actor=actor).filter(pk=as_id(measure_id)).exists())


def adoption_sees(actor: Actor, adoption_id: str) -> Verdict:
    """Whether the actor may know of the adoption (for its files)."""
    return _verdict(adoptions_visible(actor=actor).filter(pk=as_id(adoption_id)).exists())


def _verdict(known: bool) -> Verdict:
    return Verdict.yes() if known else Verdict.no(_("没有找到这个页面或记录。"))


def as_id(text: str) -> int:
    """An id from an address; 0, which no record has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
