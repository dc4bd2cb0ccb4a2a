"""Who is away is stood in for: for a term, on their own side, with both names, and never beyond their own right."""

from __future__ import annotations

import datetime as dt

import pytest

from duikou.access.models import Membership
from duikou.flow import selectors
from duikou.flow.models import Delegation, RouteAct, RouteStep
from duikou.flow.selectors.delegations import delegations_of, takers_of
from duikou.flow.selectors.routes import run_of
from duikou.flow.services.delegations import delegation_close, delegation_open
from duikou.flow.services.routes import step_act
from duikou.flow.states import ItemState
from duikou.flow.tests.papers import KIND, definition, step
from duikou.kernel.actor import Role
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def lend(giver, taker, *, start=None, end=None, reason="出差", role=None, region="own"):
    return delegation_open(
        actor=giver.actor,
        to_account=taker.account,
        role=Role(role or giver.membership.role),
        region=giver.membership.region if region == "own" else region,
        valid_from=start or today(),
        valid_to=end or today() + 5 * DAY,
        reason=reason,
    )


def sign(person, run, code):
    row = RouteStep.objects.get(run=run, code=code, state="open")
    return step_act(actor=person.actor, step_id=row.pk, seen="d0")


@pytest.fixture
def run(start, shenyang_editor):
    return start(shenyang_editor, definition([step("one")], [step("two", "second")]))


def waiting(person):
    page = selectors.waiting_page(actor=person.actor)
    return [row.params["step"]["zh"] for row in page.rows if row.kind == "flow.step"]


def test_who_stands_in_acts_and_both_names_are_kept(run, shenyang_editor, shenyang_lead):
    with pytest.raises(Forbidden):
        sign(shenyang_editor, run, "one")
    before = selectors.count_shown(actor=shenyang_editor.actor)
    lend(shenyang_lead, shenyang_editor)
    assert waiting(shenyang_editor) == ["one"]
    assert selectors.count_shown(actor=shenyang_editor.actor) == before + 1
    sign(shenyang_editor, run, "one")
    act = RouteAct.objects.get(run=run, verb="sign")
    assert (act.name, act.on_behalf_of_name) == (str(shenyang_editor.account), str(shenyang_lead.account))
    event = AuditEvent.objects.get(action="flow.route.sign")
    assert event.actor_name == str(shenyang_editor.account)
    assert str(shenyang_lead.account) in str(event.after)
    shown = run_of(KIND, 1).steps[0]
    assert shown.who == f"{shenyang_editor.account}代{shenyang_lead.account}"
    assert shown.row.on_behalf_of_id == shenyang_lead.account.pk


def test_those_who_stand_in_are_told_of_what_waits(run, shenyang_editor, shenyang_lead):
    lend(shenyang_lead, shenyang_editor)
    item = selectors.inbox_for(actor=shenyang_lead.actor).get(kind="flow.step", state=ItemState.OPEN)
    assert {shenyang_editor.account.pk, shenyang_lead.account.pk} == {
        account.pk for account in selectors.accounts_addressed(item)
    }


def test_it_ends_when_it_is_closed_when_its_term_is_over_and_with_the_post(run, shenyang_editor, shenyang_lead):
    one = lend(shenyang_lead, shenyang_editor)
    delegation_close(actor=shenyang_lead.actor, delegation_id=one.pk)
    with pytest.raises(Forbidden):
        sign(shenyang_editor, run, "one")
    with pytest.raises(Conflict):
        delegation_close(actor=shenyang_lead.actor, delegation_id=one.pk)
    later = lend(shenyang_lead, shenyang_editor, start=today() + DAY)
    with pytest.raises(Forbidden):
        sign(shenyang_editor, run, "one")
    Delegation.objects.filter(pk=later.pk).update(valid_from=today() - 9 * DAY, valid_to=today() - DAY)
    with pytest.raises(Forbidden):
        sign(shenyang_editor, run, "one")
    Delegation.objects.filter(pk=later.pk).update(valid_to=today())
    Membership.objects.filter(pk=shenyang_lead.membership.pk).update(is_active=False)
    with pytest.raises(Forbidden):
        sign(shenyang_editor, run, "one")
    assert waiting(shenyang_editor) == []
    Membership.objects.filter(pk=shenyang_lead.membership.pk).update(is_active=True)
    sign(shenyang_editor, run, "one")


def test_standing_in_is_counted_as_both_persons_where_two_are_demanded(start, shenyang_editor, shenyang_lead):
    run = start(shenyang_editor, definition([step("one", distinct_from=["author"])]))
    lend(shenyang_lead, shenyang_editor)
    with pytest.raises(Forbidden) as refused:
        sign(shenyang_editor, run, "one")
    assert "送签人以外" in str(refused.value)


def test_nobody_lends_to_themselves_to_another_side_or_what_is_not_theirs(
    shenyang_editor, shenyang_lead, beijing_lead, beijing_editor, dalian_lead, member, auditor, coordinator
):
    for taker in (shenyang_lead, beijing_lead, beijing_editor, dalian_lead, member, auditor, coordinator):
        with pytest.raises(Invalid) as refused:
            lend(shenyang_lead, taker)
        assert list(refused.value.fields) == ["to_account"]
    with pytest.raises(Forbidden):
        lend(shenyang_editor, shenyang_lead, role=Role.OFFICE_LEAD)
    with pytest.raises(Forbidden):
        lend(shenyang_lead, shenyang_editor, region=beijing_lead.membership.region)
    with pytest.raises(Forbidden):
        lend(shenyang_lead, shenyang_editor, region=shenyang_lead.membership.region.parent)
    with pytest.raises(Forbidden):
        lend(shenyang_lead, shenyang_editor, role=Role.COORDINATOR, region=None)
    with pytest.raises(Forbidden):
        lend(member, shenyang_editor)


def test_what_was_lent_is_not_lent_on(run, shenyang_editor, shenyang_lead, unit):
    lend(shenyang_lead, shenyang_editor)
    with pytest.raises(Forbidden) as refused:
        lend(shenyang_editor, unit, role=Role.OFFICE_LEAD)
    assert "转委托" in str(refused.value)


def test_who_works_for_both_sides_is_left_out(shenyang_editor, shenyang_lead, beijing_lead):
    assert shenyang_editor.account in takers_of(actor=shenyang_lead.actor, post=shenyang_lead.membership)
    Membership.objects.create(
        account=shenyang_editor.account,
        organisation=beijing_lead.organisation,
        role="office_editor",
        region=beijing_lead.membership.region,
    )
    assert shenyang_editor.account not in takers_of(actor=shenyang_lead.actor, post=shenyang_lead.membership)


def test_one_person_does_not_sign_for_both_sides(run, shenyang_editor, shenyang_lead, beijing_lead):
    sign(shenyang_lead, run, "one")
    both = Membership.objects.create(
        account=shenyang_lead.account,
        organisation=beijing_lead.organisation,
        role="office_lead",
        region=beijing_lead.membership.region,
    )
    person = type(shenyang_lead)(shenyang_lead.account, both)
    with pytest.raises(Forbidden) as refused:
        sign(person, run, "two")
    assert "另一方" in str(refused.value)
    sign(beijing_lead, run, "two")


def test_a_post_taken_up_elsewhere_does_not_use_what_was_lent(run, shenyang_editor, shenyang_lead, beijing_lead):
    lend(shenyang_lead, shenyang_editor)
    elsewhere = Membership.objects.create(
        account=shenyang_editor.account,
        organisation=beijing_lead.organisation,
        role="office_editor",
        region=beijing_lead.membership.region,
    )
    person = type(shenyang_lead)(shenyang_editor.account, elsewhere)
    with pytest.raises(Forbidden):
        sign(person, run, "one")


@pytest.mark.parametrize(
    ("start", "end", "reason", "field"),
    [
        (0, -1, "x", "valid_to"),
        (-9, -3, "x", "valid_to"),
        (0, 400, "x", "valid_to"),
        (0, 3, " ", "reason"),
        (0, 3, "长" * 501, "reason"),
    ],
)
def test_term_and_reason_are_judged_at_their_fields(shenyang_editor, shenyang_lead, start, end, reason, field):
    with pytest.raises(Invalid) as refused:
        lend(shenyang_lead, shenyang_editor, start=today() + start * DAY, end=today() + end * DAY, reason=reason)
    assert list(refused.value.fields) == [field]


def test_the_same_is_not_lent_twice_and_others_do_not_see_or_close_it(shenyang_editor, shenyang_lead, beijing_lead):
    one = lend(shenyang_lead, shenyang_editor)
    with pytest.raises(Conflict):
        lend(shenyang_lead, shenyang_editor, start=today() + 2 * DAY)
    assert [row.pk for row in delegations_of(actor=shenyang_lead.actor).given] == [one.pk]
    assert [row.pk for row in delegations_of(actor=shenyang_editor.actor).taken] == [one.pk]
    assert delegations_of(actor=beijing_lead.actor).given == []
    with pytest.raises(NotFound):
        delegation_close(actor=beijing_lead.actor, delegation_id=one.pk)
    delegation_close(actor=shenyang_editor.actor, delegation_id=one.pk)
    actions = AuditEvent.objects.filter(subject_kind="flow.delegation").values_list("action", flat=True)
    assert sorted(actions) == ["flow.delegation.close", "flow.delegation.open"]


def test_beijing_lends_within_its_own_organisation(start, coordinator, shenyang_editor, ministry):
    colleague = Membership.objects.create(
        account=ministry.account, organisation=coordinator.organisation, role="ministry"
    )
    lend(coordinator, type(coordinator)(ministry.account, colleague))
    run = start(shenyang_editor, definition([step("receive", "nation", "coordinator", "receive")]))
    with pytest.raises(Forbidden):
        sign(ministry, run, "receive")
    sign(type(coordinator)(ministry.account, colleague), run, "receive")
