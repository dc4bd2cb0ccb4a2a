"""Tables of companies and figures: read as offices write them, all or nothing, twice doubles nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from python_calamine import CalamineWorkbook

from duikou.intake.models import ImportFinding, ImportRun
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.parks.models import Official, OfficialFigure, Park, Resident
from duikou.parks.tests.conftest import accept, code_of, report, settle, wan

pytestmark = pytest.mark.django_db
HEAD = "企业名称,统一社会信用代码,状态,来自,行业,用地面积,入园日期\n"
FIGURES = "企业名称,期间,税收(万元),产值(亿元),就业人数,更正理由\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def bring(
    park: Park, person: Any, kind: str, data: str | bytes, *, name: str = "表.csv", commit: bool = True
) -> ImportRun:
    from duikou.intake.services.check import run_check
    from duikou.intake.services.commit import run_commit

    payload = data if isinstance(data, bytes) else data.encode()
    run = run_upload(actor=person.actor, kind=kind, name=name, pieces=[payload], options={"park": str(park.pk)})
    run_start_check(actor=person.actor, uid=str(run.uid))
    run_check(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "checked", run.notice
    if commit:
        run_start_commit(actor=person.actor, uid=str(run.uid))
        run_check(run_id=run.pk)
        run_commit(run_id=run.pk)
        run.refresh_from_db()
        assert run.state == "committed", run.notice
    return run


def test_companies_come_in_once_and_again_doubles_nothing(park: Park, shenyang_editor: Any) -> None:
    data = HEAD + f"甲公司,{code_of(1)},已投产,北京市,C34,1.2公顷,2021-05-01\n乙公司,,在谈,其他地区,,,\n"
    assert bring(park, shenyang_editor, "park-residents", data).counters == {"new": 2}
    row = Resident.objects.get(name="甲公司")
    assert (row.origin, row.state, row.land, row.industry.code if row.industry else "") == (
        "second",
        "producing",
        18,
        "34",
    )
    assert bring(park, shenyang_editor, "park-residents", data, commit=False).counters == {"same": 2}
    changed = bring(park, shenyang_editor, "park-residents", data.replace("在谈", "已签约"))
    assert changed.counters == {"same": 1, "update": 1}
    assert Resident.objects.count() == 2


def test_what_is_wrong_is_named_by_row_and_column(park: Park, shenyang_editor: Any) -> None:
    data = HEAD + f"甲公司,{code_of(1)[:-1]}0,已投产,火星,ZZ,-5,2021-05-01\n,,,,,,\n丙公司,,不知道,,,,2099-01-01\n"
    run = bring(park, shenyang_editor, "park-residents", data, commit=False)
    found = set(ImportFinding.objects.filter(run=run, severity="error").values_list("row", "header"))
    assert {(2, "来自"), (2, "用地面积"), (4, "状态")} <= found
    assert not Resident.objects.exists()


def test_figures_come_in_as_drafts_and_accepted_ones_need_a_reason(park: Park, shenyang_editor: Any) -> None:
    row = settle(park, "甲公司")
    data = FIGURES + "甲公司,2024年,100,1.5,20,\n甲公司,2025Q1,30,,,\n没有的公司,2024,1,,,\n"
    run = bring(park, shenyang_editor, "park-figures", data, commit=False)
    assert run.counters == {"new": 2, "error": 1}
    good = data.rsplit("没有", 1)[0]
    bring(park, shenyang_editor, "park-figures", good)
    figure = OfficialFigure.objects.get(resident=row, grain="year")
    assert (figure.tax, figure.output, figure.jobs, figure.state) == (
        Official(wan(100)),
        Official(wan(15000)),
        20,
        "draft",
    )
    assert bring(park, shenyang_editor, "park-figures", good, commit=False).counters == {"same": 2}
    accept(park)
    assert bring(park, shenyang_editor, "park-figures", good, commit=False).counters == {"same": 2}
    other = good.replace(",100,", ",110,")
    assert bring(park, shenyang_editor, "park-figures", other, commit=False).counters == {"error": 1, "same": 1}
    with_reason = other.replace("1.5,20,", "1.5,20,决算数")
    assert bring(park, shenyang_editor, "park-figures", with_reason).counters == {"update": 1, "same": 1}
    assert OfficialFigure.objects.get(corrects=figure).reason == "决算数"


def test_what_the_pages_write_is_read_back(park: Park, client_for: Any, shenyang_editor: Any) -> None:
    report(settle(park, "甲公司", uscc=code_of(1)), tax="100.5", profit=-3, jobs=7)
    settle(park, "乙公司")
    client = client_for(shenyang_editor)
    for kind, name, query, fates in (
        ("park-residents", "residents-export", "", {"same": 2}),
        (
            "park-figures",
            "figures-export",
            "?columns=uscc&columns=span&columns=tax&columns=profit&columns=jobs",
            {"same": 1},
        ),
        ("park-figures", "figures-form", "?span=2024", {"same": 1, "skipped": 1}),
    ):
        response = client.get(reverse(f"parks:{name}", args=[park.pk]) + query)
        data = b"".join(response.streaming_content)
        assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
        assert bring(park, shenyang_editor, kind, data, name="表.xlsx", commit=False).counters == fates, name


def test_a_stranger_cannot_choose_the_park(park: Park, dalian_editor: Any, unit: Any) -> None:
    from duikou.parks.services.import_residents import parks_enterable

    assert park in parks_enterable(actor=unit.actor)
    assert parks_enterable(actor=dalian_editor.actor) == []
