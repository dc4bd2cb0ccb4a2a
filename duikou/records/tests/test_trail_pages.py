"""Reading the trail: who may, what they find, what stays hidden."""

import datetime as dt
from dataclasses import replace

import pytest
from django.apps import apps
from django.template import Context, Template

from duikou.records import selectors
from duikou.records.models import AuditEvent
from duikou.records.selectors import Query
from duikou.records.services.audit import Entry, SubjectRef, record, record_many

pytestmark = pytest.mark.django_db
REF = SubjectRef("projects.project", "42", "沈阳—北京装备制造合作")


@pytest.fixture
def event(alice):
    return record(
        actor=alice,
        action="projects.project.update",
        subject=REF,
        before={"name": "旧名称"},
        after={"name": "新名称"},
        reason="更正笔误",
    )


def test_the_auditor_reads_who_what_before_and_after(event, client_for, auditor):
    browser = client_for(auditor)
    page = browser.get("/records/trail/").content.decode()
    assert "王丽" in page
    assert "新名称" in page
    detail = browser.get(f"/records/trail/{event.pk}/").content.decode()
    assert "旧名称" in detail
    assert "更正笔误" in detail


@pytest.mark.parametrize("who", ["shenyang_lead", "ministry", "cadre_authority", "member", "unit"])
def test_others_are_refused_with_the_reason(request, client_for, who):
    answer = client_for(request.getfixturevalue(who)).get("/records/trail/")
    assert answer.status_code == 403
    assert "审计" in answer.content.decode()


def test_the_operator_sees_that_something_happened_but_no_business_contents(event, client_for, operator):
    browser = client_for(operator)
    for address in ("/records/trail/", f"/records/trail/{event.pk}/", "/records/trail/?subject=装备"):
        page = browser.get(address).content.decode()
        for secret in ("新名称", "旧名称", "更正笔误", "装备制造合作"):
            assert secret not in page
    actor = replace(operator.actor, admin_mode_id=5)
    shown, _link = selectors.event_shown(actor=actor, pk=event.pk)
    assert shown.changes


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(), True),
        (Query(who="王"), True),
        (Query(who="7"), True),
        (Query(who="8"), False),
        (Query(what="projects.project"), True),
        (Query(what="access."), False),
        (Query(kind="projects.project", subject="42"), True),
        (Query(subject="43"), False),
        (Query(subject="装备"), True),
        (Query(since=dt.date(2020, 1, 1)), True),
        (Query(until=dt.date(2020, 1, 1)), False),
        (Query(who="9" * 40), False),
    ],
)
def test_a_search_narrows(event, auditor, query, found):
    rows = selectors.events_page(actor=auditor.actor, query=query).rows
    assert (event.pk in [row.id for row in rows]) is found


def test_pages_by_key_show_every_event_once_in_both_directions(alice, auditor):
    record_many(
        actor=alice, action="projects.project.update", entries=[Entry(SubjectRef("x.y", str(n))) for n in range(120)]
    )
    query = Query(what="projects.project.update", kind="x.y")
    seen, cursor, cursors = [], "", []
    while True:
        page = selectors.events_page(actor=auditor.actor, query=query, cursor=cursor)
        seen += [row.id for row in page.rows]
        if page.next is None:
            break
        cursor = page.next
        cursors.append(cursor)
    assert len(seen) == 120
    assert seen == sorted(seen, reverse=True)
    back = selectors.events_page(actor=auditor.actor, query=query, cursor=page.previous)
    assert [row.id for row in back.rows] == seen[50:100]
    assert selectors.events_page(actor=auditor.actor, query=query, cursor="b-x'").rows[0].id == seen[0]


def test_the_number_of_queries_does_not_grow_with_the_trail(alice, client_for, auditor):
    browser = client_for(auditor)
    browser.get("/records/trail/")
    counts = []
    for number in (5, 200):
        record_many(actor=alice, action="x.y.z", entries=[Entry(REF, None, {"name": str(n)}) for n in range(number)])
        with _counted() as found:
            browser.get("/records/trail/")
        counts.append(len(found))
    assert counts[1] <= counts[0]  # the first page shows other kinds too, whose rows have names


def _counted():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return CaptureQueriesContext(connection)


def test_an_export_holds_what_the_filter_finds_and_is_itself_recorded(event, client_for, auditor, tmp_path):
    answer = client_for(auditor).post("/records/trail/export/?kind=projects.project&who=王")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    target = tmp_path / "out.xlsx"
    target.write_bytes(content)
    assert content[:2] == b"PK"
    assert AuditEvent.objects.latest("id").action == "records.trail.export"
    assert AuditEvent.objects.latest("id").after["rows"] == 1


def test_an_object_page_shows_its_history(event, auditor):
    text = Template("{% load proof %}{% history ref %}").render(Context({"ref": REF, "actor": auditor.actor}))
    assert "新名称" in text
    assert "王丽" in text
    nothing = Template("{% load proof %}{% history ref %}").render(
        Context({"ref": SubjectRef("x.y", "none"), "actor": auditor.actor})
    )
    assert "还没有" in nothing


def test_a_page_of_an_event_that_is_not_there_is_not_found(client_for, auditor):
    assert client_for(auditor).get("/records/trail/999999999/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-13-45",
        "since=2026-02-01&until=2026-01-01",
        "cursor=b99999999999999999999",
        "kind=no.such",
        "who=%00",
    ],
)
def test_bad_filters_are_said_not_broken(event, client_for, auditor, query):
    assert client_for(auditor).get(f"/records/trail/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=0001-01-01", "since=9999-12-31&until=0001-01-01"])
def test_dates_beyond_any_calendar_find_nothing_wrong(client_for, auditor, query):
    assert client_for(auditor).get(f"/records/trail/?{query}").status_code == 200


@pytest.fixture
def pointing(alice, unit, member):
    """An event that points at rows by number, by list and by code, as a service may write it."""
    return record(
        actor=alice,
        action="access.membership.changed",
        subject=unit.membership,
        before={"region_id": None, "organisation_id": unit.organisation.pk, "membership": unit.membership.pk},
        after={"region_id": shenyang_pk(), "organisation": 999_999_999, "absorbed": [member.organisation.pk]},
    )


def shenyang_pk():
    return apps.get_model("programme.Region").objects.get(adcode="210100").pk


def test_rows_go_by_name_and_not_by_number(pointing, client_for, auditor, unit, member):
    page = client_for(auditor).get(f"/records/trail/{pointing.pk}/").content.decode()
    for name in ("沈阳市", unit.organisation.name, member.organisation.name, str(unit.membership)):
        assert name in page
    assert f">{shenyang_pk()}<" not in page
    assert "999999999" in page  # a row that is gone keeps its number


def test_a_region_written_by_its_code_goes_by_name(alice, unit):
    found = record(actor=alice, action="access.invitation.sent", subject=unit.membership, after={"region": "210100"})
    shown, _link = selectors.event_shown(actor=replace(alice, admin_mode_id=1), pk=found.pk)
    assert shown.changes == [("地区", None, "沈阳市")]


def test_names_cost_the_same_for_one_event_and_for_fifty(alice, unit, client_for, auditor):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (1, 40):
        for _n in range(number):
            record(
                actor=alice,
                action="access.membership.changed",
                subject=unit.membership,
                after={"region_id": shenyang_pk(), "organisation_id": unit.organisation.pk},
            )
        with CaptureQueriesContext(connection) as seen:
            client_for(auditor).get("/records/trail/?what=access.membership.changed")
        counts.append(len(seen))
    assert counts[0] == counts[1]
