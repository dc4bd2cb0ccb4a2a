"""Pages of projects, through the browser's eyes."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from duikou.kernel.actor import Actor
from duikou.kernel.money import Bound, Money
from duikou.programme.models import Pairing, ProjectKind, Region
from duikou.projects.forms import initial_of
from duikou.projects.models import Project
from duikou.projects.selectors import region_named
from duikou.projects.services.draft import PartyDraft, ProjectDraft, draft_of
from duikou.projects.services.near import near_projects
from duikou.projects.services.projects import project_create, project_update
from duikou.projects.states import ProjectState, Visibility
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(db):
    pairings = {
        pairing.code: pairing
        for pairing in Pairing.objects.select_related("programme", "first_region", "second_region")
    }

    def project(name="清华启迪科技城", pairing="shenyang-beijing", clause="3.2.2", **given):
        pair = pairings[pairing]
        draft = ProjectDraft(
            pair.programme, name, pair, pair.programme.clause_set.get(code=clause), pair.first_region, **given
        )
        return project_create(actor=Actor.command("tests"), draft=draft, partial=True)

    return project


def test_the_list_shows_what_one_sees_and_counts_it(client_for, dalian_editor, shenyang_editor, make):
    make("只有沈阳和北京知道")
    make("人人可见", visibility=Visibility.PUBLIC)
    mine = client_for(shenyang_editor).get("/projects/").content.decode()
    theirs = client_for(dalian_editor).get("/projects/").content.decode()
    assert "只有沈阳和北京知道" in mine
    assert "共2个项目" in mine
    assert "只有沈阳和北京知道" not in theirs
    assert "共1个项目" in theirs


def test_search_tells_a_stranger_nothing(client_for, dalian_editor, make):
    project = make("秘密项目")
    page = client_for(dalian_editor).get("/projects/", {"q": project.number}).content.decode()
    assert "秘密项目" not in page
    assert "共0个项目" in page


def test_filters_pages_and_order_stand_in_the_address(client_for, coordinator, make):
    for number in range(60):
        make(f"项目{number:02d}", signed_amount=Money(number) if number % 3 else None, year=2018 + number % 2)
    client = client_for(coordinator)
    first = client.get("/projects/", {"sort": "-signed", "year_from": 2018})
    page = first.context["page"]
    assert [project.name for project in page.rows][:2] == ["项目59", "项目58"]
    second = client.get("/projects/", {"sort": "-signed", "year_from": 2018, "cursor": page.next})
    names = [project.name for project in [*page.rows, *second.context["page"].rows]]
    assert sorted(names) == sorted(f"项目{number:02d}" for number in range(60))


@pytest.mark.parametrize(
    "query",
    ["cursor=garbage", "sort=nothing", "columns=nothing", "sort=-planned&cursor=x", "q=%FF%F0%9F%98%80", "q=%25_"],
)
def test_a_broken_address_still_answers(client_for, coordinator, make, query):
    make()
    assert client_for(coordinator).get(f"/projects/?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "year_from=abc",
        "pairing=nowhere",
        "clause=9.9.9",
        "state=flying",
        "region=无此地",
        "amount_from=-5",
        "kind=x",
        "q=%00",
    ],
)
def test_a_filter_that_cannot_be_read_is_named_and_shows_nothing(client_for, coordinator, make, query):
    make()
    client = client_for(coordinator)
    answer = client.get(f"/projects/?{query}")
    assert answer.status_code == 400
    assert answer.context["filters"].form.errors
    assert answer.context["page"].rows == []
    assert client.get(f"/projects/export/?{query}").status_code == 400


def test_the_export_is_exactly_what_is_shown(client_for, coordinator, make):
    make('=HYPERLINK("http://x")', signed_amount=Money("12345.67"), signed_bound=Bound.ABOUT)
    make("另一个", year=2019)
    make("不在其中", clause="3.2.1")
    query = {"clause": "3.2.2", "sort": "name", "columns": ["name", "signed", "bounds", "year"]}
    client = client_for(coordinator)
    shown = [project.name for project in client.get("/projects/", query).context["page"].rows]
    answer = client.get("/projects/export/", query)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    header, *rows = sheet.to_python()
    assert header == ["项目名称", "年份", "签约金额（万元）", "金额口径"]
    assert [row[0] for row in rows] == shown
    assert sorted(shown) == sorted(['=HYPERLINK("http://x")', "另一个"])
    assert [row[2] for row in rows if row[2] != ""] == [1.234567]


def test_the_parties_of_each_project_stand_in_list_and_export_as_they_were_entered(client_for, coordinator, make):
    for name, parties in (("甲项目", "丙厂 甲厂 “乙”厂"), ("乙项目", ""), ("丙项目", "甲厂")):
        make(name, parties=tuple(PartyDraft(one) for one in parties.split()))
    client = client_for(coordinator)
    query = {"sort": "name", "columns": ["name", "parties"]}
    page = client.get("/projects/", query).content.decode()
    assert "丙厂；甲厂；“乙”厂" in page
    book = b"".join(client.get("/projects/export/", query).streaming_content)
    _header, *rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert {name: said for name, said, *_rest in rows} == {
        "甲项目": "丙厂；甲厂；“乙”厂",
        "乙项目": "",
        "丙项目": "甲厂",
    }


def test_a_stranger_finds_nothing_and_a_colleague_is_told_why(client_for, dalian_editor, ministry, make):
    project = make()
    assert client_for(dalian_editor).get(f"/projects/{project.pk}/").status_code == 404
    assert client_for(dalian_editor).get(f"/projects/{project.pk}/edit/").status_code == 404
    answer = client_for(ministry).get(f"/projects/{project.pk}/edit/")
    assert answer.status_code == 403
    assert "由两侧的对口合作办公室填报" in answer.content.decode()


def test_an_operator_reads_business_data_only_in_admin_mode(client_for, operator, make):
    make()
    answer = client_for(operator).get("/projects/")
    assert answer.status_code == 403
    assert "管理模式" in answer.content.decode()


def test_a_project_is_registered_corrected_and_moved_by_hand(client_for, shenyang_editor):
    client = client_for(shenyang_editor)
    kind = ProjectKind.objects.filter(programme__code="northeast-east-2017").first()
    assert client.get("/projects/new/").status_code == 200
    assert client.get("/projects/new/", {"kind": kind.code}).status_code == 200
    data = {
        "name": "手工登记的项目",
        "pairing": "shenyang-beijing",
        "clause": "3.2.2",
        "state": "negotiating",
        "planned_amount": "约3亿元",
        "parties": "启迪控股 | 乙 | 投资\n沈河区政府 | 甲",
        "visibility": "pairing",
    }
    answer = client.post("/projects/new/?kind=", data)
    project = Project.objects.get(name="手工登记的项目")
    assert answer.status_code == 302
    assert (project.planned_amount, project.planned_bound) == (Money("300000000"), Bound.ABOUT)
    assert project.parties.count() == 2
    again = client.post("/projects/new/?kind=", data)
    assert again.status_code == 409
    assert project.number in again.content.decode()
    step = client.post(f"/projects/{project.pk}/step/sign/", {"version": 1})
    assert step.status_code == 400
    assert "请填写这一步发生的日期" in step.content.decode()
    client.post(f"/projects/{project.pk}/step/sign/", {"version": 1, "state_as_of": "2024-05-01"})
    project.refresh_from_db()
    assert project.state == ProjectState.SIGNED
    page = client.get(f"/projects/{project.pk}/").content.decode()
    assert "开工" in page
    assert "2024-05-01" in page


def test_a_stale_save_shows_both_versions(client_for, shenyang_editor, make):
    project = make()
    client = client_for(shenyang_editor)
    form = client.get(f"/projects/{project.pk}/edit/").context["form"]
    data = {name: value for name, field in form.fields.items() if (value := form.get_initial_for_field(field, name))}
    other = replace(draft_of(project), description="对方写的话")
    project_update(actor=Actor.command("tests"), project_id=project.pk, version=1, draft=other)
    answer = client.post(f"/projects/{project.pk}/edit/", {**data, "description": "我写的话"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "对方写的话" in text
    assert "我写的话" in text
    assert Project.objects.get(pk=project.pk).description == "对方写的话"


def test_faults_come_back_at_their_fields(client_for, shenyang_editor):
    answer = client_for(shenyang_editor).post(
        "/projects/new/?kind=",
        {
            "name": "错",
            "pairing": "shenyang-beijing",
            "clause": "3.2.2",
            "state": "lead",
            "visibility": "public",
            "planned_amount": "三个亿吧",
            "project_code": "123",
            "industry": "ZZ99",
            "first_region": "无此地",
            "parties": "某公司 | 丙",
        },
    )
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"planned_amount", "industry", "first_region", "parties"}


def test_the_old_address_of_a_merged_project_leads_on(client_for, shenyang_editor, dalian_editor, make):
    kept, duplicate = make("保留"), make("重复")
    client = client_for(shenyang_editor)
    client.post(f"/projects/{duplicate.pk}/merge/", {"version": 1, "kept": kept.number, "reason": "同一项目"})
    answer = client.get(f"/projects/{duplicate.pk}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/projects/{kept.pk}/")
    assert client_for(dalian_editor).get(f"/projects/{duplicate.pk}/").status_code == 404


def test_merging_into_what_one_may_not_know_says_it_is_not_there(client_for, shenyang_editor, make):
    own, strange = make("自己的"), make("别人的", pairing="dalian-shanghai")
    answer = client_for(shenyang_editor).post(
        f"/projects/{own.pk}/merge/", {"version": 1, "kept": strange.number, "reason": ""}
    )
    assert answer.status_code == 400
    assert "没有找到这个项目" in answer.content.decode()


def test_queries_do_not_grow_with_rows(client_for, coordinator, make, query_counts):
    client = client_for(coordinator)
    for number in range(3):
        make(f"项目{number}")
    client.get("/projects/")
    with query_counts("projects.list"):
        client.get("/projects/")
    for number in range(20):
        make(f"又一个{number}", pairing="harbin-shenzhen")
    with query_counts("projects.list"):
        client.get("/projects/")
    with query_counts("projects.page"):
        client.get(f"/projects/{Project.objects.first().pk}/")


def test_the_wordings_are_read_by_all_and_edited_by_the_coordinator(client_for, coordinator, ministry):
    assert client_for(ministry).get("/projects/wordings/").status_code == 200
    assert client_for(ministry).post("/projects/wordings/", {"wording": "奠基"}).status_code == 403
    answer = client_for(coordinator).post("/projects/wordings/", {"wording": "奠基", "state": "started"})
    assert answer.status_code == 302


def test_the_form_writes_a_place_so_that_its_namesakes_are_not_taken_for_it(make):
    twins = list(Region.objects.filter(name="铁西区"))
    assert len(twins) > 1
    for twin in twins:
        project = make(f"铁西项目{twin.adcode}")
        project.first_region = twin
        assert region_named(initial_of(project)["first_region"]) == twin


def test_kinds_stand_under_their_chapter_with_their_clause(client_for, shenyang_editor):
    chapters = client_for(shenyang_editor).get("/projects/new/").context["chapters"]
    assert [chapter.code for chapter, _ in chapters] == ["3.1", "3.2", "3.3", "3.4"]
    kinds = [kind for _, placed in chapters for kind, _ in placed]
    assert len(kinds) == ProjectKind.objects.filter(programme__code="northeast-east-2017", retired_in=None).count()
    assert all(clause.parent == chapter for chapter, placed in chapters for _, clause in placed)


def test_the_list_leads_to_imports_whoever_may_bring_files(client_for, shenyang_editor, ministry):
    assert 'href="/imports/"' in client_for(shenyang_editor).get("/projects/").content.decode()
    assert 'href="/imports/"' not in client_for(ministry).get("/projects/").content.decode()


def test_a_new_project_stands_under_the_clause_of_its_kind_and_under_no_pairing_by_chance(client_for, shenyang_editor):
    client = client_for(shenyang_editor)
    form = client.get("/projects/new/", {"kind": "investment_emerging"}).context["form"]
    assert form["clause"].value() == "3.2.2"
    assert form.fields["pairing"].choices[0][0] == ""
    bare = client.post("/projects/new/?kind=", {"name": "无条款", "state": "lead", "visibility": "pairing"})
    assert bare.status_code == 400
    assert {"pairing", "clause"} <= set(bare.context["form"].errors)


def test_a_name_written_much_alike_is_asked_about_as_an_import_would(client_for, shenyang_editor, make):
    known = make("沈阳机床智能制造项目", year=2019)
    make("沈阳机床智能制造二期项目")
    data = {
        "name": "沈阳机床集团智能制造产业园项目",
        "pairing": "shenyang-beijing",
        "clause": "3.2.2",
        "state": "lead",
        "visibility": "pairing",
    }
    client = client_for(shenyang_editor)
    asked = client.post("/projects/new/?kind=", data)
    assert asked.status_code == 409
    assert [project.pk for project in asked.context["alike"]] == [known.pk]
    assert client.post("/projects/new/?kind=", data | {"another": "1"}).status_code == 302
    trail = AuditEvent.objects.filter(action="projects.project.created").latest("pk")
    assert "不是同一个" in trail.reason


def test_who_cannot_see_a_project_is_not_told_of_one_written_alike(dalian_editor, make):
    known = make("沈阳机床智能制造项目")
    alike = near_projects(
        actor=dalian_editor.actor, programme=known.programme, pairing=known.pairing, name="沈阳机床智能制造基地项目"
    )
    assert alike == []


def test_looking_for_names_written_alike_costs_the_same_however_many_there_are(make, django_assert_num_queries):
    known = make("沈阳机床智能制造项目")
    for number in range(30):
        make(f"沈阳机床智能制造{number}号车间")
    actor, pairing = Actor.command("tests"), Pairing.objects.select_related("parent").get(pk=known.pairing_id)
    with django_assert_num_queries(5):
        alike = near_projects(actor=actor, programme=known.programme, pairing=pairing, name="沈阳机床集团智能制造项目")
    assert alike[0] == known


def test_contested_projects_are_marked_filtered_and_exported(client_for, shenyang_editor, make):
    quiet, contested = make("安静的项目"), make("有争议的项目")
    Project.objects.filter(pk=contested.pk).update(opinion="contested")
    client = client_for(shenyang_editor)
    page = client.get("/projects/").content.decode()
    assert page.count("有异议") - page.count("对方有异议") == 1
    narrowed = client.get("/projects/", {"opinion": "contested"}).content.decode()
    assert contested.name in narrowed
    assert quiet.name not in narrowed
    book = b"".join(client.get("/projects/export/", {"opinion": "contested", "columns": "opinion"}).streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert any("对方有异议" in row for row in rows)
