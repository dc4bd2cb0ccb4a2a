"""What the platform itself has to tell its keepers."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_noop
from django_tasks import task

from duikou.access.models import Invitation
from duikou.access.policies import confirmers
from duikou.flow.services.inbox import To, item_close, item_open
from duikou.flow.services.notices import Telling
from duikou.kernel import jobs
from duikou.kernel.actor import Actor, Role

ACCOUNT = "flow.account"
TRAIL = "flow.trail"
SECOND = "flow.second"


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


def invitation_waits(invitation_id: int) -> None:
    """Listener: an invitation waits for a second person."""
    jobs.enqueue(open_second_items, invitation_id=invitation_id)


def invitation_settled(invitation_id: int) -> None:
    """Listener: it was agreed to or taken back."""
    jobs.enqueue(close_second_items, invitation_id=invitation_id)


@task()
def open_second_items(invitation_id: int) -> None:
    """One item for the coordinators, one for the operators."""
    found = Invitation.objects.select_related("organisation").filter(pk=invitation_id).first()
    if found is None or not found.is_waiting:
        return
    for role in confirmers():
        item_open(
            actor=Actor.job("flow.alarms"),
            key=_second_key(invitation_id, role),
            kind=SECOND,
            to=To(role=role),
            url=reverse("access:people", args=[found.organisation_id]) + "#invite",
            title=gettext_noop("%(who)s在“%(organisation)s”发出的岗位邀请，请第二人确认"),
            params={
                "who": found.invited_by_name,
                "organisation": found.organisation.name,
            },
        )


@task()
def close_second_items(invitation_id: int) -> None:
    """Nothing waits any more."""
    for role in confirmers():
        item_close(actor=Actor.job("flow.alarms"), key=_second_key(invitation_id, role))


def second_factor_was_reset(account_id: int, event_id: int) -> Telling:
    """Its holder is told that somebody took the second factor off the account."""
    return Telling(
        key=f"access.account.second_factor_reset:{event_id}",
        kind=ACCOUNT,
        title=gettext_noop("您的双因素认证已被管理员重置。如果不是您要求的，请立即修改密码并联系系统管理员"),
        url=reverse("access:account"),
        accounts=[account_id],
    )


def _second_key(invitation_id: int, role: Role) -> str:
    return f"access.invitation.waiting:{invitation_id}:{role.value}"
