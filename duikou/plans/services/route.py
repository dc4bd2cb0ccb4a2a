"""The road of a version through `flow`: sent by an editor, signed by both sides, filed, issued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.flow.models import RouteRun, RouteStep
from duikou.flow.services.obligations import obligation_fulfil, obligation_reopen
from duikou.flow.services.routes import run_start
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, NotFound
from duikou.plans.models import PlanVersion
from duikou.plans.selectors.scope import versions_visible
from duikou.plans.services.content import digest_of
from duikou.plans.services.signing import (
    version_close,
    version_filed,
    version_issued,
    version_returned,
    version_signed,
    version_withdrawn,
)
from duikou.plans.states import DUTY_OF_KIND, PlanKind, VersionState
from duikou.programme.selectors import route_at
from duikou.records.services.audit import SubjectRef, subject_of

KIND = "plans.planversion"
ROUTE = "plan_filing"


@transaction.atomic
def version_submit(*, actor: Actor, version_id: int, revision: int) -> PlanVersion:
    """Close the draft as its sender saw it and send it on the programme's route; raises `Incomplete` or `Stale`.

    Where the programme has no such route, nothing is sent (`Conflict`).
    """
    version = version_close(actor=actor, version_id=version_id, revision=revision)
    plan = version.plan
    route = route_at(plan.programme, ROUTE)
    if route is None:
        raise Conflict(_("方案没有规定计划的会签流程，不能送签。"))
    pairing = plan.pairing
    parties = {"first": pairing.first_region}
    if pairing.second_region is not None:
        parties["second"] = pairing.second_region
    run_start(
        actor=actor,
        route=route,
        subject=subject_of(version),
        parties=parties,
        digest=digest_of(version),
        programme=plan.programme,
    )
    return version


def may_see(*, actor: Actor, subject_id: str) -> bool:
    """Whether the actor may know of the version that is on its way."""
    return versions_visible(actor=actor).filter(pk=_id(subject_id)).exists()


def address(subject_id: str) -> str:
    """The page of the version."""
    row = PlanVersion.objects.filter(pk=_id(subject_id)).values_list("plan_id", "number").first()
    return reverse("plans:version", args=row) if row else reverse("plans:list")


def present_digest(subject_id: str) -> str:
    """What the version's text amounts to now."""
    related = ("plan__programme", "plan__field", "plan__pairing__first_region", "plan__pairing__second_region")
    version = PlanVersion.objects.select_related(*related).filter(pk=_id(subject_id)).first()
    if version is None:
        raise NotFound
    return digest_of(version)


def on_stage(*, actor: Actor, run: RouteRun, stage_code: str) -> None:
    """A stage is complete: its code says what is reached."""
    version_id = _id(run.subject_id)
    if stage_code == "signed":
        version_signed(actor=actor, version_id=version_id)
    elif stage_code == "filed":
        _fulfil(actor, version_filed(actor=actor, version_id=version_id))
    elif stage_code == "issued":
        version_issued(actor=actor, version_id=version_id, **_issuing(run.given()))


def _issuing(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the step that issues was told; an older route asks for none of it."""
    return {name: given[name] for name in ("document_number", "document_date", "in_force_on") if name in given}


def on_finish(*, actor: Actor, run: RouteRun) -> None:
    """A route that ends with filing issues nothing: what both signed and filed takes effect."""
    version = PlanVersion.objects.filter(pk=_id(run.subject_id)).first()
    if version is not None and version.state == VersionState.FILED:
        version_issued(actor=actor, version_id=version.pk)


def on_return(*, actor: Actor, run: RouteRun, step: RouteStep, reason: str) -> None:
    """Back to the authors: what was filed is owed again. A return to an earlier step changes nothing of the version."""
    if step.returned_to == "author":
        _owed_again(actor, version_returned(actor=actor, version_id=_id(run.subject_id), reason=reason), reason)


def on_withdraw(*, actor: Actor, run: RouteRun, reason: str) -> None:
    """Its senders took it back."""
    version_withdrawn(actor=actor, version_id=_id(run.subject_id), reason=reason)


def _fulfil(actor: Actor, version: PlanVersion) -> None:
    obligation_fulfil(
        actor=actor, **_duty(version), subject=_subject(version), url=address(str(version.pk)), on=today()
    )


def _owed_again(actor: Actor, version: PlanVersion, reason: str) -> None:
    obligation_reopen(actor=actor, **_duty(version), subject=_subject(version), reason=reason)


def _duty(version: PlanVersion) -> dict[str, Any]:
    """Which duty of the pack the version fulfils."""
    plan = version.plan
    code = DUTY_OF_KIND[PlanKind(plan.kind)]
    return {"duty_code": code, "pairing": plan.pairing, "year": plan.year or plan.starts_on.year}


def _subject(version: PlanVersion) -> SubjectRef:
    return SubjectRef(KIND, str(version.pk), str(version))


def _id(subject_id: str) -> int:
    return int(subject_id) if subject_id.isascii() and subject_id.isdigit() and len(subject_id) < 18 else 0
