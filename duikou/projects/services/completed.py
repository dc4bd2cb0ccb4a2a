"""Completed money that follows from what was reported and accepted."""

from __future__ import annotations

from django.db import transaction

from duikou.kernel.actor import Actor
from duikou.kernel.facts import announce
from duikou.kernel.money import Bound, Money
from duikou.projects import policies
from duikou.projects.models import Project
from duikou.projects.services.projects import project_locked, project_save
from duikou.projects.services.summaries import contribution
from duikou.projects.states import Opinion
from duikou.records.services.audit import record


@transaction.atomic
def project_completed_set(*, actor: Actor, project_id: int, amount: Money, reason: str) -> Project:
    """Set the completed money to an accepted total; figures that both sides had confirmed wait for a word again.

    Saying the same twice changes nothing. Raises `Forbidden` for who may not change the project.
    """
    project = project_locked(project_id)
    policies.edit(actor, project).or_raise()
    if project.completed_amount == amount and project.completed_bound == Bound.EXACT:
        return project
    gone = contribution(project)
    before = {"completed_amount": _text(project.completed_amount), "completed_bound": project.completed_bound}
    after = {"completed_amount": str(amount), "completed_bound": Bound.EXACT.value}
    project.completed_amount, project.completed_bound = amount, Bound.EXACT.value
    if project.opinion == Opinion.CONFIRMED:
        before["opinion"], after["opinion"] = project.opinion, Opinion.PENDING.value
        project.opinion = Opinion.PENDING.value
    project_save(project, gone)
    record(actor=actor, action="projects.project.completed", subject=project, before=before, after=after, reason=reason)
    announce("projects.project.updated", project_ids=[project.pk])
    return project


def _text(amount: Money | None) -> str | None:
    return None if amount is None else str(amount)
