"""Action items: who may do what, what waits for whom, and that nothing is done twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from duikou.access.models import Membership
from duikou.flow.models import InboxItem
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from duikou.meetings.models import ActionItem, MinutesVersion
from duikou.meetings.selectors import action_visible, actions_visible
from duikou.meetings.selectors.owners import owners_of
from duikou.meetings.services.actions import action_close, action_drop, action_report, action_return
from duikou.meetings.services.minutes import DecisionDraft, decision_save, minutes_begin, minutes_save
from duikou.meetings.tests.conftest import send, sign


def waiting(kind: str) -> list[tuple[str, str]]:
    rows = InboxItem.objects.filter(kind=kind, state="open").order_by("id")
    return [(row.role, row.region_path) for row in rows]


def test_it_goes_to_its_owner_then_to_the_other_side_and_is_closed(
    ours: ActionItem, shenyang_editor: Any, beijing_editor: Any, coordinator: Any
) -> None:
    shenyang, beijing = shenyang_editor.actor, beijing_editor.actor
    with pytest.raises(Forbidden, match="另一方"):
        action_report(actor=beijing, action_id=ours.pk, revision=1, report="代报")
    with pytest.raises(Forbidden, match="您的岗位"):
        action_report(actor=coordinator.actor, action_id=ours.pk, revision=1, report="代报")
    with pytest.raises(Invalid):
        action_report(actor=shenyang, action_id=ours.pk, revision=1, report="  ")
    item = action_report(actor=shenyang, action_id=ours.pk, revision=1, report="已开园")
    assert waiting("meetings.check") == [("office_editor", beijing.region_path)]
    assert waiting("meetings.action") == [("office_editor", beijing.region_path)]
    with pytest.raises(Conflict):
        action_report(actor=shenyang, action_id=ours.pk, revision=1, report="再报一次")
    with pytest.raises(Forbidden, match="交办方"):
        action_close(actor=shenyang, action_id=ours.pk, revision=item.revision)
    item = action_return(actor=beijing, action_id=ours.pk, revision=item.revision, note="缺验收材料")
    assert waiting("meetings.check") == []
    assert ("office_editor", shenyang.region_path) in waiting("meetings.action")
    item = action_report(actor=shenyang, action_id=ours.pk, revision=item.revision, report="材料已补")
    with pytest.raises(Stale):
        action_close(actor=beijing, action_id=ours.pk, revision=item.revision - 1)
    item = action_close(actor=beijing, action_id=ours.pk, revision=item.revision, note="同意")
    assert (item.state, item.ended_by) == ("closed", beijing.name)
    assert waiting("meetings.check") == []
    assert waiting("meetings.action") == [("office_editor", beijing.region_path)]
    with pytest.raises(Conflict):
        action_close(actor=beijing, action_id=ours.pk, revision=item.revision)


def test_what_is_dropped_says_why(ours: ActionItem, beijing_lead: Any) -> None:
    with pytest.raises(Invalid):
        action_drop(actor=beijing_lead.actor, action_id=ours.pk, revision=1, note="")
    item = action_drop(actor=beijing_lead.actor, action_id=ours.pk, revision=1, note="政策调整")
    assert item.state == "dropped"


def test_strangers_and_members_find_nothing_and_a_unit_only_its_own(
    held: Any, shenyang_editor: Any, shenyang_lead: Any, beijing_lead: Any, unit: Any, dalian_editor: Any, member: Any
) -> None:
    actor = shenyang_editor.actor
    version = minutes_begin(actor=actor, meeting_id=held.pk)
    version = minutes_save(actor=actor, version_id=version.pk, revision=1, body="<p>议定</p>")
    code = f"first:org:{unit.organisation.pk}"
    assert code in {one.code for one in owners_of(held.pairing)["first"]}
    for text, owner in (("工信局牵头", code), ("办公室牵头", "first")):
        version.refresh_from_db()
        draft = DecisionDraft(text, owner, today() + dt.timedelta(days=9))
        decision_save(actor=actor, version_id=version.pk, revision=version.revision, draft=draft)
    version.refresh_from_db()
    draft = DecisionDraft("给外人", f"second:org:{dalian_editor.organisation.pk}", today())
    with pytest.raises(Invalid) as refused:
        decision_save(actor=actor, version_id=version.pk, revision=version.revision, draft=draft)
    assert "owner" in refused.value.fields
    send(MinutesVersion.objects.get(pk=version.pk), actor)
    sign(shenyang_lead, "first_lead")
    sign(beijing_lead, "second_lead")
    assert [item.text for item in actions_visible(actor=unit.actor)] == ["工信局牵头"]
    assert InboxItem.objects.get(kind="meetings.action", organisation_id=unit.organisation.pk).state == "open"
    other = ActionItem.objects.get(text="办公室牵头")
    for person in (unit, dalian_editor, member):
        with pytest.raises(NotFound):
            action_visible(actor=person.actor, action_id=other.pk)
    mine = ActionItem.objects.get(text="工信局牵头")
    assert action_report(actor=unit.actor, action_id=mine.pk, revision=1, report="完成").state == "reported"


def test_a_person_may_be_charged_by_name(
    drafted: MinutesVersion, shenyang_editor: Any, beijing_editor: Any, shenyang_lead: Any, beijing_lead: Any
) -> None:
    actor = shenyang_editor.actor
    draft = DecisionDraft("起草方案", f"second:person:{beijing_editor.account.pk}", today() + dt.timedelta(days=5))
    decision_save(actor=actor, version_id=drafted.pk, revision=drafted.revision, draft=draft)
    send(drafted, actor)
    sign(shenyang_lead, "first_lead")
    sign(beijing_lead, "second_lead")
    item = InboxItem.objects.get(kind="meetings.action", account_id=beijing_editor.account.pk)
    assert item.state == "open"


def test_owners_are_offices_and_bodies_of_the_two_sides_only(pairing: Any) -> None:
    sides = owners_of(pairing)
    assert [rows[0].code for rows in sides.values()] == ["first", "second"]
    bodies = {one.organisation_id for rows in sides.values() for one in rows if one.organisation_id}
    elsewhere = Membership.objects.filter(region__adcode="210200").values_list("organisation_id", flat=True)
    assert not bodies & set(elsewhere)
