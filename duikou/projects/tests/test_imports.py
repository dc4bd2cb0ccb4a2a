"""Cooperation records coming in: the 101 real rows, and rows made to be difficult."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings

from duikou.intake.models import ImportDecision, ImportFinding, ImportRun
from duikou.intake.services import stage
from duikou.intake.services.decisions import decisions_make, decisions_make_all
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Conflict, Forbidden, Invalid
from duikou.kernel.money import Money
from duikou.projects.models import Project, ReportedStatistic
from duikou.projects.services.summaries import summary_verify
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
REAL = settings.BASE_DIR / "packs" / "demo" / "cooperation-records.csv"
HEAD = "项目名称,东北方,东部方,结对,任务条款,计划投资(万元),年份,状态,来源,备注\n"
Load = Callable[..., ImportRun]


def work(run: ImportRun) -> None:
    """Do what is queued for a run, as the worker would (which on PostgreSQL closes the test's own connection)."""
    from duikou.intake.services.check import run_check
    from duikou.intake.services.commit import run_commit

    run_check(run_id=run.pk)
    run_commit(run_id=run.pk)
    run.refresh_from_db()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def load() -> Load:
    """Bring a file through dry run and, unless there are errors or open decisions, commit."""

    def run(data: str | bytes, *, actor: Actor | None = None, name: str = "记录.csv", commit: bool = True) -> ImportRun:
        who = actor or Actor.command("tests")
        payload = data if isinstance(data, bytes) else data.encode()
        made = run_upload(actor=who, kind="records", name=name, pieces=[payload])
        run_start_check(actor=who, uid=str(made.uid))
        work(made)
        assert made.state == "checked", made.notice
        if commit:
            run_start_commit(actor=who, uid=str(made.uid))
            work(made)
            assert made.state == "committed", made.notice
        return made

    return run


def problems(run: ImportRun) -> list[tuple[int, str, str]]:
    return list(ImportFinding.objects.filter(run=run).values_list("row", "letter", "code"))


def test_the_real_records_come_in_whole_and_only_once(load: Load) -> None:
    run = load(REAL.read_bytes())
    assert run.mapping["0"] == dict(
        zip(
            map(str, range(10)),
            ["name", "first", "second", "pairing", "clause", "planned", "year", "state", "source", "note"],
            strict=True,
        )
    )
    assert run.error_count == 0
    assert run.counters == {"new": 68, "aside": 33}
    assert Project.objects.count() == 68
    assert summary_verify().wrong == ()
    assert AuditEvent.objects.filter(action="projects.project.created").count() == 68
    assert not Project.objects.filter(source_name="").exists()
    again = load(REAL.read_bytes())
    assert again.counters == {"same": 101}
    assert again.result.get("新增项目", 0) == 0
    assert Project.objects.count() == 68


def test_aggregates_never_enter_the_sums_of_projects(load: Load) -> None:
    load(REAL.read_bytes())
    assert not Project.objects.filter(name__contains="合作项目119个").exists()
    deep = ReportedStatistic.objects.filter(title="深哈合作项目119个")
    assert {row.measure: (row.value, row.amount) for row in deep} == {
        "projects": (119, None),
        "planned": (None, Money("113680000000")),
        "completed": (None, Money("41040000000")),
    }
    bounds = dict(ReportedStatistic.objects.filter(measure__in=["planned", "signed"]).values_list("title", "bound"))
    assert bounds["龙粤合作项目290个"] == "about"
    assert bounds["中关村企业沈阳行6个共建项目"] == "at_least"
    assert bounds["十四五以来合作项目投资超7000亿元"] == "at_least"
    assert bounds["苏企辽宁行33个项目"] == "at_least"
    assert ReportedStatistic.objects.get(title="九台赴津签约22个项目", measure="projects").bound == "exact"
    whole = ReportedStatistic.objects.get(title="合作项目849个")
    assert whole.pairing is None
    assert str(whole.as_of) == "2019-04-30"
    people = ReportedStatistic.objects.get(title="互送游客超2600万人次")
    assert (people.value, people.bound, people.unit) == (26_000_000, "at_least", "人次")


def test_states_clauses_regions_and_years_are_read_as_the_source_writes_them(load: Load) -> None:
    load(REAL.read_bytes())
    park = Project.objects.select_related("clause", "pairing", "first_region").get(name="深圳(哈尔滨)产业园区")
    assert (park.state, park.state_wording, park.clause.code) == ("in_production", "已签协议/运营", "3.4.2")
    assert park.planned_amount is None
    assert Project.objects.get(name="东方雨虹辽宁区域总部").year is None
    yanbian = Project.objects.select_related("pairing", "first_region").get(name="敦化学生配餐(康喜乐嘉)")
    assert yanbian.pairing.code == "yanbian-ningbo"
    assert (yanbian.planned_amount, yanbian.planned_bound) == (Money("40000000"), "at_least")
    lead = Project.objects.get(name="清华启迪科技城(沈河)")
    assert (lead.state, lead.signed_amount, lead.planned_amount) == ("negotiating", None, Money("3000000000"))
    sale = Project.objects.get(name="上海新春农产品大联展大连7家单位")
    assert sale.planned_amount is None


def test_the_partner_brings_the_same_projects_and_they_count_once(
    load: Load, shenyang_editor: Any, beijing_editor: Any
) -> None:
    rows = [row for row in csv.reader(io.StringIO(REAL.read_text("utf-8-sig"))) if row[3] == "沈阳-北京"]
    rows = [row for row in rows if not row[0].startswith("【")]
    ours, theirs = io.StringIO(), io.StringIO()
    csv.writer(ours).writerows([HEAD.strip().split(","), *rows])
    turned = [[row[0], row[2], row[1], "北京市—沈阳市", *row[4:]] for row in rows]
    csv.writer(theirs).writerows([["名称", "甲方", "乙方", "对口关系", *HEAD.strip().split(",")[4:]], *turned])
    load(ours.getvalue(), actor=shenyang_editor.actor)
    assert Project.objects.filter(reported_by_first_at__isnull=False).count() == len(rows)
    run = load(theirs.getvalue().encode("gbk"), actor=beijing_editor.actor)
    assert run.counters == {"same": len(rows)}
    assert Project.objects.count() == len(rows)
    assert Project.objects.filter(reported_by_second_at__isnull=False).count() == len(rows)
    assert summary_verify().wrong == ()


def test_names_written_a_little_differently_wait_for_a_decision(load: Load) -> None:
    load(HEAD + "深圳（哈尔滨）数字经济产业园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,,2019,签约,报,\n")
    lines = [
        "深圳(哈尔滨)数字经济产业园项目,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,500,2020,签约,报,\n",
        "深圳哈尔滨 数字经济产业园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,,2019,签约,报,\n",
        "深圳(哈尔滨)数字经济产业园二期,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,,2019,签约,报,\n",
        "深圳(哈尔滨)数字经济产业园项目,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,,2025,签约,报,\n",
    ]
    run = load(HEAD + "".join(lines), commit=False)
    assert [row.fate for row in stage.page(run.uid, "all", 0, 100)] == ["near", "same", "new", "new"]
    decision = ImportDecision.objects.get(run=run)
    assert decision.candidates[0]["score"] >= 90
    who = Actor.command("tests")
    decisions_make_all(actor=who, uid=str(run.uid), choice="update")
    run_start_commit(actor=who, uid=str(run.uid))
    work(run)
    assert Project.objects.count() == 3
    assert Project.objects.get(name="深圳（哈尔滨）数字经济产业园").planned_amount == Money("5000000")
    assert summary_verify().wrong == ()


def test_every_error_says_where_and_why(load: Load) -> None:
    lines = [
        "甲园,哈尔滨市,深圳市,哈尔滨-深圳,9.9.9,,2019,签约,报,\n",
        "乙园,哈尔滨市,深圳市,火星-金星,3.4.2,,2019,签约,报,\n",
        "丙园,沈阳市,深圳市,哈尔滨-深圳,3.4.2,,2019,签约,报,\n",
        "丁园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,很多钱,二〇一九,签约,报,\n",
        "戊园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,-5,2019,签约了吧,报,\n",
        ",哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,,2019,签约,报,\n",
        "己园,哈尔滨市,深圳市,哈尔滨-深圳,,,2019,签约,报,\n",
        "庚园,不存在市,深圳市,哈尔滨-深圳,3.4.2,,2019,签约,报,\n",
    ]
    run = load(HEAD + "".join(lines), commit=False)
    assert sorted(problems(run)) == [
        (2, "E", "clause"),
        (3, "D", "pairing"),
        (4, "B", "region_outside"),
        (5, "F", "unreadable"),
        (5, "G", "unreadable"),
        (6, "F", "negative"),
        (6, "H", "state_unknown"),
        (7, "A", "missing"),
        (8, "E", "clause"),
        (9, "B", "region"),
    ]
    assert run.counters == {"error": 8}
    assert Project.objects.count() == 0


def test_units_stand_in_the_header_or_in_the_cell(load: Load) -> None:
    head = HEAD.replace("(万元)", "（亿元）")
    lines = ["甲园,,,哈尔滨-深圳,三（二）2,近3,2019,签约,报,\n", "乙园,,,哈尔滨-深圳,3.2.2,500万元,2019,签约,报,\n"]
    load(head + "".join(lines))
    assert Counter(Project.objects.values_list("name", "planned_amount", "planned_bound")) == Counter(
        [("甲园", Money("300000000"), "about"), ("乙园", Money("5000000"), "exact")]
    )


def test_rows_of_other_regions_are_refused_with_the_reason(load: Load, shenyang_editor: Any) -> None:
    run = load(HEAD + "甲园,大连市,上海市,大连-上海,3.4.2,,2019,签约,报,\n", actor=shenyang_editor.actor, commit=False)
    assert problems(run) == [(2, "", "not_yours")]


def test_the_same_row_twice_in_one_file_is_one_project(load: Load) -> None:
    line = "甲园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,,2019,签约,报,\n"
    run = load(HEAD + line + line)
    assert run.counters == {"new": 1, "same": 1}
    assert Project.objects.count() == 1


def test_the_number_of_queries_does_not_grow_with_the_rows(load: Load, django_assert_max_num_queries: Any) -> None:
    from duikou.intake.services.check import run_check
    from duikou.intake.services.commit import run_commit

    lines = "".join(f"第{i}产业园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,{i},2019,签约,报,\n" for i in range(1200))
    run = run_upload(actor=Actor.command("t"), kind="records", name="t.csv", pieces=[(HEAD + lines).encode()])
    ImportRun.objects.filter(pk=run.pk).update(state="checking")
    with django_assert_max_num_queries(45):
        run_check(run_id=run.pk)
    ImportRun.objects.filter(pk=run.pk).update(state="committing")
    with django_assert_max_num_queries(60):
        run_commit(run_id=run.pk)
    assert Project.objects.count() == 1200
    assert summary_verify().wrong == ()


def test_a_row_with_several_figures_is_one_row_and_several_statements(load: Load) -> None:
    line = "【干部】甲乙互派挂职41人次、学习培训677人次,哈尔滨市,深圳市,哈尔滨-深圳,四(三),,2024,累计,报,\n"
    run = load(HEAD + line)
    assert run.counters == {"aside": 1}
    assert any("2 项数据" in note for row in stage.page(run.uid, "all", 0, 100) for note in row.notes)
    before = list(ReportedStatistic.objects.values_list("id", "figure", "label", "value").order_by("id"))
    assert [row[1:] for row in before] == [(0, "甲乙互派挂职", 41), (1, "学习培训", 677)]
    assert load(HEAD + line).counters == {"same": 1}
    assert list(ReportedStatistic.objects.values_list("id", "figure", "label", "value").order_by("id")) == before


def test_plans_tasks_and_mechanisms_are_no_projects(load: Load) -> None:
    load(REAL.read_bytes())
    for title in ("2020年沪连重点工作计划", "辽苏三项机制", "2018年度30项重点任务完成29项"):
        assert not Project.objects.filter(name=title).exists()
        assert ReportedStatistic.objects.filter(title=title).exists()


def test_kinds_come_from_the_words_of_the_pack_and_the_row_says_so(load: Load) -> None:
    run = load(REAL.read_bytes())
    kinds = dict(Project.objects.values_list("name", "kind__code"))
    assert kinds["深圳-哈尔滨对口交流会"] == "event"
    assert kinds["齐齐哈尔—广州航线恢复开通"] == "transport_link"
    assert kinds["深圳(哈尔滨)产业园区"] == "park"
    assert kinds["达斡尔文化产业基金(广州粤旺)"] == "fund"
    assert kinds["牡丹江—松山湖高新区产业协同发展框架协议"] == "agreement"
    assert kinds["深圳(哈尔滨)产业园投资开发有限公司"] is None
    assert kinds["北汽新能源—华晨金杯合作"] is None
    assert Project.objects.get(name="齐齐哈尔—广州航线恢复开通").extra == {"mode": "flight"}
    notes = {row.label: row.notes for row in stage.page(run.uid, "all", 0, 100)}
    assert notes["深圳(哈尔滨)产业园区"] == ["类别：由名称中的“园”得出“共建合作园区”。"]


def test_a_kind_found_by_its_word_does_not_stop_a_later_file_from_filling_gaps(load: Load) -> None:
    load(HEAD + "甲乙数字经济产业园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,,2019,签约,报,\n")
    lines = "甲乙数字经济产业园项目,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,500,2020,签约,报,\n"
    run = load(HEAD + lines, commit=False)
    who = Actor.command("tests")
    decisions_make_all(actor=who, uid=str(run.uid), choice="update")
    run_start_commit(actor=who, uid=str(run.uid))
    work(run)
    assert run.state == "committed", run.notice
    found = Project.objects.get()
    assert (found.kind.code if found.kind else None, found.planned_amount) == ("park", Money("5000000"))


def test_published_sources_may_come_in_public_but_only_by_who_may_publish(
    load: Load, shenyang_editor: Any, shenyang_lead: Any
) -> None:
    lines = HEAD + "甲园,沈阳市,北京市,沈阳-北京,3.4.2,,2019,签约,报,\n"
    asked = {"kind": "records", "name": "a.csv", "pieces": [lines.encode()], "options": {"visibility": "public"}}
    with pytest.raises(Forbidden, match="负责人"):
        run_upload(actor=shenyang_editor.actor, **asked)
    run = run_upload(actor=shenyang_lead.actor, **asked)
    ImportRun.objects.filter(pk=run.pk).update(membership=shenyang_editor.membership, state="checking")
    work(run)
    assert (run.state, "负责人" in run.notice) == ("failed", True)
    run = run_upload(actor=shenyang_lead.actor, **asked)
    run_start_check(actor=shenyang_lead.actor, uid=str(run.uid))
    work(run)
    run_start_commit(actor=shenyang_lead.actor, uid=str(run.uid))
    work(run)
    assert Project.objects.get().visibility == "public"
    assert run.options["visibility"] == "public"
    assert summary_verify().wrong == ()
    told = AuditEvent.objects.filter(action="intake.run.committed").latest("id")
    assert told.after["visibility"] == "public"
    column = (HEAD.strip() + ",可见范围\n") + "乙园,沈阳市,北京市,沈阳-北京,3.4.2,,2019,签约,报,,公开\n"
    assert problems(load(column, actor=shenyang_editor.actor, commit=False)) == [(2, "K", "publish")]


def test_without_the_choice_what_comes_in_stays_with_the_pairing(load: Load) -> None:
    load(HEAD + "甲园,沈阳市,北京市,沈阳-北京,3.4.2,,2019,签约,报,\n")
    assert Project.objects.get().visibility == "pairing"


def findings(run: ImportRun) -> list[tuple[int, str, str]]:
    """Row, code and grade of everything found."""
    return list(ImportFinding.objects.filter(run=run).order_by("id").values_list("row", "code", "severity"))


def test_one_project_with_two_amounts_in_one_file_is_pointed_at(load: Load) -> None:
    line = "甲园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,%s,2019,签约,报,\n"
    run = load(HEAD + line % "1200" + line % "9999")
    assert findings(run) == [(3, "twice", "warning")]
    assert Project.objects.get().planned_amount == Money("12000000")


def test_the_same_place_on_two_sheets_is_one_project(load: Load) -> None:
    import xlsxwriter

    page = io.BytesIO()
    book = xlsxwriter.Workbook(page)
    for name in ("上半年", "下半年"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, HEAD.strip().split(","))
        sheet.write_row(1, 0, ["甲园", "哈尔滨市", "深圳市", "哈尔滨-深圳", "3.4.2", 1200, 2019, "签约", "报", ""])
    book.close()
    run = load(page.getvalue(), name="两页.xlsx")
    assert run.counters == {"new": 1, "same": 1}
    assert "“上半年”第 2 行" in ImportFinding.objects.get(run=run).reason
    assert Project.objects.count() == 1


def test_another_amount_than_the_recorded_one_is_told_in_plain_figures(load: Load) -> None:
    line = "甲园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,%s,2019,签约,报,\n"
    load(HEAD + line % "800")
    run = load(HEAD + line % "999", commit=False)
    assert "（800 万元）" in ImportFinding.objects.get(run=run, code="differs").reason


def test_a_row_without_any_place_is_told_what_is_missing(load: Load) -> None:
    run = load(HEAD + "甲园,,,,3.4.2,1200,2019,签约,报,\n", commit=False)
    found = ImportFinding.objects.get(run=run, severity="error")
    assert "必填" in found.reason
    assert "“-”" not in found.reason


@pytest.mark.parametrize(
    ("header", "cents"),
    [
        ("计划投资(CNY 100m)", 300_000_000_00),
        ("计划投资(RMB million)", 3_000_000_00),
        ("计划投资(CNY 10k)", 30_000_00),
        ("计划投资(yuan)", 3_00),
        ("计划投资(亿)", 300_000_000_00),
        ("计划投资", 30_000_00),
    ],
)
def test_the_unit_of_a_header_counts_in_either_language(load: Load, header: str, cents: int) -> None:
    head = HEAD.replace("计划投资(万元)", header)
    load(head + "甲园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,3,2019,签约,报,\n")
    assert Project.objects.get().planned_amount == Money.from_cents(cents)


def test_a_file_with_nothing_but_its_header_is_not_written(load: Load) -> None:
    run = load(HEAD, commit=False)
    with pytest.raises(Conflict) as refused:
        run_start_commit(actor=Actor.command("tests"), uid=str(run.uid))
    assert "没有数据行" in refused.value.message


@pytest.mark.parametrize("header", ["计划投资(万美元)", "计划投资(USD million)", "计划投资（亿欧元）", "计划投资(HK$)"])
def test_money_of_another_currency_is_never_taken_for_yuan(load: Load, header: str) -> None:
    head = HEAD.replace("计划投资(万元)", header)
    run = load(head + "甲园,哈尔滨市,深圳市,哈尔滨-深圳,3.4.2,3,2019,签约,报,\n", commit=False)
    found = ImportFinding.objects.get(run=run)
    assert (found.row, found.letter, found.severity) == (2, "F", "error")
    assert "人民币" in found.reason


def test_ten_million_is_a_unit_of_headers_and_of_cells(load: Load) -> None:
    head = HEAD.replace("计划投资(万元)", "计划投资(千万元)")
    places = "哈尔滨市,深圳市,哈尔滨-深圳,3.4.2"
    load(head + f"甲园,{places},3,2019,签约,报,\n乙城,{places},约5千万元,2019,签约,报,\n")
    assert {p.name: p.planned_amount for p in Project.objects.all()} == {
        "甲园": Money("30000000"),
        "乙城": Money("50000000"),
    }


def test_rows_of_one_file_written_alike_wait_for_a_decision(load: Load) -> None:
    alike = (
        HEAD
        + "沈阳机床智能制造项目,沈阳市,北京市,,3.2.1,100,2019,已签约,甲,\n"
        + "沈阳机床集团智能制造产业园项目,沈阳市,北京市,,3.2.1,100,2019,已签约,甲,\n"
        + "沈阳机床智能制造二期项目,沈阳市,北京市,,3.2.1,100,2019,已签约,甲,\n"
        + "长春轨道客车检修基地,长春市,天津市,,3.2.1,100,2019,已签约,甲,\n"
    )
    run = load(alike, commit=False)
    assert run.counters == {"new": 3, "near": 1}
    waiting = ImportDecision.objects.get(run=run)
    assert waiting.row == 3
    assert [(c["id"], c["label"]) for c in waiting.candidates] == [("row:0-2", "沈阳机床智能制造项目")]
    assert "第 2 行" in waiting.candidates[0]["detail"]
    actor = Actor.command("tests")
    with pytest.raises(Invalid, match="还没有登记"):
        decisions_make(actor=actor, uid=str(run.uid), choices={waiting.index: ("update", "row:0-2")})
    assert decisions_make_all(actor=actor, uid=str(run.uid), choice="update") == 0
    decisions_make_all(actor=actor, uid=str(run.uid), choice="same")
    run_start_commit(actor=actor, uid=str(run.uid))
    work(run)
    assert run.state == "committed", run.notice
    assert Project.objects.count() == 3


def test_many_rows_written_alike_are_not_compared_each_with_each(load: Load) -> None:
    rows = "".join(
        f"沈阳机床智能{chr(0x4E00 + n)}{chr(0x5E00 + 7 * n)}{chr(0x6E00 + 3 * n)}厂,沈阳市,北京市,,3.2.1,1,2019,,甲,\n"
        for n in range(300)
    )
    assert load(HEAD + rows, commit=False).state == "checked"


@pytest.mark.parametrize(
    ("written", "day"),
    [("2019年底", "2019-12-31"), ("2019年上半年", "2019-06-30"), ("2019", "2019-12-31"), ("2019年5月", "2019-05-31")],
)
def test_a_period_is_taken_at_its_end_and_the_row_says_so(load: Load, written: str, day: str) -> None:
    head = HEAD.replace("备注", "状态日期")
    run = load(f"{head}某某产业园,沈阳市,北京市,,3.2.1,二十万元,2019年底,已签约,甲,{written}\n")
    project = Project.objects.get()
    assert (str(project.state_as_of), project.year, project.planned_amount) == (day, 2019, Money(200_000))
    assert any(day in note for row in stage.page(run.uid, "all", 0, 100) for note in row.notes)


def test_ranges_are_refused_with_how_to_write_them(load: Load) -> None:
    head = HEAD.replace("备注", "状态日期")
    run = load(f"{head}某某产业园,沈阳市,北京市,,3.2.1,3-5亿元,2018-2020,已签约,甲,2018-2019年\n", commit=False)
    reasons = " ".join(ImportFinding.objects.filter(run=run).values_list("reason", flat=True))
    assert run.error_count == 3
    assert all(word in reasons for word in ("以上", "开始的一年", "截止的一天"))
    with pytest.raises(Conflict, match="没有一行可以写入"):
        run_start_commit(actor=Actor.command("tests"), uid=str(run.uid), leave_errors=True)


def formatted(header: str, code: str, value: float) -> bytes:
    """A workbook with one project whose planned amount has a number format."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["项目名称", "东北方", "东部方", "任务条款", header])
    sheet.append(["某某产业园", "沈阳市", "北京市", "3.2.1", value])
    sheet["E2"].number_format = code
    sheet.column_dimensions["E"].hidden = True
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("header", "code", "value", "cents"),
    [
        ("计划投资", '0.00"亿元"', 3.5, 350_000_000_00),
        ("计划投资（亿元）", '0.00"亿元"', 3.5, 350_000_000_00),
        ("计划投资（万元）", '0.00"万元"', 20, 200_000_00),
        ("计划投资（万元）", "#,##0.00", 20, 200_000_00),
        ("计划投资", '0!.0,"万元"', 123456, 123_456_00),
    ],
)
def test_a_unit_in_the_number_format_is_understood(
    load: Load, header: str, code: str, value: float, cents: int
) -> None:
    load(formatted(header, code, value), name="表.xlsx")
    assert Project.objects.get().planned_amount == Money.from_cents(cents)


@pytest.mark.parametrize(
    ("header", "code", "said"), [("计划投资（万元）", '0.00"亿元"', "数字格式"), ("计划投资（万元）", "0%", "百分比")]
)
def test_a_number_format_that_contradicts_the_column_is_refused(load: Load, header: str, code: str, said: str) -> None:
    run = load(formatted(header, code, 0.35), name="表.xlsx", commit=False)
    assert said in ImportFinding.objects.get(run=run, severity="error").reason


def test_hidden_columns_are_named_before_anything_is_read(load: Load) -> None:
    made = run_upload(
        actor=Actor.command("tests"), kind="records", name="表.xlsx", pieces=[formatted("计划投资", "0", 2)]
    )
    assert made.tables[0]["hidden"] == [4]
    assert "E 计划投资" in made.notice


def test_an_address_without_its_scheme_is_completed(load: Load) -> None:
    head = HEAD.replace("备注", "来源网址")
    load(f"{head}某某产业园,沈阳市,北京市,,3.2.1,1,2019,已签约,甲,www.example.com/a?b=1\n")
    assert Project.objects.get().source_url == "https://www.example.com/a?b=1"


def test_planned_days_and_the_parent_come_in_and_the_state_leaves_its_day(load: Load) -> None:
    load(HEAD + "总体工程,沈阳,北京,,3.2.2,100,2019,储备,来源,\n")
    top = Project.objects.get(name="总体工程")
    assert not top.steps.exists()
    head = "项目名称,东北方,东部方,任务条款,状态,状态日期,计划开工日期,计划完工日期,所属项目\n"
    load(f"{head}一标段桥梁,沈阳,北京,3.2.2,已签约,2019-05-09,2019年6月,2020年底,{top.number}\n")
    part = Project.objects.get(name="一标段桥梁")
    assert (part.parent_id, str(part.planned_start), str(part.planned_finish)) == (top.pk, "2019-06-01", "2020-12-31")
    assert [(s.verb, s.to_state, str(s.taken_on)) for s in part.steps.all()] == [("import", "signed", "2019-05-09")]
    event = AuditEvent.objects.get(subject_kind="projects.project", subject_id=str(part.pk))
    assert (event.after["parent"], event.after["planned_finish"]) == (top.number, "2020-12-31")


def test_a_parent_that_is_not_there_and_days_out_of_order_are_refused(load: Load) -> None:
    head = "项目名称,东北方,东部方,任务条款,计划开工日期,计划完工日期,所属项目\n"
    rows = (
        "甲项目,沈阳,北京,3.2.2,2020-01-01,2019-12-31,\n",
        "乙项目,沈阳,北京,3.2.2,,,XM999999\n",
        "丙项目,沈阳,北京,3.2.2,,1850-01-01,某项目\n",
    )
    run = load("".join((head, *rows)), commit=False)
    assert problems(run) == [
        (2, "F", "before_start"),
        (3, "G", "parent"),
        (4, "F", "unreadable"),
        (4, "G", "unreadable"),
    ]
