"""Sending something on its way."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duikou.flow.models import RouteRun, subject_of_kind
from duikou.flow.rules import Definition
from duikou.flow.services.inbox import item_close
from duikou.flow.services.route_hold import AlreadyDone, act_written
from duikou.flow.services.route_steps import steps_open
from duikou.flow.services.route_tellings import returned_key
from duikou.flow.states import Party, RunState, Verb
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.facts import announce
from duikou.programme.models import Programme, Region, Route
from duikou.records.services.audit import SubjectRef


@transaction.atomic
def run_start(
    *,
    actor: Actor,
    route: Route,
    subject: SubjectRef,
    parties: Mapping[str, Region],
    digest: str,
    programme: Programme,
) -> RouteRun:
    """Send `subject` on its way; the run keeps the definition as it is now. The caller has judged that the actor may.

    Raises `AlreadyDone`/`Conflict` while a run of the subject is running, `Invalid` when the route needs a side that
    `parties` ("first", "second" → region) lacks.
    """
    kind = subject_of_kind(subject.kind)
    definition = Definition.read(route.definition)
    if missing := definition.parties - parties.keys():
        names = _("、").join(str(Party(code).label) for code in sorted(missing))
        raise Invalid(_("这条流程需要双方地区，缺少：%(parties)s。") % {"parties": names})
    _refuse_running(actor, subject)
    run = RouteRun(
        programme=programme,
        route=route,
        edition=programme.version,
        definition=route.definition,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_label=subject.label[:300],
        first_region=parties.get("first"),
        second_region=parties.get("second"),
        digest=digest,
        started_at=now(),
        started_by_id=actor.account_id,
        starter_name=actor.name[:150],
        starter_organisation_id=actor.organisation_id,
        starter_region_path=actor.region_path,
    )
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        _refuse_running(actor, subject)
        raise
    act_written(actor, run, None, Verb.START, seen=digest, after={"route": route.label, "seen": digest})
    last = (
        RouteRun.objects.filter(subject_kind=subject.kind, subject_id=subject.id, pk__lt=run.pk).order_by("-id").first()
    )
    if last is not None:
        item_close(actor=actor, key=returned_key(last.pk))
    steps_open(actor, run, definition.stages[0].steps)
    kind.on_start(actor=actor, run=run)
    announce("flow.run.started", run_id=run.pk)
    return run


def _refuse_running(actor: Actor, subject: SubjectRef) -> None:
    running = RouteRun.objects.filter(subject_kind=subject.kind, subject_id=subject.id, state=RunState.RUNNING).first()
    if running is None:
        return
    if running.started_by_id is not None and running.started_by_id == actor.account_id:
        raise AlreadyDone(_("您已经送签，正在办理中。"))
    raise Conflict(_("%(name)s已经送签，正在办理中。") % {"name": running.starter_name})
