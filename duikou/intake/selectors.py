"""Imports as a given actor may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duikou.intake.models import ImportDecision, ImportFinding, ImportRun
from duikou.intake.states import OPEN, Choice
from duikou.kernel.actor import Actor, ActorKind, Role
from duikou.kernel.errors import NotFound
from duikou.kernel.permissions import check
from duikou.kernel.verdict import Verdict

if TYPE_CHECKING:
    from uuid import UUID


SEES_ALL = {Role.AUDITOR, Role.COORDINATOR}


def runs_visible(*, actor: Actor) -> QuerySet[ImportRun]:
    """Imports of the actor's organisation; all of them for the coordinator, auditors, jobs and commands."""
    runs = ImportRun.objects.select_related("organisation")
    if (
        actor.kind in (ActorKind.JOB, ActorKind.COMMAND)
        or actor.role in {Role.AUDITOR, Role.COORDINATOR}
        or actor.admin_mode_id
    ):
        return runs
    if not actor.organisation_id:
        return runs.none()
    return runs.filter(organisation_id=actor.organisation_id)


def run_visible(*, actor: Actor, uid: UUID | str) -> ImportRun:
    """One import; raises `NotFound` when there is none the actor may know of."""
    found = runs_visible(actor=actor).filter(uid=uid).first()
    if found is None:
        raise NotFound()
    return found


def run_sees(actor: Actor, run_pk: str) -> Verdict:
    """Whether the actor may know of an import (evidence files ask)."""
    known = run_pk.isascii() and run_pk.isdigit() and len(run_pk) <= 18 and check(actor, "intake.run.read")
    if known and runs_visible(actor=actor).filter(pk=int(run_pk)).exists():
        return Verdict.yes()
    return Verdict.no(_("没有找到这个页面或记录。"))


def runs_open(*, actor: Actor) -> QuerySet[ImportRun]:
    """Imports of the actor's organisation that are not finished."""
    return runs_visible(actor=actor).filter(state__in=OPEN)


def earlier_of_same_file(*, actor: Actor, run: ImportRun) -> ImportRun | None:
    """A committed import of the very same file that the actor may know of."""
    return (
        runs_visible(actor=actor)
        .filter(digest=run.digest, kind=run.kind, committed_at__isnull=False)
        .exclude(pk=run.pk)
        .order_by("-committed_at")
        .first()
    )


def findings_of(run: ImportRun, severity: str = "") -> QuerySet[ImportFinding]:
    """What the dry run found, in the order of the file."""
    found = ImportFinding.objects.filter(run=run).order_by("id")
    return found.filter(severity=severity) if severity else found


def decisions_of(run: ImportRun) -> QuerySet[ImportDecision]:
    """Rows that need or got a decision."""
    return ImportDecision.objects.filter(run=run).order_by("index")


def decisions_kept(run: ImportRun) -> bool:
    """Whether any decided row is to be written or told."""
    return ImportDecision.objects.filter(run=run).exclude(choice__in=("", Choice.SKIP.value)).exists()


def decisions_open(run: ImportRun) -> int:
    """How many rows still wait for a decision."""
    return ImportDecision.objects.filter(run=run, choice="").count()
