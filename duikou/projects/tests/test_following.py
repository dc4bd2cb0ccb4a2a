"""Who follows something is told once a change, in one bundle, and never of what they may not know of."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.flow.models import MailMode, Notice, NoticeMail
from duikou.flow.services.views import view_change, view_save
from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound
from duikou.kernel.money import Money
from duikou.programme.models import Clause, Pairing
from duikou.projects import tasks
from duikou.projects.filters import FilterReader
from duikou.projects.models import Project, ProjectNews, Subscription
from duikou.projects.selectors import ListFilter, list_query, pairings_of, projects_visible
from duikou.projects.selectors.matching import Matcher, needle_of
from duikou.projects.selectors.sights import sights
from duikou.projects.services.bulk import bulk_commit
from duikou.projects.services.bulk_plan import BulkChange
from duikou.projects.services.draft import PartyDraft, ProjectDraft
from duikou.projects.services.following import follow_cell, follow_end, follow_mail, follow_project, follow_view
from duikou.projects.services.news import _straws, news_note, news_tell
from duikou.projects.services.projects import projects_create_many
from duikou.projects.states import ProjectState, StateGroup, Visibility
from duikou.projects.tests.conftest import build

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")


@pytest.fixture
def pair(db):
    found = Pairing.objects.select_related("programme", "first_region", "second_region")
    return found.get(code="shenyang-beijing")


def register(pair, *names, actor=COMMAND, **given):
    clause = pair.programme.clause_set.get(code="3.2.2")
    drafts = [ProjectDraft(pair.programme, name, pair, clause, pair.first_region, **given) for name in names]
    made = projects_create_many(actor=actor, drafts=[replace(one, second_region=pair.second_region) for one in drafts])
    news_note(what="created", project_ids=[one.pk for one in made])
    return made


def tell():
    return news_tell(parse=FilterReader())


def told(person):
    return [
        notice.words
        for notice in Notice.objects.filter(account=person.account, kind__startswith="projects.follow").order_by("pk")
    ]


def cell(person, pair, clause="3.2.2"):
    return follow_cell(actor=person.actor, pairing_code=pair.code, clause_code=clause, programme_id=pair.programme_id)


def view(person, **asked):
    kept = view_save(actor=person.actor, name_of_list="projects:list", query=urlencode(asked, True), name="我的视图")
    return follow_view(actor=person.actor, view_id=kept.pk)


def test_many_new_projects_are_one_notice(pair, beijing_editor):
    view(beijing_editor, state="lead", q="批量")
    cell(beijing_editor, pair)
    register(pair, *(f"批量园区{n}" for n in range(12)))
    assert tell() == 2
    assert sorted(told(beijing_editor)) == [
        f"您关注的“{pair.name} × 3.2.2”：12个项目有变化，其中新增12个",
        "您关注的视图“我的视图”：12个项目有变化，其中新增12个",
    ]
    assert tell() == 0
    assert len(told(beijing_editor)) == 2


def test_noting_twice_tells_once(pair, beijing_editor):
    (one,) = register(pair, "园区")
    follow_project(actor=beijing_editor.actor, project_id=one.pk)
    tell()
    for _again in range(2):
        news_note(what="report", project_ids=[one.pk], event=7)
        tell()
    assert told(beijing_editor) == ["您关注的项目“园区”：新登记", "您关注的项目“园区”：月报通过"]


def test_ones_own_changes_are_not_told_to_oneself(pair, shenyang_editor, beijing_editor):
    (one,) = register(pair, "园区")
    tell()
    for person in (shenyang_editor, beijing_editor):
        follow_project(actor=person.actor, project_id=one.pk)
    change = BulkChange(values={"year": 2020})
    bulk_commit(actor=shenyang_editor.actor, seen={one.pk: one.version}, change=change, reason="核对")
    news_note(what="updated", project_ids=[one.pk])
    tell()
    assert told(shenyang_editor) == []
    assert told(beijing_editor) == ["您关注的项目“园区”：内容有修改"]


def test_a_stranger_learns_nothing(pair, dalian_editor, member):
    hidden, public = register(pair, "不公开"), register(pair, "公开", visibility=Visibility.PUBLIC)
    with pytest.raises(NotFound):
        follow_project(actor=dalian_editor.actor, project_id=hidden[0].pk)
    cell(dalian_editor, pair)
    view(member)
    tell()
    assert told(dalian_editor) == [f"您关注的“{pair.name} × 3.2.2”：1个项目有变化，其中新增1个"]
    assert told(member) == ["您关注的视图“我的视图”：1个项目有变化，其中新增1个"]
    assert public


def test_what_can_no_longer_be_seen_is_no_longer_told(pair, dalian_editor, beijing_editor):
    (one,) = register(pair, "公开", visibility=Visibility.PUBLIC)
    tell()
    follow_project(actor=dalian_editor.actor, project_id=one.pk)
    follow_project(actor=beijing_editor.actor, project_id=one.pk)
    Project.objects.filter(pk=one.pk).update(visibility=Visibility.PAIRING)
    beijing_editor.membership.is_active = False
    beijing_editor.membership.save()
    news_note(what="moved", project_ids=[one.pk], event=3)
    assert tell() == 0


def test_a_view_that_is_no_longer_shared_tells_only_its_owner(pair, shenyang_editor, shenyang_lead):
    kept = view_save(actor=shenyang_editor.actor, name_of_list="projects:list", query="", name="共享的", is_shared=True)
    follow_view(actor=shenyang_lead.actor, view_id=kept.pk)
    follow_view(actor=shenyang_editor.actor, view_id=kept.pk)
    view_change(actor=shenyang_editor.actor, view_id=kept.pk, version=1, is_shared=False)
    register(pair, "园区")
    assert tell() == 1
    assert told(shenyang_lead) == []


def test_mail_goes_as_the_subscription_says(pair, beijing_editor):
    (one,) = register(pair, "园区")
    found = follow_project(actor=beijing_editor.actor, project_id=one.pk)
    follow_mail(actor=beijing_editor.actor, subscription_id=found.pk, mail=MailMode.OFF)
    tell()
    assert len(told(beijing_editor)) == 1
    assert not NoticeMail.objects.filter(account=beijing_editor.account).exists()
    follow_end(actor=beijing_editor.actor, subscription_id=found.pk)
    follow_end(actor=beijing_editor.actor, subscription_id=found.pk)
    assert not Subscription.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_facts_are_noted_by_a_job(shenyang_editor, pair):
    from duikou.kernel.jobs import drain

    clause = pair.programme.clause_set.get(code="3.2.2")
    draft = ProjectDraft(pair.programme, "园区", pair, clause, pair.first_region)
    (one,) = projects_create_many(actor=COMMAND, drafts=[draft])
    tasks.project_news("report", report_id=4, project_id=one.pk, month="2020-01")
    drain()
    assert set(ProjectNews.objects.filter(project=one).values_list("what", flat=True)) == {"created", "report"}


def test_ten_times_as_many_projects_and_subscriptions_ask_the_database_as_often(
    pair, shenyang_editor, beijing_editor, member
):
    people, counts = (shenyang_editor, beijing_editor, member), []
    for number in (2, 20):
        for person in people:
            for n in range(number):
                kept = view_save(
                    actor=person.actor,
                    name_of_list="projects:list",
                    query=f"q=批{number}之{n}",
                    name=f"视图{number}之{n}",
                )
                follow_view(actor=person.actor, view_id=kept.pk)
        register(pair, *(f"批{number}之{n}" for n in range(number)), visibility=Visibility.PUBLIC)
        with CaptureQueriesContext(connection) as captured:
            assert tell() > number
        counts.append(len(captured))
    assert counts[0] == counts[1]


asked = st.fixed_dictionaries(
    {},
    optional={
        "pairing": st.sampled_from(["heilongjiang-guangdong", "daqing-huizhou", "shenyang-beijing"]),
        "exact_pairing": st.booleans(),
        "clause": st.sampled_from(["3.2", "3.2.1", "3.4.2", "4.2"]),
        "any_clause": st.booleans(),
        "states": st.sampled_from([("lead",), ("signed", "started")]),
        "groups": st.sampled_from([(StateGroup.MOVING,), tuple(StateGroup)])
        if hasattr(StateGroup, "MOVING")
        else st.just(()),
        "year_from": st.sampled_from([2016, 2018]),
        "year_to": st.sampled_from([2017, 2019]),
        "year_unknown": st.booleans(),
        "region": st.sampled_from(["230000", "230600", "440100"]),
        "text": st.sampled_from(["园", "冷链", "冷链 公司", "XM000001", "——", "园区 无"]),
        "amount_from": st.sampled_from([Money("1"), Money("100.01")]),
        "amount_to": st.sampled_from([Money("100.01"), Money("5000")]),
        "amount_of": st.sampled_from(["planned", "signed"]),
        "visibility": st.sampled_from(["public", "pairing"]),
        "source": st.sampled_from(["日报", "网"]),
        "other_clauses": st.booleans(),
    },
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(many=st.lists(asked, min_size=1, max_size=8))
def test_matching_by_bits_finds_what_the_list_finds(db, many):
    with transaction.atomic():
        world = build()
        names = ["冷链园区", "冷链基地", "数控园", "论坛"]
        for n, name in enumerate(names * 3):
            world.project(
                f"{name}{n}",
                ["heilongjiang-guangdong", "daqing-huizhou", "shenyang-beijing", "qiqihar-guangzhou"][n % 4],
                clause=["3.2.1", "3.2.2", "3.4.2", "4.2"][n % 3],
                year=[None, 2016, 2018, 2019][n % 4],
                planned_amount=[None, Money("100.01"), Money("1"), Money("9000")][n % 4],
                signed_amount=[Money("100"), None][n % 2],
                state=[ProjectState.LEAD, ProjectState.SIGNED, ProjectState.STARTED][n % 3],
                visibility=[Visibility.PUBLIC, Visibility.PAIRING][n % 2],
                further_clauses=(world.clauses["3.4.2"],) if n % 5 == 0 else (),
                parties=(PartyDraft("冷链公司"),) if n % 2 else (),
                source_name=["黑龙江日报", "沈阳网", ""][n % 3],
            )
        clauses, pairings = list(Clause.objects.all()), pairings_of(world.programme)
        wanted = [
            ListFilter(
                **{
                    **one,
                    "pairing": world.pairings.get(one.get("pairing", "")),
                    "clause": world.clauses.get(one.get("clause", "")),
                    "region": world.regions.get(one.get("region", "")),
                }
            )
            for one in many
        ]
        given = {"programme_id": world.programme.pk, "pairings": pairings, "clauses": clauses}
        matcher = Matcher([needle_of(one, **given) for one in wanted])
        mine = Project.objects.filter(programme=world.programme)
        passed = {pk: matcher.passed(straw) for pk, straw in _straws(mine, clauses)}
        for at, one in enumerate(wanted):
            rows = list_query(actor=COMMAND, programme=world.programme, pairings=pairings, wanted=one)
            assert {pk for pk, bits in passed.items() if bits >> at & 1} == set(rows.values_list("pk", flat=True)), one
        transaction.set_rollback(True)


def test_many_peoples_sight_is_each_ones_sight(
    pair, shenyang_editor, beijing_lead, dalian_editor, cadre_officer, unit, member, coordinator, auditor, operator
):
    party = (PartyDraft("某单位", organisation_id=unit.organisation.pk),)
    register(pair, "单位参与的", parties=party)
    register(pair, "不公开的")
    register(pair, "公开的", visibility=Visibility.PUBLIC)
    people = (shenyang_editor, beijing_lead, dalian_editor, cadre_officer, unit, member, coordinator, auditor, operator)
    actors, among = [person.actor for person in people], Project.objects.all()
    found = sights(actors=actors, pairings=pairings_of(), among=among)
    for actor in actors:
        assert found[actor] == set(projects_visible(actor=actor).values_list("pk", flat=True)), actor.role


def test_following_by_the_pages(pair, beijing_editor, dalian_editor, client, query_counts):
    (one,) = register(pair, "园区")
    client.force_login(beijing_editor.account)
    assert "取消关注" not in client.get(f"/projects/{one.pk}/").content.decode()
    posted = {"what": "project", "project": one.pk, "next": f"/projects/{one.pk}/"}
    assert client.post("/projects/following/", posted)["Location"] == f"/projects/{one.pk}/"
    assert (
        client.post("/projects/following/", {**posted, "next": "//evil.example/"})["Location"] == "/projects/following/"
    )
    assert "取消关注" in client.get(f"/projects/{one.pk}/").content.decode()
    asked = f"/projects/?programme={pair.programme.code}&pairing={pair.code}&clause=3.2.2"
    assert "关注这一格" in client.get(asked).content.decode()
    client.post("/projects/following/", {"what": "cell", "pairing": pair.code, "clause": "3.2.2"})
    assert "取消关注" in client.get(asked).content.decode()
    view(beijing_editor, state="lead")
    with query_counts("projects.following"):
        page = client.get("/projects/following/").content.decode()
    assert page.count("园区") >= 1
    found = Subscription.objects.filter(account=beijing_editor.account).first()
    assert client.post(f"/projects/following/{found.pk}/mail/", {"mail": "now"}).status_code == 302
    assert client.post(f"/projects/following/{found.pk}/mail/", {"mail": "x"}).status_code == 400
    client.force_login(dalian_editor.account)
    assert client.post("/projects/following/", posted).status_code == 404
    assert client.post(f"/projects/following/{found.pk}/mail/", {"mail": "now"}).status_code == 404
    for ugly in ({}, {"what": "view", "view": "9" * 30}, {"what": "cell", "pairing": "\x00", "clause": "x"}):
        assert client.post("/projects/following/", ugly).status_code == 404
