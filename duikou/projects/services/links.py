"""Which entries of plans a project carries out."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid, NotFound
from duikou.plans.selectors.references import entries_found
from duikou.projects import policies
from duikou.projects.models import ProjectEntry
from duikou.projects.services.projects import project_locked
from duikou.records.services.audit import record

MOST_ENTRIES = 50


@transaction.atomic
def entry_link(*, actor: Actor, project_id: int, reference: str) -> ProjectEntry:
    """Say that the project carries out an entry that the actor may know of; again is the same. `Invalid` at `entry`."""
    project = project_locked(project_id)
    policies.edit(actor, project).or_raise()
    found = entries_found(actor, [reference]).get(reference)
    if found is None:
        raise Invalid(fields={"entry": [_("没有找到这个计划事项。")]})
    if project.entries.count() >= MOST_ENTRIES:
        raise Invalid(fields={"entry": [_("最多关联%(count)s项。") % {"count": MOST_ENTRIES}]})
    link, is_new = ProjectEntry.objects.get_or_create(project=project, reference=reference)
    if is_new:
        record(actor=actor, action="projects.entry.linked", subject=project, after={"entry": reference})
    return link


@transaction.atomic
def entry_unlink(*, actor: Actor, project_id: int, link_id: int) -> None:
    """Say that it does not."""
    project = project_locked(project_id)
    policies.edit(actor, project).or_raise()
    link = project.entries.filter(pk=link_id).first()
    if link is None:
        raise NotFound
    record(actor=actor, action="projects.entry.unlinked", subject=project, before={"entry": link.reference})
    link.delete()
