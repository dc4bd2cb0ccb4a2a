# ruff: noqa: S608 - tables and columns of our own
"""Whatever is done to one row of proof is found and named."""

import datetime as dt

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.kernel.actor import Actor
from duikou.records.commands import group
from duikou.records.models import AuditCheck, AuditEvent, AuditLink, AuditSeal
from duikou.records.services.audit import Entry, SubjectRef, record, record_many
from duikou.records.services.canon import FIELDS
from duikou.records.services.seal import trail_seal
from duikou.records.services.verify import trail_verify
from duikou.records.states import What

pytestmark = pytest.mark.django_db
ME = Actor.job("test")


def write(actor, number, start=0):
    record_many(
        actor=actor,
        action="projects.project.update",
        entries=[
            Entry(SubjectRef("projects.project", str(n), f"项目{n}"), {"name": "旧"}, {"name": f"新{n}"})
            for n in range(start, start + number)
        ],
        reason="更正",
    )


@pytest.fixture
def trail(alice, db):
    """Three seals over a trail; returns the ids of events."""
    trail_seal(everything=True)
    for part in range(3):
        write(alice, 4, part * 4)
        trail_seal()
    return list(AuditEvent.objects.order_by("id").values_list("id", flat=True))


def sql(statement, *values):
    """What somebody with the database in hand does, triggers taken away first."""
    with connection.cursor() as cursor:
        for table in ("records_auditevent", "records_auditlink", "records_auditseal"):
            for verb in ("update", "delete", "truncate"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")
        cursor.execute(statement, values)
        return cursor.rowcount


def first():
    return trail_verify(actor=ME).findings[0]


def undone(tamper):
    """Do `tamper`, look, and roll it back."""
    with transaction.atomic():
        tamper()
        found = first()
        transaction.set_rollback(True)
    return found


def test_an_untouched_trail_is_whole(trail):
    report = trail_verify(actor=ME)
    assert report.first is None
    assert (report.links, report.unsealed) == (len(trail), 0)
    assert AuditCheck.objects.get().finding == ""


def test_sealing_twice_makes_nothing_new(trail):
    before = AuditSeal.objects.count()
    assert trail_seal().linked == 0
    assert AuditSeal.objects.count() == before


def test_events_that_wait_for_the_sealer_are_counted_not_blamed(trail, alice):
    write(alice, 3, 100)
    report = trail_verify(actor=ME)
    assert (report.first, report.unsealed) == (None, 3)


columns = st.sampled_from([name for name in FIELDS if name not in {"at"}])


@given(column=columns, at=st.integers(0, 10**6))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_altered_column_of_any_event_is_found_and_named(trail, column, at):
    event_id = trail[at % len(trail)]
    value = 77 if column in {"account_id", "organisation_id", "admin_mode_id"} else '{"x":1}'

    def tamper():
        sql(f"UPDATE records_auditevent SET {column} = %s WHERE id = %s", value, event_id)

    found = undone(tamper)
    assert (found.what, found.row.split(" (")[0]) == (What.EVENT_ALTERED, f"event {event_id}")


def test_an_altered_moment_is_found(trail):
    event_id = trail[-3]
    found = undone(
        lambda: sql(
            "UPDATE records_auditevent SET at = %s WHERE id = %s", dt.datetime(2020, 1, 1, tzinfo=dt.UTC), event_id
        )
    )
    assert (found.what, found.near) == (What.EVENT_ALTERED, event_id)


@given(at=st.integers(0, 10**6), table=st.sampled_from(["event", "link", "seal"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_removed_row_is_found_and_named(trail, at, table):
    key, model = {"event": ("id", AuditEvent), "link": ("position", AuditLink), "seal": ("id", AuditSeal)}[table]
    keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
    chosen = keys[at % len(keys)]
    found = undone(lambda: sql(f"DELETE FROM {model._meta.db_table} WHERE {key} = %s", chosen))
    assert found.what == {"event": What.EVENT_REMOVED, "link": What.LINK_REMOVED, "seal": What.SEAL_REMOVED}[table]
    if table != "seal":
        assert found.row.split(" (")[0] == f"{table} {chosen}"


@given(at=st.integers(0, 10**6), column=st.sampled_from(["position", "event_id", "digest", "chain"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_altered_link_is_found(trail, at, column):
    position = at % len(trail) + 1
    value = "f" * 64 if column in {"digest", "chain"} else 10**9
    found = undone(lambda: sql(f"UPDATE records_auditlink SET {column} = %s WHERE position = %s", value, position))
    assert found.what in {What.LINK_ALTERED, What.LINK_REMOVED}
    assert found.row.startswith(f"link {position}")


@pytest.mark.parametrize("column", ["first", "last", "floor", "head", "mac"])
def test_any_altered_seal_is_found(trail, column):
    seal = AuditSeal.objects.order_by("last")[1]
    value = "e" * 64 if column in {"head", "mac"} else 10**9
    found = undone(lambda: sql(f"UPDATE records_auditseal SET {column} = %s WHERE id = %s", value, seal.pk))
    assert found.what in {What.SEAL_ALTERED, What.SEAL_REMOVED}


@pytest.mark.parametrize("sealed", [False, True])
def test_a_row_put_in_by_hand_is_found_even_after_the_sealer_ran(trail, sealed):
    names = ", ".join(name for name in FIELDS if name not in {"uid", "subject_id"})

    def tamper():
        sql(
            f"INSERT INTO records_auditevent (uid, subject_id, {names}) "
            f"SELECT 'forged', '999', {names} FROM records_auditevent WHERE id = %s",
            trail[2],
        )
        if sealed:
            trail_seal(everything=True)

    forged = undone(tamper)
    assert forged.what == What.EVENT_INSERTED
    assert forged.near > trail[-1]


def test_the_first_of_several_is_named(trail):
    def tamper():
        sql("UPDATE records_auditevent SET reason = 'x' WHERE id = %s", trail[-1])
        sql("DELETE FROM records_auditevent WHERE id = %s", trail[-5])

    found = undone(tamper)
    assert (found.what, found.near) == (What.EVENT_REMOVED, trail[-5])


def test_a_chain_written_anew_without_the_keys_is_found(trail, settings):
    keys = settings.FIELD_KEYS

    def tamper():
        sql("DELETE FROM records_auditlink")
        sql("DELETE FROM records_auditseal")
        settings.FIELD_KEYS = ["another key"]
        sql("UPDATE records_auditevent SET reason = 'x' WHERE id = %s", trail[-1])
        trail_seal(everything=True)
        settings.FIELD_KEYS = keys

    assert undone(tamper).what in {What.EVENT_ALTERED, What.EVENT_INSERTED, What.SEAL_ALTERED}


def test_a_cut_end_is_found_by_an_anchor_that_was_written_down(trail):
    report = trail_verify(actor=ME)
    anchor = [(report.position, report.head)]
    assert trail_verify(actor=ME, anchors=anchor).first is None
    last = AuditSeal.objects.order_by("-last")[0]
    events = list(AuditLink.objects.filter(position__gte=last.first).values_list("event_id", flat=True))
    for event_id in events:
        sql("DELETE FROM records_auditevent WHERE id = %s", event_id)
    sql("DELETE FROM records_auditlink WHERE position >= %s", last.first)
    sql("DELETE FROM records_auditseal WHERE id = %s", last.pk)
    assert trail_verify(actor=ME, anchors=anchor).findings[0].what == What.ANCHOR_LOST


def test_a_rotated_key_still_verifies_and_a_lost_one_does_not(trail, settings, alice):
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = ["new key", *old]
    write(alice, 2, 60)
    trail_seal()
    assert trail_verify(actor=ME).first is None
    settings.FIELD_KEYS = ["new key"]
    assert trail_verify(actor=ME).first is not None


def test_since_reads_only_what_was_sealed_after(trail, alice):
    moment = dt.datetime.now(dt.UTC)
    write(alice, 5, 70)
    trail_seal()
    report = trail_verify(actor=ME, since=moment)
    assert (report.first, report.links) == (None, 5)
    sql("UPDATE records_auditevent SET reason = 'x' WHERE id = %s", trail[0])
    assert trail_verify(actor=ME, since=moment).findings[0].what == What.GUARD_REMOVED
    assert trail_verify(actor=ME).findings[0].what == What.EVENT_ALTERED


def test_the_command_names_the_first_row_and_exits_with_one(trail):
    run = CliRunner()
    fine = run.invoke(group, ["verify"])
    assert fine.exit_code == 0, fine.output
    head = fine.output.strip().rsplit(" ", 1)[-1]
    assert run.invoke(group, ["verify", "--anchor", head]).exit_code == 0
    assert run.invoke(group, ["verify", "--anchor", "nonsense"]).exit_code == 2
    sql("UPDATE records_auditevent SET actor_name = '别人' WHERE id = %s", trail[3])
    broken = run.invoke(group, ["verify"])
    assert broken.exit_code == 1
    assert f"首个问题：记录被改动（event {trail[3]}" in broken.output


def test_the_command_seals(alice):
    record(actor=alice, action="x.y.z", subject=SubjectRef("x.y", "1"))
    result = CliRunner().invoke(group, ["seal"])
    assert result.exit_code == 0
    assert AuditLink.objects.count() == AuditEvent.objects.count()
