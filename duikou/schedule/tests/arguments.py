"""What the addresses of this room speak of in the table of every address × role."""

from __future__ import annotations

from typing import Any

from tests.arguments import Known, Subject, once


@once
def _milestones(known: Known) -> dict[str, Any]:
    """Two milestones of a project of 沈阳 and 北京, one waiting for the other."""
    import datetime as dt

    from duikou.kernel.actor import Actor
    from duikou.schedule.services.draft import MilestoneDraft
    from duikou.schedule.services.links import milestone_link
    from duikou.schedule.services.milestones import milestone_add
    from duikou.schedule.tests.conftest import make_project

    me, project = Actor.command("tests"), make_project("地址表中有里程碑的项目")
    first, second = (
        milestone_add(actor=me, project_id=project.pk, draft=MilestoneDraft(title, dt.date(2026, 5, 1)))
        for title in ("地址表中的用地", "地址表中的环评")
    )
    link = milestone_link(actor=me, before_id=first.pk, after_id=second.pk)
    return {"milestone_id": second.pk, "link_id": link.pk, "project_id": project.pk}


def _of(*names: str) -> Subject:
    return lambda known: {name: _milestones(known)[name] for name in names}


SUBJECTS: dict[str, Subject] = {
    **{
        f"schedule:milestone{step}": _of("milestone_id")
        for step in ("", "-edit", "-done", "-reopen", "-remove", "-link")
    },
    "schedule:milestone-unlink": _of("link_id"),
    **{f"schedule:{page}": _of("project_id") for page in ("milestone-new", "typical", "baseline-set")},
}
