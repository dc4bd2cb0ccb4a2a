"""A process of its own for the test of people at once: many threads on the database of DATABASE_URL, then a verdict."""

from __future__ import annotations

import sys
import uuid
from collections import Counter

import django


def main(rounds: int) -> None:
    """Each round lets owner, asker, lead and the clock act on one request at the same moment; one of a turn wins."""
    from duikou.flow.tests.concurrent import _seed
    from duikou.kernel.actor import Actor

    _seed(Actor.command("tests"))
    project_id = _project()
    for _number in range(rounds):
        _raised_twice(project_id)
        _owner_and_clock(project_id)
        _two_answers(project_id)


def _project() -> int:
    from duikou.greenchannel.tests.conftest import project_made

    return project_made("同时办理的项目").pk


def _raise(project_id: int, draft=None):
    from duikou.flow.tests.concurrent import _actor
    from duikou.greenchannel.services.raising import request_raise
    from duikou.greenchannel.tests.conftest import draft_of
    from duikou.projects.models import Project

    project = Project.objects.get(pk=project_id)
    return request_raise(actor=_actor("beijing"), draft=draft or draft_of(project, kind="land", uid=uuid.uuid4()))


def _act(username: str, request_id: int, revision: int, verb: str):
    from duikou.flow.tests.concurrent import _actor
    from duikou.greenchannel.services.steps import request_step

    actor = _actor(username)
    return lambda: request_step(actor=actor, request_id=request_id, revision=revision, verb=verb, text="说明")


def _raised_twice(project_id: int) -> None:
    """The same form sent four times at once makes one request, whoever comes first."""
    from duikou.flow.tests.concurrent import _at_once
    from duikou.greenchannel.models import GreenChannelRequest
    from duikou.greenchannel.tests.conftest import draft_of
    from duikou.projects.models import Project

    draft = draft_of(Project.objects.get(pk=project_id), kind="land", uid=uuid.uuid4())
    _at_once([lambda: _raise(project_id, draft)] * 4, wins=4)
    assert GreenChannelRequest.objects.filter(uid=draft.uid).count() == 1


def _owner_and_clock(project_id: int) -> None:
    """The owner proposes, a colleague asks back and the asker withdraws while the clock finds it overdue."""
    import datetime as dt

    from duikou.flow.models import InboxItem
    from duikou.flow.tests.concurrent import _at_once
    from duikou.greenchannel.models import GreenChannelRequest, RequestStep
    from duikou.greenchannel.services.ticking import requests_tick
    from duikou.kernel.clock import today

    made = _raise(project_id)
    _act("shenyang-lead", made.pk, 1, "accept")()
    past = today() - dt.timedelta(days=30)
    rows = GreenChannelRequest.objects.filter(pk=made.pk)
    rows.update(due_on=past, started_on=past - dt.timedelta(days=30))
    calls = [
        _act("shenyang-lead", made.pk, 2, "propose"),
        _act("shenyang", made.pk, 2, "ask"),
        _act("beijing", made.pk, 2, "withdraw"),
    ]
    told = _at_once([*calls, requests_tick, requests_tick], wins=3)
    assert len(told) == 2, told
    row = rows.get()
    assert row.late_on == past, "whoever won, it was late"
    kinds = Counter(RequestStep.objects.filter(request=made).values_list("kind", flat=True))
    assert kinds["proposed"] + kinds["asked"] + kinds["withdrawn"] == 1, kinds
    assert kinds["escalated"] <= 1, kinds
    assert kinds["escalated_both"] <= 1, kinds
    waiting = InboxItem.objects.filter(subject_id=str(made.pk), subject_kind="greenchannel.greenchannelrequest")
    open_kinds = Counter(waiting.filter(state="open").values_list("kind", flat=True))
    if row.state == "withdrawn":
        assert not open_kinds, open_kinds
    else:
        assert open_kinds["greenchannel.ask"] == 1, open_kinds
        assert not open_kinds["greenchannel.own"], open_kinds


def _two_answers(project_id: int) -> None:
    """Two of the asker's office answer at once, one agrees, one sends back: one wins, the other is told."""
    from duikou.flow.tests.concurrent import _at_once
    from duikou.greenchannel.models import GreenChannelRequest

    made = _raise(project_id)
    _act("shenyang-lead", made.pk, 1, "accept")()
    _act("shenyang-lead", made.pk, 2, "propose")()
    both = [_act("beijing", made.pk, 3, "agree"), _act("beijing-lead", made.pk, 3, "reject")]
    told = _at_once([*both, *both], wins=1)
    row = GreenChannelRequest.objects.get(pk=made.pk)
    assert (row.state, row.round) in {("solved", 0), ("working", 1)}, (row.state, row.round)
    assert len(told) == 3, told
    assert all(row.state_label in words for words in told), (row.state_label, told)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
