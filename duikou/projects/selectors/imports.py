"""Which files a project came from."""

from __future__ import annotations

import re

from duikou.intake.models import ImportRun
from duikou.intake.selectors import runs_visible
from duikou.kernel.actor import Actor
from duikou.kernel.permissions import check
from duikou.projects.models import Project
from duikou.records.models import AuditEvent

_FILE = re.compile("“(.+)”", re.DOTALL)
"""The name of the file in the reason that an import leaves in the trail."""


def imports_of(*, actor: Actor, project: Project) -> list[ImportRun]:
    """The imports that wrote this project, the first first, as far as the actor may know of them (two queries).

    Commits of one kind follow one another, and what one writes carries its moment and the name of its file: a change
    belongs to the first import of that file which was finished at that moment or later.
    """
    if not check(actor, "intake.run.read"):
        return []
    events = AuditEvent.objects.filter(subject_kind=project._meta.label_lower, subject_id=str(project.pk))
    written = [
        (at, named[1])
        for at, reason in events.order_by("id").values_list("at", "reason")
        if (named := _FILE.search(reason))
    ]
    if not written:
        return []
    runs = runs_visible(actor=actor).filter(kind="records", committed_at__gte=written[0][0])
    by_age = list(runs.filter(file_name__in={name for _at, name in written}).order_by("committed_at"))
    found: dict[int, ImportRun] = {}
    for at, name in written:
        for run in by_age:
            if run.file_name == name and run.committed_at is not None and run.committed_at >= at:
                found.setdefault(run.pk, run)
                break
    return list(found.values())
