"""Tables of practices and adoptions coming in: all or nothing, and again doubles nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from duikou.flow.models import InboxItem
from duikou.intake.models import ImportFinding, ImportRun
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.reforms.models import Adoption, ReformMeasure
from duikou.reforms.tests.conftest import CODE, SHENYANG, publish, step

pytestmark = pytest.mark.django_db

MEASURES = "名称,改革主题,条款,依据文件,文号,成文日期,主要做法\n"
ADOPTIONS = "改革经验,推广日期,本地文件,本地文号,成效\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def load(person: Any, kind: str, text: str, *, commit: bool = True, **options: str) -> ImportRun:
    """Through dry run and, unless told otherwise, commit."""
    from duikou.intake.services.check import run_check
    from duikou.intake.services.commit import run_commit

    given = {"programme": CODE, **options}
    run = run_upload(actor=person.actor, kind=kind, name="表.csv", pieces=[text.encode()], options=given)
    run_start_check(actor=person.actor, uid=str(run.uid))
    run_check(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "checked", run.notice
    if commit:
        run_start_commit(actor=person.actor, uid=str(run.uid))
        run_commit(run_id=run.pk)
        run.refresh_from_db()
        assert run.state == "committed", run.notice
    return run


TWO = (
    MEASURES
    + "企业投资项目承诺制,企业投资项目承诺制,3.1.1,意见,京政发〔2018〕1号,2018-01-05,承诺即开工\n"
    + "国企混改,混合所有制改革,,办法,京国资〔2019〕3号,2019年5月,分类推进\n"
)


def test_measures_come_in_once_however_often_the_file_is_brought(beijing_editor: Any):
    load(beijing_editor, "reform-measures", TWO)
    rows = {row.title: row for row in ReformMeasure.objects.all()}
    assert {row.state for row in rows.values()} == {"draft"}
    assert [one.code for one in rows["国企混改"].clauses.all()] == ["3.1.2"]
    load(beijing_editor, "reform-measures", TWO)
    changed = TWO.replace("承诺即开工", "先建后验").replace("企业投资项目承诺制,企业", "“企业投资项目承诺制”,企业")
    load(beijing_editor, "reform-measures", changed)
    assert ReformMeasure.objects.count() == 2
    assert "先建后验" in ReformMeasure.objects.get(document_number="京政发〔2018〕1号").summary


def test_many_published_at_once_are_one_thing_in_the_inbox(beijing_editor: Any, shenyang_editor: Any):
    load(beijing_editor, "reform-measures", TWO, publish="yes")
    assert ReformMeasure.objects.filter(state="published").count() == 2
    assert InboxItem.objects.filter(kind="reforms.new", state="open").count() == 1


def test_every_fault_names_its_column(beijing_editor: Any):
    bad = MEASURES + "无主题,没有的主题,9.9.9,,,2018-13-40,\n"
    run = load(beijing_editor, "reform-measures", bad, commit=False)
    reasons = " ".join(ImportFinding.objects.filter(run=run).values_list("reason", flat=True))
    for words in ("没有改革主题", "日期应写作"):
        assert words in reasons


def test_adoptions_come_in_from_a_table_and_never_twice(beijing_editor: Any, shenyang_editor: Any):
    measure = publish(beijing_editor.actor)
    step(shenyang_editor.actor, measure, SHENYANG, "follow")
    table = ADOPTIONS + "京政发[2018]1号,2019-05-09,沈阳市实施方案,沈政发〔2019〕7号,审批提速\n"
    load(shenyang_editor, "reform-adoptions", table)
    row = Adoption.objects.get()
    assert (row.state, row.document_number, row.effects.count()) == ("adopted", "沈政发〔2019〕7号", 1)
    load(shenyang_editor, "reform-adoptions", table)
    other = load(shenyang_editor, "reform-adoptions", table.replace("2019-05-09", "2020-01-01"))
    assert Adoption.objects.get().adopted_on.isoformat() == "2019-05-09"
    assert "已登记推广" in " ".join(ImportFinding.objects.filter(run=other).values_list("reason", flat=True))


def test_an_adoption_of_something_nobody_published_is_an_error(shenyang_editor: Any, beijing_editor: Any):
    table = ADOPTIONS + "没有的经验,2019-05-09,方案,,\n"
    run = load(shenyang_editor, "reform-adoptions", table, commit=False)
    assert "没有发布过" in " ".join(ImportFinding.objects.filter(run=run).values_list("reason", flat=True))
