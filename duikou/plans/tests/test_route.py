"""Five people take a plan from its draft into force; one step sends it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from duikou.flow.models import RouteStep
from duikou.flow.services.routes import Consent, run_withdraw, step_act, step_return
from duikou.kernel.clock import today
from duikou.plans.models import PlanVersion
from duikou.plans.services.content import is_intact
from duikou.plans.services.route import version_submit
from duikou.plans.tests.test_life import complete


def _open(code: str) -> RouteStep:
    return RouteStep.objects.filter(code=code, state="open").latest("id")


def _act(person: Any, code: str, consent: Consent | None = None) -> None:
    step = _open(code)
    step_act(actor=person.actor, step_id=step.pk, seen=step.run.digest, consent=consent)


@pytest.fixture
def sent(draft_version: PlanVersion, shenyang_editor: Any) -> PlanVersion:
    version = complete(draft_version, shenyang_editor.actor)
    return version_submit(actor=shenyang_editor.actor, version_id=version.pk, revision=version.revision)


def test_a_plan_goes_all_the_way(
    sent: PlanVersion,
    client_for: Any,
    shenyang_editor: Any,
    shenyang_lead: Any,
    beijing_editor: Any,
    beijing_lead: Any,
    coordinator: Any,
    cadre_authority: Any,
) -> None:
    url = reverse("plans:plan", args=[sent.plan_id])
    assert 'id="route"' in client_for(shenyang_lead).get(url).content.decode()
    _act(shenyang_lead, "first_lead")
    step_return(actor=beijing_lead.actor, step_id=_open("second_lead").pk, to="author", reason="补充北京方责任单位")
    sent.refresh_from_db()
    assert sent.state == "draft"
    version_submit(actor=shenyang_editor.actor, version_id=sent.pk, revision=sent.revision)
    _act(shenyang_lead, "first_lead")
    _act(beijing_lead, "second_lead")
    given = Consent("组长", "市长", today())
    _act(shenyang_editor, "first_group", given)
    _act(beijing_editor, "second_group", given)
    sent.refresh_from_db()
    assert (sent.state, len(sent.digest)) == ("signed", 64)
    _act(coordinator, "ndrc_receive")
    _act(cadre_authority, "cod_receive")
    sent.refresh_from_db()
    assert sent.state == "filed"
    _act(coordinator, "ndrc_issue")
    sent.refresh_from_db()
    assert (sent.state, sent.in_force_on) == ("in_force", today())
    assert isinstance(sent.in_force_on, dt.date)
    assert is_intact(PlanVersion.objects.get(pk=sent.pk))
    for person in (coordinator, cadre_authority, beijing_editor):
        assert client_for(person).get(url).status_code == 200


def test_its_senders_take_it_back(sent: PlanVersion, shenyang_editor: Any) -> None:
    run_withdraw(actor=shenyang_editor.actor, run_id=_open("first_lead").run_id, reason="再改一处")
    sent.refresh_from_db()
    assert sent.state == "draft"
