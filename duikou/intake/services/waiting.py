"""An import that is not finished waits in the inbox of the person who brought it, for days if need be."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_noop

from duikou.flow.services.inbox import To, item_close, item_open
from duikou.intake.models import ImportRun
from duikou.kernel.actor import Actor
from duikou.records.services.audit import subject_of

KIND = "intake.run"


def waiting_open(*, actor: Actor, run: ImportRun) -> None:
    """Let the run wait for the person who brought it; commands bring nothing that waits."""
    if actor.account_id is None:
        return
    item_open(
        actor=actor,
        key=_key(run),
        kind=KIND,
        to=To(account_id=actor.account_id),
        url=reverse("intake:run", args=[run.uid]),
        title=gettext_noop("导入“%(file)s”还没有完成"),
        params={"file": run.file_name},
        subject=subject_of(run),
    )


def waiting_close(*, actor: Actor, run: ImportRun) -> None:
    """The run is written or dropped: it waits no more."""
    item_close(actor=actor, key=_key(run))


def _key(run: ImportRun) -> str:
    return f"{KIND}:{run.uid}"
