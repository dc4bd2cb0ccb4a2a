"""What the platform itself has to tell its keepers."""

from __future__ import annotations

from django.utils.translation import gettext_noop
from django_tasks import task

from duikou.flow.services.inbox import To, item_open
from duikou.kernel import jobs
from duikou.kernel.actor import Actor, Role

TRAIL = "flow.trail"


def trail_broken(check_id: int) -> None:
    """Listener: the audit trail is not as it was written."""
    jobs.enqueue(open_trail_items, check_id=check_id)


@task()
def open_trail_items(check_id: int) -> None:
    """One item for the auditors, one for the operators."""
    for role in (Role.AUDITOR, Role.OPERATOR):
        item_open(
            actor=Actor.job("flow.alarms"),
            key=f"records.trail.broken:{check_id}:{role.value}",
            kind=TRAIL,
            to=To(role=role),
            url="/records/trail/",
            title=gettext_noop("审计记录校验发现问题，请查明原因"),
        )
