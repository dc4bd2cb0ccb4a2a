"""Many projects are changed at once: seen first, all or nothing, nobody's row outside the actor's rights."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.kernel.actor import Actor, Role
from duikou.kernel.errors import Forbidden, Invalid
from duikou.kernel.money import Money
from duikou.projects.models import Project, ProjectStep
from duikou.projects.services import bulk as services
from duikou.projects.services.bulk import BulkRefused, bulk_commit, bulk_preview
from duikou.projects.services.bulk_plan import BulkChange
from duikou.projects.services.draft import PartyDraft
from duikou.projects.services.steps import project_confirm
from duikou.projects.services.summaries import summary_verify
from duikou.projects.states import Opinion, ProjectState, Visibility
from duikou.projects.tests.conftest import build, office
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
SHENYANG, DALIAN = "210000/210100/", "210000/210200/"


def seen(*projects):
    return {project.pk: project.version for project in projects}


def edit(actor, change, *projects, reason="统一口径"):
    return bulk_commit(actor=actor, seen=seen(*projects), change=change, reason=reason)


def test_a_bulk_edit_changes_all_rows_with_one_event_each_and_a_reason(world):
    rows = [world.project(f"园区{n}", planned_amount=Money("100.01"), year=2018) for n in range(3)]
    change = BulkChange(
        values={"year": 2020, "clause": world.clauses["3.4.2"], "planned_start": dt.date(2020, 5, 1)},
        add_clauses=(world.clauses["3.2.1"],),
    )
    assert edit(office(SHENYANG), change, *rows) == 3
    for row in Project.objects.filter(pk__in=seen(*rows)):
        assert (row.year, row.clause.code, row.planned_start, row.version) == (2020, "3.4.2", dt.date(2020, 5, 1), 2)
        assert [clause.code for clause in row.further_clauses.all()] == ["3.2.1"]
        events = AuditEvent.objects.filter(subject_id=str(row.pk), action="projects.project.bulk_updated")
        assert [(event.reason, event.before["year"], event.after["year"]) for event in events] == [
            ("统一口径", 2018, 2020)
        ]
    assert summary_verify().wrong == ()


def test_committing_twice_changes_once(world):
    row = world.project()
    change = BulkChange(values={"year": 2020})
    assert edit(office(SHENYANG), change, row) == 1
    assert edit(office(SHENYANG), change, row) == 0
    assert AuditEvent.objects.filter(action="projects.project.bulk_updated").count() == 1


def test_a_row_changed_since_the_preview_stops_all(world):
    rows = [world.project(f"园区{n}") for n in range(2)]
    Project.objects.filter(pk=rows[0].pk).update(version=5)
    with pytest.raises(BulkRefused):
        edit(office(SHENYANG), BulkChange(values={"year": 2020}), *rows)
    assert not Project.objects.filter(year=2020).exists()


def test_a_stranger_and_a_reader_change_nothing(world):
    row = world.project(visibility=Visibility.PUBLIC)
    change = BulkChange(values={"year": 2020})
    plan = bulk_preview(actor=office(DALIAN), ids=[row.pk], change=change)
    assert "不在您负责的地区" in plan[0].refused
    with pytest.raises(BulkRefused):
        edit(office(DALIAN), change, row)
    hidden = world.project("不公开的")
    assert bulk_preview(actor=office(DALIAN), ids=[hidden.pk], change=change) == []
    with pytest.raises(BulkRefused):
        edit(office(DALIAN), change, hidden)
    with pytest.raises(Forbidden):
        edit(office("", Role.AUDITOR), change, row)
    assert not Project.objects.filter(year=2020).exists()


def test_publishing_asks_for_the_right_to(world):
    row = world.project()
    change = BulkChange(values={"visibility": "public"})
    assert "负责人" in bulk_preview(actor=office(SHENYANG), ids=[row.pk], change=change)[0].refused
    assert edit(office(SHENYANG, Role.OFFICE_LEAD), change, row) == 1
    assert summary_verify().wrong == ()


def test_regions_stay_inside_the_pairing(world):
    row = world.project()
    plan = bulk_preview(
        actor=office(SHENYANG), ids=[row.pk], change=BulkChange(values={"first_region": world.regions["210200"]})
    )
    assert "不属于这一对口关系" in plan[0].refused


def test_a_kinds_own_fields_are_kept_or_the_row_is_refused(world):
    row = world.project(kind=world.kinds["park"], extra={"area": "100"})
    change = BulkChange(values={"kind": world.kinds["plain"]})
    assert bulk_preview(actor=office(SHENYANG), ids=[row.pk], change=change)[0].refused
    assert edit(office(SHENYANG), BulkChange(extra={"residents": "12"}), row) == 1
    row.refresh_from_db()
    assert row.extra["residents"] == 12
    assert "area" in row.extra


def test_no_project_becomes_its_own_part(world):
    outer, inner = world.project("外"), world.project("内")
    edit(office(SHENYANG), BulkChange(values={"parent": outer}), inner)
    inner.refresh_from_db()
    assert inner.parent_id == outer.pk
    for parent in (outer, inner):
        plan = bulk_preview(actor=office(SHENYANG), ids=[outer.pk], change=BulkChange(values={"parent": parent}))
        assert plan[0].refused


def test_a_confirmed_year_waits_for_the_other_side_again(world):
    row = world.project(year=2018)
    project_confirm(actor=office("110000/"), project_id=row.pk, version=row.version)
    row.refresh_from_db()
    edit(office(SHENYANG), BulkChange(values={"year": 2020}), row)
    row.refresh_from_db()
    assert row.opinion == Opinion.PENDING


def test_a_step_is_taken_by_all_that_may_and_refused_with_the_reason(world):
    party = (PartyDraft("甲公司"),)
    ready, bare = world.project("有单位", parties=party), world.project("没有单位")
    closed = world.project("办结的", state=ProjectState.CLOSED, parties=party)
    change = BulkChange(verb="sign", on=dt.date(2020, 3, 1))
    plans = {
        p.project.pk: p for p in bulk_preview(actor=office(SHENYANG), ids=seen(ready, bare, closed), change=change)
    }
    assert not plans[ready.pk].refused
    assert "合作单位" in plans[bare.pk].refused
    assert plans[closed.pk].refused
    assert edit(office(SHENYANG), change, ready) == 1
    ready.refresh_from_db()
    assert (ready.state, ready.state_as_of, ready.year) == ("signed", dt.date(2020, 3, 1), 2020)
    assert ProjectStep.objects.filter(project=ready, verb="sign", from_state="lead").count() == 1
    assert AuditEvent.objects.filter(action="projects.project.sign", subject_id=str(ready.pk)).count() == 1
    assert summary_verify().wrong == ()


def test_limits(world, monkeypatch):
    rows = [world.project(f"园区{n}") for n in range(2)]
    with pytest.raises(Invalid):
        bulk_preview(actor=office(SHENYANG), ids=seen(*rows), change=BulkChange())
    with pytest.raises(Invalid):
        edit(office(SHENYANG), BulkChange(values={"year": 2020}), *rows, reason=" ")
    monkeypatch.setattr(services, "MOST", 1)
    with pytest.raises(Invalid):
        edit(office(SHENYANG), BulkChange(values={"year": 2020}), *rows)


def test_ten_times_as_many_rows_ask_the_database_as_often(world):
    change = BulkChange(values={"year": 2020}, add_clauses=(world.clauses["3.2.1"],), extra={})

    def queries(number):
        rows = [world.project(f"园区{number}之{n}", parties=(PartyDraft(f"公司{n}"),)) for n in range(number)]
        with CaptureQueriesContext(connection) as captured:
            bulk_preview(actor=office(SHENYANG), ids=seen(*rows), change=change)
            edit(office(SHENYANG), change, *rows)
        return len(captured)

    assert queries(3) == queries(30)


changes = st.builds(
    lambda year, clause, visibility, kind, further: (year, clause, visibility, kind, further),
    st.sampled_from([None, 2018, 2021, "clear"]),
    st.sampled_from([None, "3.2.1", "3.4.2"]),
    st.sampled_from([None, "public", "pairing"]),
    st.sampled_from([None, "plain"]),
    st.lists(st.sampled_from(["3.2.1", "3.2.2"]), max_size=2, unique=True),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(many=st.lists(st.tuples(changes, st.sampled_from([SHENYANG, DALIAN, "230000/"])), min_size=1, max_size=4))
def test_after_any_bulk_edits_the_sums_equal_a_recomputation_and_no_foreign_row_moved(db, many):
    with transaction.atomic():
        world = build()
        for n, pairing in enumerate(["shenyang-beijing", "dalian-shanghai", "daqing-huizhou", "shenyang-beijing"]):
            visible = Visibility.PUBLIC if n % 2 else Visibility.PAIRING
            world.project(f"项目{n}", pairing, planned_amount=Money.from_cents(n * 101), visibility=visible)
        for (year, clause, visibility, kind, further), path in many:
            values = {"year": None if year == "clear" else year} if year else {}
            values |= {"clause": world.clauses[clause]} if clause else {}
            values |= {"visibility": visibility} if visibility else {}
            values |= {"kind": world.kinds[kind]} if kind else {}
            change = BulkChange(values, add_clauses=tuple(world.clauses[code] for code in further))
            if change.says_nothing:
                continue
            _commit_what_may(office(path, Role.OFFICE_LEAD), change, path)
            assert summary_verify().wrong == ()
        transaction.set_rollback(True)


def _commit_what_may(actor: Actor, change: BulkChange, path: str) -> None:
    rows = {row.pk: row for row in Project.objects.select_related("first_region", "second_region")}
    plans = bulk_preview(actor=actor, ids=rows, change=change)
    ready = {plan.project.pk: plan.project.version for plan in plans if not plan.refused}
    if ready:
        bulk_commit(actor=actor, seen=ready, change=change, reason="试")
    for row in Project.objects.all():
        sides = (rows[row.pk].first_region, rows[row.pk].second_region)
        if not any(side and side.path.startswith(path) for side in sides):
            assert row.version == rows[row.pk].version


def test_the_three_pages_without_scripts(shenyang_editor, client):
    from duikou.programme.models import Pairing
    from duikou.projects.services.draft import ProjectDraft
    from duikou.projects.services.projects import project_create

    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(code="shenyang-beijing")
    clause = pairing.programme.clause_set.get(code="3.2.2")
    drafts = [ProjectDraft(pairing.programme, f"批量园区{n}", pairing, clause, pairing.first_region) for n in range(2)]
    rows = [project_create(actor=Actor.command("tests"), draft=draft) for draft in drafts]
    client.force_login(shenyang_editor.account)
    assert 'form="dk-bulk"' in client.get("/projects/").content.decode()
    chosen = client.get("/projects/bulk/", {"pk": [row.pk for row in rows]})
    assert chosen.context["number"] == 2
    assert client.get("/projects/bulk/?all=1&q=批量园区").context["number"] == 2
    assert client.get("/projects/bulk/").status_code == 200
    ids = ",".join(str(row.pk) for row in rows)
    assert client.post("/projects/bulk/", {"ids": ids, "act": "preview", "reason": "试"}).status_code == 400
    typed = {"ids": ids, "year": "2021", "reason": "核对年份", "add_clauses": ["3.2.1", "3.4.2"]}
    preview = client.post("/projects/bulk/", {**typed, "act": "preview"})
    assert preview.status_code == 200
    assert "2021" in preview.content.decode()
    back = client.post("/projects/bulk/", {**typed, "act": "edit"})
    assert back.context["form"]["year"].value() == "2021"
    Project.objects.filter(pk=rows[0].pk).update(version=9)
    stale = client.post("/projects/bulk/", {**typed, "act": "commit", "seen": preview.context["seen"]})
    assert stale.status_code == 409
    done = client.post("/projects/bulk/", {**typed, "act": "commit", "seen": stale.context["seen"]})
    assert done.status_code == 302
    assert Project.objects.filter(year=2021).count() == 2
    for ugly in ({"ids": "x,,-1,99999999999999999999"}, {}, {"ids": ids, "year": "一", "reason": "\x00"}):
        assert client.post("/projects/bulk/", ugly).status_code in (400, 404)
