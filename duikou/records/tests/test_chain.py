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


def first_but_guards():
    """The first finding on a row; in between the triggers were taken away."""
    return next(finding for finding in trail_verify(actor=ME).findings if finding.what != What.GUARD_REMOVED)


def undone(tamper):
    """Do `tamper`, look, and roll it back."""
    with transaction.atomic():
        tamper()
        found = first()
        transaction.set_rollback(True)
    return found


def cut(seals):
    """Take the last runs of the sealer away with all that they sealed; the smallest position that is gone."""
    last = AuditSeal.objects.order_by("-last")[:seals]
    first, keys = min(seal.first for seal in last), [seal.pk for seal in last]
    for event_id in AuditLink.objects.filter(position__gte=first).values_list("event_id", flat=True):
        sql("DELETE FROM records_auditevent WHERE id = %s", event_id)
    sql("DELETE FROM records_auditlink WHERE position >= %s", first)
    for key in keys:
        sql("DELETE FROM records_auditseal WHERE id = %s", key)
    return first


def swap(one, other, *, numbers):
    """Exchange the numbers of two events, or all that stands in them but their numbers."""
    if numbers:
        for new, old in ((-1, one), (one, other), (other, -1)):
            sql("UPDATE records_auditevent SET id = %s WHERE id = %s", new, old)
        return
    rows = {pk: AuditEvent.objects.filter(pk=pk).values_list(*FIELDS)[0] for pk in (one, other)}
    columns = ", ".join(f"{name} = %s" for name in FIELDS)
    sql("UPDATE records_auditevent SET uid = 'meanwhile' WHERE id = %s", one)
    for pk, values in ((other, rows[one]), (one, rows[other])):
        made = AuditEvent(**dict(zip(FIELDS, values, strict=True)))
        stored = [field.get_db_prep_save(getattr(made, field.name), connection) for field in map(field_of, FIELDS)]
        sql(f"UPDATE records_auditevent SET {columns} WHERE id = %s", *stored, pk)


def field_of(name):
    return AuditEvent._meta.get_field(name)


def forge(like):
    """Put a row in behind all others; its number."""
    names = ", ".join(name for name in FIELDS if name not in {"uid", "subject_id"})
    made = AuditEvent.objects.order_by("-id").values_list("id", flat=True)[0] + 1
    sql(
        f"INSERT INTO records_auditevent (id, uid, subject_id, {names}) "
        f"SELECT %s, 'forged', '999', {names} FROM records_auditevent WHERE id = %s",
        made,
        like,
    )
    return made


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


@pytest.fixture
def kept(trail, django_capture_on_commit_callbacks, alice):
    """The trail, its end written down in the data folder as every run of the sealer does."""
    with django_capture_on_commit_callbacks(execute=True):
        write(alice, 4, 50)
        trail_seal()
    return list(AuditEvent.objects.order_by("id").values_list("id", flat=True))


DEEDS = ("alter", "remove", "swap contents", "swap numbers")


@given(
    deeds=st.lists(st.sampled_from(DEEDS), max_size=3),
    inserted=st.booleans(),
    seals=st.integers(0, 3),
    chance=st.randoms(use_true_random=False),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_first_row_of_any_tampering_is_named(kept, deeds, inserted, seals, chance):
    whole = len(kept)
    expected = {}

    def tamper():
        first = cut(seals) if seals else whole + 1
        left = kept[: first - 1]
        if inserted:
            expected[forge(left[0])] = What.EVENT_INSERTED
        if seals:
            expected[left[-1] + 1] = What.END_REMOVED
        free = chance.sample(left, 2 * len(deeds))
        for deed, one, other in zip(deeds, free[::2], free[1::2], strict=True):
            if deed == "alter":
                sql("UPDATE records_auditevent SET reason = 'x' WHERE id = %s", one)
            elif deed == "remove":
                sql("DELETE FROM records_auditevent WHERE id = %s", one)
            else:
                swap(one, other, numbers=deed == "swap numbers")
                expected[other] = What.EVENT_ALTERED
            expected[one] = What.EVENT_REMOVED if deed == "remove" else What.EVENT_ALTERED

    def first():
        findings = trail_verify(actor=ME).findings
        return [finding for finding in findings if finding.what != What.GUARD_REMOVED]

    with transaction.atomic():
        tamper()
        found = first()
        transaction.set_rollback(True)
    if not expected:
        assert found == []
        return
    assert found[0].near == min(expected)
    if not deeds and seals:
        assert str(found[0]) == f"end of the trail missing: links {whole - 4 * seals + 1}-{whole}"
        assert not inserted or found[1].what in {What.EVENT_INSERTED}
    else:
        assert found[0].what == expected[min(expected)]


def test_links_that_changed_places_are_found(trail):
    def tamper():
        for new, old in ((-1, 3), (3, 6), (6, -1)):
            sql("UPDATE records_auditlink SET position = %s WHERE position = %s", new, old)

    assert str(undone(tamper)).startswith("link altered: link 3 ")


def test_a_cut_end_is_named_by_the_end_kept_in_the_data_folder(kept, home):
    assert trail_verify(actor=ME).first is None
    assert (home / "audit-heads").read_text().startswith(f"{len(kept)}:{trail_verify(actor=ME).head} ")
    first = cut(2)
    broken = CliRunner().invoke(group, ["verify"])
    assert broken.exit_code == 1
    assert f"首个问题：链的末尾缺失（links {first}-{len(kept)}）" in broken.output


def test_a_cut_end_is_found_although_the_sealer_went_on(kept, alice, django_capture_on_commit_callbacks):
    first = cut(1)
    for part in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            write(alice, 3, 80 + 3 * part)
            trail_seal()
        found = first_but_guards()
        assert (found.what, found.row) == (
            (What.END_REMOVED, f"links {first + 3}-{len(kept)}")
            if part == 0
            else (What.ANCHOR_LOST, f"position {len(kept)}")
        )


def test_everything_taken_away_is_a_missing_end(kept):
    sql("DELETE FROM records_auditseal")
    sql("DELETE FROM records_auditlink")
    sql("DELETE FROM records_auditevent")
    assert str(first_but_guards()) == f"end of the trail missing: links 1-{len(kept)}"


def test_the_kept_end_is_that_of_the_newest_seal_alone(kept, home, alice, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write(alice, 2, 90)
        sealed = trail_seal()
    (line,) = (home / "audit-heads").read_text().splitlines()
    assert line.startswith(f"{sealed.position}:{sealed.head} ")


def test_a_kept_end_that_cannot_be_read_is_no_end_of_this_chain(kept, home):
    (home / "audit-heads").write_text("nothing to read here\n")
    assert first_but_guards().what == What.ANCHOR_LOST


def test_a_row_in_the_middle_is_told_from_its_neighbours(trail):
    """A number that was free because a transaction was given up is filled with a copy of another row."""
    with transaction.atomic():
        gone = trail[-6]
        sql("DELETE FROM records_auditevent WHERE id = %s", gone)
        names = ", ".join(FIELDS).replace("uid,", "'copied',", 1)
        sql(
            f"INSERT INTO records_auditevent (id, {', '.join(FIELDS)}) "
            f"SELECT %s, {names} FROM records_auditevent WHERE id = %s",
            gone,
            trail[-5],
        )
        found = first_but_guards()
        transaction.set_rollback(True)
    assert (found.what, found.near) == (What.EVENT_ALTERED, gone)


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
    cut(1)
    assert str(trail_verify(actor=ME, anchors=anchor).first) == (
        f"end of the trail missing: links {report.position - 3}-{report.position}"
    )


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
