"""Which facts of projects and imports reach whom: the lower rooms announce, the inbox tells."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_tasks import task

from duikou.flow.models import Kind, register
from duikou.flow.selectors import accounts_in
from duikou.flow.services.inbox import To, item_close, item_open
from duikou.flow.services.jobs import notice_on
from duikou.flow.services.notices import Telling
from duikou.intake.models import ImportRun
from duikou.kernel import facts, jobs
from duikou.kernel.actor import OFFICE, Actor
from duikou.projects.models import Project

MOVED = "projects.moved"
OPINION = "projects.opinion"
IMPORT = "intake.run"
FEW = 20
"""More projects than this at once are an import: one would not tell of each."""


def wire() -> None:
    """Register kinds, sources and listeners (once, when the house starts)."""
    register(Kind(MOVED, _("项目状态变化"), "trending-up"))
    register(Kind(OPINION, _("对方对项目的意见"), "scale"))
    register(Kind(IMPORT, _("导入等待确认"), "file-import"))
    notice_on("projects.project.moved", moved)
    notice_on("projects.project.opinion", opinion)
    facts.subscribe("intake.run.checked", import_checked)
    facts.subscribe("intake.run.closed", import_closed)


def moved(project_ids: list[int], verb: str) -> list[Telling]:
    """The offices of both sides are told that a project took a step."""
    return _tellings(project_ids, MOVED, gettext_noop("项目“%(project)s”状态有变化"), verb)


def opinion(project_ids: list[int], opinion: str) -> list[Telling]:
    """The offices of both sides are told what the other side says of a project."""
    return _tellings(project_ids, OPINION, gettext_noop("对方对项目“%(project)s”提出了意见"), opinion)


def _tellings(project_ids: list[int], kind: str, title: str, what: str) -> list[Telling]:
    if len(project_ids) > FEW:
        return []
    found = Project.objects.filter(pk__in=project_ids).select_related("pairing__first_region", "pairing__second_region")
    return [
        Telling(
            key=f"{kind}:{project.pk}:{project.version}:{what}",
            kind=kind,
            title=title,
            url=reverse("projects:project", args=[project.pk]),
            accounts=accounts_in(roles=OFFICE, region_paths=_sides(project)),
            params={"project": project.name},
        )
        for project in found
    ]


def _sides(project: Project) -> list[str]:
    pairing = project.pairing
    return [side.path for side in (pairing.first_region, pairing.second_region) if side is not None]


def import_checked(run_id: int) -> None:
    """Listener: a file waits for the decision of who brought it."""
    jobs.enqueue(open_import_item, run_id=run_id)


def import_closed(run_id: int) -> None:
    """Listener: the file is written, cancelled or failed."""
    jobs.enqueue(close_import_item, run_id=run_id)


@task()
def open_import_item(run_id: int) -> None:
    """One item for the person who brought the file, leading back to where they left."""
    run = ImportRun.objects.select_related("membership").filter(pk=run_id).first()
    if run is None or run.membership is None:
        return
    item_open(
        actor=Actor.job("desk.imports"),
        key=f"{IMPORT}:{run.uid}",
        kind=IMPORT,
        to=To(account_id=run.membership.account_id),
        url=reverse("intake:run", args=[run.uid]),
        title=gettext_noop("导入文件“%(file)s”已检查，等待您确认"),
        params={"file": run.file_name},
    )


@task()
def close_import_item(run_id: int) -> None:
    """Nothing waits any more."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is not None:
        item_close(actor=Actor.job("desk.imports"), key=f"{IMPORT}:{run.uid}")
