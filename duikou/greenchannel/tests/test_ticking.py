"""The clock's round: reminders and escalation once each, the asker again and again, and never an end by silence."""

from __future__ import annotations

from typing import Any

import pytest

from duikou.flow.models import InboxItem, ItemState, Notice
from duikou.greenchannel.models import GreenChannelRequest, RequestStep
from duikou.greenchannel.services.rules import parameters_set
from duikou.greenchannel.services.ticking import requests_tick
from duikou.greenchannel.tests.conftest import shift, take
from duikou.kernel.clock import today

NONE = {"reassigned": 0, "reminded": 0, "escalated": 0, "escalated_both": 0, "asked": 0}


def late_items(request: GreenChannelRequest) -> list[tuple[str, str]]:
    rows = InboxItem.objects.filter(kind="greenchannel.late", subject_id=str(request.pk), state=ItemState.OPEN)
    return sorted(rows.values_list("role", "region__adcode"))


def test_a_fresh_request_is_left_in_peace(raised: Any) -> None:
    assert requests_tick() == NONE


def test_the_owner_is_reminded_once_before_the_end(raised: Any, unit: Any) -> None:
    shift(raised, (raised.due_on - today()).days)
    assert requests_tick() == {**NONE, "reminded": 1}
    assert requests_tick() == NONE
    assert Notice.objects.filter(account=unit.account, kind="greenchannel.due").count() == 1


def test_it_escalates_to_the_lead_and_then_to_both_offices_once_each(raised: Any, unit: Any) -> None:
    shift(raised, (raised.due_on - today()).days + 4)
    assert requests_tick() == {**NONE, "escalated": 1}
    assert requests_tick() == NONE
    assert late_items(raised) == [("office_lead", "210100")]
    shift(raised, 14)
    assert requests_tick() == {**NONE, "escalated_both": 1}
    assert requests_tick() == NONE
    assert late_items(raised) == [("office_lead", "110000"), ("office_lead", "210100"), ("office_lead", "210100")]
    kinds = list(RequestStep.objects.filter(request=raised).order_by("id").values_list("kind", flat=True))
    assert kinds == ["raised", "escalated", "escalated_both"]


def test_after_a_long_silence_of_the_platform_both_come_in_one_round_the_lead_first(raised: Any) -> None:
    shift(raised, 90)
    assert requests_tick() == {**NONE, "escalated": 1, "escalated_both": 1}


def test_an_end_closes_whatever_pressed_for_it(raised: Any, unit: Any, member: Any) -> None:
    shift(raised, 90)
    requests_tick()
    take(unit, raised, "accept")
    take(unit, raised, "propose")
    take(member, raised, "agree")
    assert late_items(raised) == []


def test_a_pause_is_not_escalated(raised: Any, unit: Any) -> None:
    take(unit, raised, "accept")
    take(unit, raised, "ask")
    shift(raised, 90)
    found = requests_tick()
    assert (found["escalated"], found["escalated_both"], found["asked"]) == (0, 0, 1)


@pytest.mark.parametrize("verb", ["ask", "propose"])
def test_a_silent_asker_is_reminded_and_nothing_is_ever_closed(raised: Any, unit: Any, member: Any, verb: str) -> None:
    take(unit, raised, "accept")
    take(unit, raised, verb)
    assert requests_tick()["asked"] == 0
    for number in range(1, 6):
        shift(raised, 7)
        assert requests_tick()["asked"] == 1, number
        assert requests_tick()["asked"] == 0
    assert GreenChannelRequest.objects.get(pk=raised.pk).state == {"ask": "asked", "propose": "proposed"}[verb]
    assert Notice.objects.filter(account=member.account, kind="greenchannel.due").exists()


def test_the_numbers_are_the_coordinators_to_set(raised: Any, project: Any, coordinator: Any) -> None:
    days = {"lead_after": 20, "both_after": 40}
    parameters_set(actor=coordinator.actor, programme=project.programme, days=days)
    shift(raised, (raised.due_on - today()).days + 7)
    assert requests_tick() == NONE
    shift(raised, 42)
    assert requests_tick() == {**NONE, "escalated": 1}
