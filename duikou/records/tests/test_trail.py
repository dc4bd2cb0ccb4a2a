"""Every change leaves an event, and an event stays as it was written."""

import datetime as dt
import time
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel import trace
from duikou.kernel.actor import Actor
from duikou.records.models import AppendOnlyError, AuditEvent
from duikou.records.rules import as_json
from duikou.records.services import audit, guards
from duikou.records.services.audit import Entry, SubjectRef, changes, record, record_many, snapshot

Account = get_user_model()
REF = SubjectRef("projects.project", "42", "沈阳—北京装备制造合作")


@pytest.mark.django_db
def test_an_event_says_who_for_whom_what_and_why_as_it_was_then(alice):
    token = trace.request_id.set("abc123")
    try:
        event = record(
            actor=alice, action="projects.project.update", subject=REF, before={"a": 1}, after={"a": 2}, reason="笔误"
        )
    finally:
        trace.request_id.reset(token)
    event = AuditEvent.objects.get(pk=event.pk)
    assert (event.actor_name, event.organisation_name) == ("王丽", "辽宁省发展改革委")
    assert (event.before, event.after, event.reason, event.request_id) == ({"a": 1}, {"a": 2}, "笔误", "abc123")
    assert abs((event.at - dt.datetime.now(dt.UTC)).total_seconds()) < 60


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(alice):
    with pytest.raises(transaction.TransactionManagementError):
        record(actor=alice, action="x.y.z", subject=REF)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_rolls_back_leaves_no_event(alice):
    def change():
        with transaction.atomic():
            record(actor=alice, action="x.y.z", subject=REF)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        change()
    assert not AuditEvent.objects.filter(subject_kind=REF.kind).exists()


@pytest.mark.django_db
def test_code_cannot_change_or_delete_an_event(alice):
    event = record(actor=alice, action="x.y.z", subject=REF)
    for attempt in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(reason="x"),
        AuditEvent(action="x.y.z").save,
    ):
        with pytest.raises(AppendOnlyError):
            attempt()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["UPDATE records_auditevent SET reason = 'x'", "DELETE FROM records_auditevent"])
def test_the_database_refuses_to_change_or_delete_an_event(alice, verb):
    guards.install(connection)
    record(actor=alice, action="x.y.z", subject=REF)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)
    assert AuditEvent.objects.filter(subject_kind=REF.kind).count() == 1


@pytest.mark.django_db
def test_a_guard_that_was_taken_away_is_missed():
    assert guards.missing(connection) == []
    on = " ON records_auditevent" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER records_auditevent_no_update{on}")
    assert guards.missing(connection) == ["records_auditevent_no_update"]


@pytest.mark.django_db
def test_changes_name_only_what_differs_and_mask_personal_fields(monkeypatch):
    monkeypatch.setattr(Account, "audit_masked", {"display_name"}, raising=False)
    account = Account(username="wang", display_name="王丽华", password="secret")
    before = snapshot(account)
    account.display_name, account.language, account.password = "李明", "en", "other"
    old, new = changes(before, account)
    assert old == {"display_name": "王**", "language": "zh-hans", "password": "******"}
    assert new == {"display_name": "李*", "language": "en", "password": "******"}


def test_changes_of_a_new_record_give_what_is_filled():
    assert changes(None, {"name": "甲", "note": "", "amount": Decimal("1.50")}) == (
        None,
        {"name": "甲", "amount": "1.50"},
    )
    assert changes({"a": 1}, None) == ({"a": 1}, None)
    assert changes({"a": 1, "b": 2}, {"a": 1, "b": 3}) == ({"b": 2}, {"b": 3})


@pytest.mark.django_db
def test_a_masked_field_is_masked_even_when_the_caller_forgets(monkeypatch, alice):
    monkeypatch.setattr(Account, "audit_masked", {"email"}, raising=False)
    audit._masked_of.cache_clear()
    event = record(
        actor=alice, action="access.account.update", subject=Account(pk=1), after={"email": "wang@example.cn"}
    )
    audit._masked_of.cache_clear()
    assert AuditEvent.objects.get(pk=event.pk).after == {"email": "wan********e.cn"}


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["零\0字节", "\ud800孤", "🏗️" * 200, "\u202e反向", "x" * 5000])
def test_strange_text_is_kept_without_breaking(alice, text):
    actor = Actor.job(text)
    record(actor=actor, action="x.y.z", subject=SubjectRef("x.y", text, text), after={"t": text, 3: 2**80}, reason=text)
    record_many(actor=actor, action="x.y.z", entries=[Entry(SubjectRef("x.y", text, text), None, {"t": text})])
    assert AuditEvent.objects.filter(action="x.y.z").count() == 2


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(json_values)
def test_any_value_becomes_json(value):
    assert as_json(value).encode("utf-8")


@pytest.mark.django_db
def test_many_events_are_written_fast_and_whole(alice):
    entries = [
        Entry(SubjectRef("projects.project", str(n), f"项目{n}"), None, {"name": f"项目{n}"}) for n in range(20_000)
    ]
    begun = time.perf_counter()
    assert record_many(actor=alice, action="projects.project.import", entries=entries, reason="导入") == 20_000
    assert time.perf_counter() - begun < 5
    event = AuditEvent.objects.order_by("-id").first()
    assert (event.subject_id, event.after, event.reason) == ("19999", {"name": "项目19999"}, "导入")
    assert AuditEvent.objects.filter(action="projects.project.import").count() == 20_000
