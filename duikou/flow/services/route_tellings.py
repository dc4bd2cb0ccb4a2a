"""Whom the acts on a route are told to."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from duikou.flow.models import RouteAct, RouteRun, RouteStep, subject_of_kind
from duikou.flow.selectors import accounts_in
from duikou.flow.services.inbox import To, item_open
from duikou.flow.services.notices import Telling
from duikou.flow.services.route_steps import step_params, subject_ref
from duikou.kernel.actor import OFFICE, Actor

RETURNED = "flow.returned"
MOVED = "flow.moved"


def returned_key(run_id: int) -> str:
    """The occasion of telling the author that the matter came back."""
    return f"route.returned:{run_id}"


def author_told(actor: Actor, run: RouteRun, reason: str) -> None:
    """Let what came back wait for whoever sent it; a new start of the same subject closes it."""
    if run.started_by_id is None:
        return
    item_open(
        actor=actor,
        key=returned_key(run.pk),
        kind=RETURNED,
        to=To(account_id=run.started_by_id),
        url=subject_of_kind(run.subject_kind).url(run.subject_id),
        title=gettext_noop("“%(subject)s”被退回：%(reason)s"),
        params={"subject": run.subject_label, "reason": reason[:80]},
        subject=subject_ref(run),
    )


def returned(run_id: int, step_id: int) -> Telling | None:
    """The offices of both sides are told that a step sent the matter back."""
    step = RouteStep.objects.filter(pk=step_id).first()
    run = _run(run_id)
    if step is None or run is None:
        return None
    title = gettext_noop("“%(subject)s”在“%(step)s”被退回")
    return _telling(run, f"returned:{step_id}", title, step)


def withdrawn(run_id: int) -> Telling | None:
    """The offices of both sides are told that the matter was taken back."""
    run = _run(run_id)
    return _telling(run, "withdrawn", gettext_noop("“%(subject)s”已由送签方撤回"), None) if run else None


def advanced(run_id: int, stage: str) -> Telling | None:
    """The offices of both sides are told that a stage is complete."""
    run = _run(run_id)
    number = RouteAct.objects.filter(run_id=run_id).count()
    title = gettext_noop("“%(subject)s”已完成一个办理阶段")
    return _telling(run, f"advanced:{stage}:{number}", title, None) if run else None


def finished(run_id: int) -> Telling | None:
    """The offices of both sides are told that the matter went all its way."""
    run = _run(run_id)
    return _telling(run, "finished", gettext_noop("“%(subject)s”已全部办结"), None) if run else None


def _run(run_id: int) -> RouteRun | None:
    return RouteRun.objects.select_related("first_region", "second_region").filter(pk=run_id).first()


def _telling(run: RouteRun, occasion: str, title: str, step: RouteStep | None) -> Telling:
    paths = [region.path for region in (run.first_region, run.second_region) if region is not None]
    params = step_params(run, step) if step else {"subject": run.subject_label}
    url = subject_of_kind(run.subject_kind).url(run.subject_id)
    accounts = accounts_in(roles=OFFICE, region_paths=paths)
    return Telling(f"route:{run.pk}:{occasion}", MOVED, title, url, accounts, params)
