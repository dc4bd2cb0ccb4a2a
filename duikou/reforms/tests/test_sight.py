"""Who may know of what; what cannot be seen is in no list, count or answer."""

from __future__ import annotations

from typing import Any

import pytest

from duikou.access.models import PersonalDataRead
from duikou.access.services.contact import ContactDraft
from duikou.flow.models import InboxItem
from duikou.kernel.errors import Forbidden, NotFound
from duikou.records.models import AuditEvent
from duikou.reforms import selectors
from duikou.reforms.models import Adoption, MeasureContact, ReformMeasure
from duikou.reforms.services.contacts import contact_reveal, contact_set
from duikou.reforms.services.talks import talk_add, talk_reply
from duikou.reforms.services.tellings import opened, replied
from duikou.reforms.tests.conftest import DALIAN, SHENYANG, adopt, publish, step

pytestmark = pytest.mark.django_db


def sees(person: Any, row: Adoption) -> bool:
    return selectors.adoptions_visible(actor=person.actor).filter(pk=row.pk).exists()


def test_working_states_are_between_the_two_offices_and_what_is_adopted_is_everybodys(
    measure: ReformMeasure,
    shenyang_editor: Any,
    beijing_editor: Any,
    dalian_editor: Any,
    unit: Any,
    cadre_officer: Any,
    ministry: Any,
    member: Any,
):
    row = step(shenyang_editor.actor, measure, SHENYANG, "decline", reason="条件不具备")
    for person, known in (
        (shenyang_editor, True),
        (beijing_editor, True),
        (ministry, True),
        (dalian_editor, False),
        (unit, False),
        (cadre_officer, False),
        (member, False),
    ):
        assert sees(person, row) is known, person.account.username
    step(shenyang_editor.actor, measure, SHENYANG, "follow")
    row = adopt(shenyang_editor.actor, measure)
    assert all(sees(person, row) for person in (dalian_editor, unit, cadre_officer))
    assert not sees(member, row)


def test_the_charged_unit_sees_what_it_has_to_do(measure: ReformMeasure, shenyang_editor: Any, unit: Any):
    row = step(
        shenyang_editor.actor, measure, SHENYANG, "adapt", unit=unit.organisation, planned_on=measure.published_on
    )
    assert sees(unit, row)


def test_members_read_what_is_published_for_everybody_and_the_public_nothing(
    beijing_editor: Any, shenyang_editor: Any, member: Any, anonymous: Any
):
    closed = publish(beijing_editor.actor, title="内部做法")
    shown = publish(beijing_editor.actor, title="公开做法", reach="public")
    assert list(selectors.measures_visible(actor=member.actor)) == [shown]
    row = adopt(shenyang_editor.actor, shown)
    other = adopt(shenyang_editor.actor, closed)
    assert sees(member, row)
    assert not sees(member, other)
    assert not selectors.measures_visible(actor=anonymous.actor).exists()
    assert not selectors.threads_visible(actor=member.actor).exists()


def test_an_open_question_is_between_asker_and_owner_until_it_is_answered(
    measure: ReformMeasure, shenyang_editor: Any, beijing_editor: Any, dalian_editor: Any, unit: Any, auditor: Any
):
    question = talk_add(actor=shenyang_editor.actor, measure_id=measure.pk, text="承诺不兑现怎么办？")
    assert talk_add(actor=shenyang_editor.actor, measure_id=measure.pk, text="承诺不兑现怎么办？") == question
    assert InboxItem.objects.filter(kind="reforms.question", state="open").count() == 1

    def known(person: Any) -> bool:
        return selectors.threads_visible(actor=person.actor).filter(pk=question.pk).exists()

    assert known(shenyang_editor)
    assert known(beijing_editor)
    assert known(auditor)
    assert not known(dalian_editor)
    with pytest.raises(NotFound):
        talk_reply(actor=dalian_editor.actor, talk_id=question.pk, text="同问")
    answer = talk_reply(actor=beijing_editor.actor, talk_id=question.pk, text="列入信用记录。")
    assert answer.is_owner
    assert known(dalian_editor)
    assert known(unit)
    assert not InboxItem.objects.filter(kind="reforms.question", state="open").exists()
    telling = replied(answer.pk)
    assert telling is not None
    assert shenyang_editor.account.pk in telling.accounts


def test_a_reply_of_the_asker_answers_nothing(measure: ReformMeasure, shenyang_editor: Any):
    question = talk_add(actor=shenyang_editor.actor, measure_id=measure.pk, text="适用哪些项目？")
    talk_reply(actor=shenyang_editor.actor, talk_id=question.pk, text="补充：含技改吗？")
    question.refresh_from_db()
    assert question.answered_at is None


def test_ministries_remark_and_regions_ask(
    measure: ReformMeasure, ministry: Any, shenyang_editor: Any, auditor: Any, unit: Any
):
    talk_add(actor=ministry.actor, measure_id=measure.pk, text="请总结推广", kind="comment")
    for person, kind in (
        (ministry, "question"),
        (shenyang_editor, "comment"),
        (auditor, "question"),
        (auditor, "comment"),
    ):
        with pytest.raises(Forbidden):
            talk_add(actor=person.actor, measure_id=measure.pk, text="话", kind=kind)
    assert selectors.threads_visible(actor=unit.actor).count() == 1


def test_the_owner_organisation_is_told_of_a_question(beijing_editor: Any, shenyang_editor: Any):
    owned = publish(beijing_editor.actor, owner=beijing_editor.organisation)
    question = talk_add(actor=shenyang_editor.actor, measure_id=owned.pk, text="怎么做？")
    telling = opened(question.pk)
    assert telling is not None
    assert beijing_editor.account.pk in telling.accounts


def test_a_contact_is_encrypted_masked_and_every_reading_is_logged(
    measure: ReformMeasure, beijing_editor: Any, shenyang_editor: Any, ministry: Any, member: Any
):
    draft = ContactDraft("欧阳小明", "处长", "010-55551234", "ouyang@example.com")
    contact_set(actor=beijing_editor.actor, measure_id=measure.pk, draft=draft)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM reforms_measurecontact")
        assert "欧阳" not in str(cursor.fetchall())
    row = MeasureContact.objects.get()
    assert row.masked_name.startswith("欧*")
    assert contact_reveal(actor=shenyang_editor.actor, measure_id=measure.pk).phone == "010-55551234"
    read = PersonalDataRead.objects.get()
    assert (read.account_id, read.subject_kind) == (shenyang_editor.account.pk, "reforms.measurecontact")
    said = AuditEvent.objects.filter(action__startswith="reforms.measure.")
    assert "55551234" not in str([(event.before, event.after) for event in said])
    with pytest.raises(Forbidden):
        contact_reveal(actor=ministry.actor, measure_id=measure.pk)
    with pytest.raises(NotFound):
        contact_reveal(actor=member.actor, measure_id=measure.pk)
    contact_set(actor=beijing_editor.actor, measure_id=measure.pk, draft=ContactDraft(""))
    assert not MeasureContact.objects.exists()


def test_a_region_of_no_pairing_side_is_no_place_to_learn(measure: ReformMeasure, dalian_editor: Any):
    assert step(dalian_editor.actor, measure, DALIAN, "follow").region.adcode == DALIAN
