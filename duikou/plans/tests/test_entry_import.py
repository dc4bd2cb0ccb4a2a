"""Tables of promises coming into a draft: read as offices write them, never doubled, never a word lost."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as testing
from hypothesis import strategies as st

from duikou.intake.models import ImportDecision, ImportFinding, ImportRun
from duikou.intake.services.decisions import decisions_make_all
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.kernel.errors import DomainError
from duikou.kernel.money import Bound, Money
from duikou.kernel.sheets import Out, write_xlsx
from duikou.plans.models import PlanVersion
from duikou.plans.rules.units import Named, SideNames, read_list, read_sides, written
from duikou.plans.selectors import content_of
from duikou.plans.services.entries import EntryDraft, MoneyDraft, UnitDraft, entry_add, entry_save
from duikou.plans.services.entry_import import draft_of
from duikou.plans.services.entry_table import names_of, written_cells, written_columns
from duikou.plans.services.plans import PlanDraft, plan_create
from duikou.plans.tests.conftest import promise
from duikou.programme.models import Pairing

pytestmark = pytest.mark.django_db
NAMES = SideNames("沈阳市", "北京市")
HEAD = "序号,事项,具体举措,对应条款,沈阳方责任单位,北京方责任单位,完成期限,资金\n"
Load = Callable[..., ImportRun]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def work(run: ImportRun) -> None:
    """Do what is queued for a run, as the worker would."""
    from duikou.intake.services.check import run_check
    from duikou.intake.services.commit import run_commit

    run_check(run_id=run.pk)
    run_commit(run_id=run.pk)
    run.refresh_from_db()


@pytest.fixture
def load(shenyang_editor: Any, draft_version: PlanVersion) -> Load:
    """Bring a file through dry run and, unless told otherwise, commit."""

    def run(data: str | bytes, *, name: str = "事项表.csv", commit: bool = True, into: Any = None) -> ImportRun:
        actor = shenyang_editor.actor
        payload = data if isinstance(data, bytes) else data.encode()
        options = {"version": str((into or draft_version).pk)}
        made = run_upload(actor=actor, kind="plan-entries", name=name, pieces=[payload], options=options)
        run_start_check(actor=actor, uid=str(made.uid))
        work(made)
        assert made.state == "checked", made.notice
        if commit:
            run_start_commit(actor=actor, uid=str(made.uid))
            work(made)
            assert made.state == "committed", made.notice
        return made

    return run


def exported(version: PlanVersion) -> bytes:
    """The workbook that the papers of a plan offer."""
    content, names, out = content_of(version), names_of(version), io.BytesIO()
    columns = written_columns(names)
    rows = ([written_cells(entry, content, names).get(one.key) for one in columns] for entry in content.entries)
    write_xlsx(out, "事项表", [Out(one.title) for one in columns], rows)
    return out.getvalue()


def problems(run: ImportRun) -> list[tuple[int, str, str]]:
    return list(ImportFinding.objects.filter(run=run).values_list("row", "header", "code"))


def test_a_table_as_offices_write_it_becomes_promises(load, draft_version):
    run = load(
        HEAD + "1,共建中关村产业园,建立协同机制,三（二）2；3.4.2,市发展改革委（牵头）、市科技局,北京市科委,2019年底前,"
        "中央资金3000万元；沈阳方财政资金约1.2亿元\n"
        "2,干部挂职,,推进干部人才交流培训,牵头单位：市委组织部；配合单位：市人力资源社会保障局,,2019年上半年,\n"
    )
    assert run.counters == {"new": 2}
    first, second = content_of(draft_version).entries
    assert [clause.code for clause in first.clauses] == ["3.2.2", "3.4.2"]
    assert [(one.name, one.is_lead) for one in first.first_units] == [("市发展改革委", True), ("市科技局", False)]
    assert [(one.name, one.is_lead) for one in first.second_units] == [("北京市科委", False)]
    assert first.due_on == dt.date(2019, 12, 31)
    assert [(row.source, row.side, row.amount, row.bound) for row in first.money] == [
        ("central", "", Decimal(30_000_000), "exact"),
        ("local", "first", Decimal(120_000_000), "about"),
    ]
    assert [clause.code for clause in second.clauses] == ["4.3"]
    assert [(one.name, one.is_lead) for one in second.first_units] == [
        ("市委组织部", True),
        ("市人力资源社会保障局", False),
    ]
    assert second.due_on == dt.date(2019, 6, 30)


def test_one_column_for_both_sides_and_columns_by_source(load, draft_version):
    load(
        "重点事项,责任单位,完成时限,中央资金（亿元）,自有资金(万元),指标,目标值\n"
        "共建园区,北京方：北京市发展改革委（牵头）、北京市科委；沈阳方：沈阳市发展改革委,2020年12月底前,0.5,20,,5家\n"
    )
    (entry,) = content_of(draft_version).entries
    assert [one.name for one in entry.first_units] == ["沈阳市发展改革委"]
    assert [(one.name, one.is_lead) for one in entry.second_units] == [
        ("北京市发展改革委", True),
        ("北京市科委", False),
    ]
    assert [(row.source, row.amount) for row in entry.money] == [("central", 50_000_000), ("own", 200_000)]
    assert (entry.due_on, entry.target_value, entry.target_unit) == (dt.date(2020, 12, 31), 5, "家")


def test_every_fault_names_its_row_and_column_and_nothing_is_written(load, draft_version):
    run = load(
        HEAD + "1,甲,,9.9.9,,,明天,几个亿\n2,,,,,,,\n3,乙,,,一（牵头）、二（牵头）,,长期推进,\n",
        commit=False,
    )
    assert sorted(problems(run)) == [
        (2, "完成期限", "day"),
        (2, "对应条款", "clause"),
        (2, "资金", "money"),
        (3, "事项", "missing"),
        (4, "完成期限", "no_day"),
        (4, "沈阳方责任单位", "leads"),
    ]
    assert not content_of(draft_version).entries
    with pytest.raises(DomainError):
        run_start_commit(actor=run_actor(run), uid=str(run.uid))


def run_actor(run: ImportRun) -> Any:
    from duikou.intake.services.who import actor_of

    return actor_of(run)


def test_the_same_file_twice_doubles_nothing(load, draft_version):
    text = HEAD + "1,共建园区,建立机制,3.4.2,沈阳市发展改革委、沈阳市科技局,北京市科委,2019年底,中央资金30万元\n"
    load(text)
    revision = PlanVersion.objects.get(pk=draft_version.pk).revision
    assert load(text, commit=False).counters == {"same": 1}
    changed = load(text.replace("建立机制", "建立长效机制"))
    assert changed.counters == {"update": 1}
    (entry,) = content_of(draft_version).entries
    assert (entry.measure, len(entry.first_units), entry.due_on) == ("建立长效机制", 2, dt.date(2019, 12, 31))
    assert PlanVersion.objects.get(pk=draft_version.pk).revision == revision + 1


def test_a_name_much_like_a_known_one_waits_for_a_decision(load, draft_version, shenyang_editor):
    load(HEAD + "1,共建沈阳中关村产业园区,,3.4.2,,,,\n")
    run = load(HEAD + "1,共建沈阳中关村产业园,新内容,3.4.2,,,,\n2,共建沈阳中关村产业园区,,3.2.2,,,,\n", commit=False)
    assert run.counters == {"near": 2}
    assert ImportDecision.objects.filter(run=run).count() == 2
    decisions_make_all(actor=shenyang_editor.actor, uid=str(run.uid), choice="update")
    run_start_commit(actor=shenyang_editor.actor, uid=str(run.uid))
    work(run)
    (entry,) = content_of(draft_version).entries
    assert (entry.title, entry.measure) == ("共建沈阳中关村产业园区", "新内容")
    assert [clause.code for clause in entry.clauses] == ["3.2.2"]


def test_rows_alike_in_one_file_are_written_once_and_said(load, draft_version):
    run = load(HEAD + "1,共建园区,甲,3.4.2,,,,\n2,共建园区,甲,3.4.2,,,,\n3,共建园区,乙,3.4.2,,,,\n")
    assert run.counters == {"new": 1, "same": 2}
    assert [code for _row, _header, code in problems(run)] == ["twice", "twice"]
    assert len(content_of(draft_version).entries) == 1


def test_what_changed_since_the_dry_run_is_checked_again(load, draft_version, shenyang_editor):
    actor = shenyang_editor.actor
    run = load(HEAD + "1,共建园区,甲,3.4.2,,,,\n", commit=False)
    entry = entry_add(actor=actor, version_id=draft_version.pk, draft=EntryDraft("共建园区", clauses=("3.4.2",)))
    run_start_commit(actor=actor, uid=str(run.uid))
    work(run)
    assert run.state == "committed"
    (only,) = content_of(draft_version).entries
    assert (only.uid, only.measure) == (str(entry.uid), "甲")


def test_a_closed_draft_takes_nothing_in(load, draft_version, shenyang_editor, dalian_lead):
    run = load(HEAD + "1,共建园区,,,,,,\n", commit=False)
    PlanVersion.objects.filter(pk=draft_version.pk).update(state="in_cosign")
    run_start_commit(actor=shenyang_editor.actor, uid=str(run.uid))
    work(run)
    assert run.state == "checked"
    assert "会签" in run.notice
    with pytest.raises(DomainError):
        run_upload(
            actor=dalian_lead.actor,
            kind="plan-entries",
            name="表.csv",
            pieces=[HEAD.encode()],
            options={"version": str(draft_version.pk)},
        )


def test_an_export_comes_back_unchanged_and_a_change_in_it_changes_that_alone(load, draft_version, shenyang_editor):
    section = draft_version.sections.order_by("order")[1]
    full = promise(
        section=section.uid,
        target_value=Decimal("12.5"),
        target_unit="家",
        starts_on=dt.date(2018, 1, 15),
        money=(
            MoneyDraft("local", Money("12345678.91"), "second", Bound.ABOUT.value),
            MoneyDraft("own", Money("0.01")),
        ),
        units=(UnitDraft("first", "发展改革委、商务局联合组", True), UnitDraft("second", "北京市科委")),
    )
    for draft in (full, promise("另一事项", due_on=None, units=(), money=())):
        entry_add(actor=shenyang_editor.actor, version_id=draft_version.pk, draft=draft)
    before = content_of(draft_version).entries
    assert load(exported(draft_version), name="表.xlsx", commit=False).counters == {"same": 2}
    entry_save(
        actor=shenyang_editor.actor,
        version_id=draft_version.pk,
        uid=before[0].uid,
        revision=1,
        draft=promise(measure="后来改过"),
    )
    data = exported(draft_version)
    entry_save(actor=shenyang_editor.actor, version_id=draft_version.pk, uid=before[0].uid, revision=2, draft=full)
    run = load(data, name="表.xlsx")
    assert run.counters == {"update": 1, "same": 1}
    after = content_of(draft_version).entries[0]
    assert (after.measure, after.starts_on) == ("后来改过", dt.date(2018, 1, 15))


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cn", "Co"]), max_size=25)
names = st.text("市发展改革委（牵头）、;；：,北京沈阳方 abc\n", min_size=1, max_size=12)


def money_rows() -> st.SearchStrategy[Any]:
    row = st.builds(
        MoneyDraft,
        st.sampled_from(["central", "local", "own", "loan", "other"]),
        st.integers(0, 10**14).map(Money.from_cents),
        st.sampled_from(["", "first", "second"]),
        st.sampled_from([bound.value for bound in Bound]),
    )
    return st.lists(row, max_size=4, unique_by=lambda one: (one.source, one.side)).map(tuple)


days = st.none() | st.dates(dt.date(1950, 1, 1), dt.date(2090, 12, 31))
drafts = st.builds(
    EntryDraft,
    title=words.map(lambda text: f"事项{text}"),
    measure=words,
    clauses=st.lists(st.sampled_from(["3.2.2", "3.4.2", "4.3", "3.1.1"]), max_size=3).map(tuple),
    target=words,
    target_value=st.none() | st.decimals(-(10**12), 10**12, places=4, allow_nan=False),
    target_unit=st.text("家项%个 1", max_size=5),
    due_on=days,
    units=st.lists(st.builds(UnitDraft, st.sampled_from(["first", "second"]), names), max_size=4).map(tuple),
    money=money_rows(),
)


@testing(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(drafts, min_size=1, max_size=3))
def test_whatever_a_plan_says_its_export_imports_as_no_change(load, draft_version, shenyang_editor, given_drafts):
    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code="shenyang-beijing", programme__code="northeast-east-2017"
    )
    plan = PlanDraft(pairing, "phase", "往返", dt.date(2017, 3, 7), dt.date(2020, 12, 31))
    version = plan_create(actor=shenyang_editor.actor, draft=plan, with_parts=False)
    kept = 0
    for draft in given_drafts:
        try:
            entry_add(actor=shenyang_editor.actor, version_id=version.pk, draft=draft)
        except DomainError:
            continue
        kept += 1
    if kept:
        before = [draft_of(entry) for entry in content_of(version).entries]
        run = load(exported(version), name="表.xlsx", commit=False, into=version)
        assert run.counters == {"same": kept}, list(ImportFinding.objects.filter(run=run).values())
        assert [draft_of(entry) for entry in content_of(version).entries] == before


units = st.lists(
    st.builds(Named, st.text("市发展改革委科技局", min_size=2, max_size=8), st.just(False)),
    max_size=5,
    unique_by=lambda unit: unit.name,
)


@given(units, units)
def test_lists_of_units_are_read_back_side_by_side(first, second):
    marked = [Named(unit.name, place == 0) for place, unit in enumerate(first)]
    assert list(read_list("、".join(map(written, marked)))[0]) == marked
    text = f"沈阳方：{'、'.join(map(written, marked))}；北京方：{'、'.join(map(written, second))}。"
    mine, other, rest = read_sides(text, NAMES)
    assert list(read_list(mine)[0]) == marked
    assert list(read_list(other)[0]) == second
    assert rest == ""


@pytest.mark.parametrize(
    ("text", "first", "second", "rest"),
    [
        ("北京市发展改革委、北京市科委；沈阳市发展改革委", "沈阳市发展改革委", "北京市发展改革委；北京市科委", ""),
        ("北京市发展改革委、市科委；沈阳市发展改革委", "沈阳市发展改革委", "北京市发展改革委；市科委", ""),
        ("北京市发展改革委；市发展改革委", "市发展改革委", "北京市发展改革委", ""),
        ("双方发展改革委", "", "", "双方发展改革委"),
        ("沈阳方牵头单位：市发展改革委", "牵头单位：市发展改革委", "", ""),
    ],
)
def test_sides_are_told_by_label_by_name_or_by_what_is_left(text, first, second, rest):
    assert read_sides(text, NAMES) == (first, second, rest)
