"""A kind added to the pack by data alone works everywhere after a reload, without code."""

from __future__ import annotations

import io
import shutil

import pytest
from django.conf import settings
from django.urls import reverse
from python_calamine import CalamineWorkbook

from duikou.intake.services.check import run_check
from duikou.intake.services.commit import run_commit
from duikou.intake.services.runs import run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.kernel.actor import Actor
from duikou.programme.models import ProjectKind
from duikou.programme.services.pack_load import programme_load
from duikou.projects.models import Project
from duikou.projects.selectors import ListFilter, list_query, pairings_of
from duikou.projects.selectors.kind_report import kind_by_pairing
from duikou.projects.services.draft import ProjectDraft
from duikou.projects.services.projects import project_create

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
NEW = """
  - code: eldercare
    title: 养老服务合作
    title_en: Care for the old
    clauses: ["3.2.5"]
    gates:
      - {verb: sign, field: homes}
      - {verb: sign, file: 合作协议, file_en: Agreement, words: [协议]}
    record_words:
      - {word: 养老院, at: name}
    fields:
      - {key: homes, label: 养老机构, label_en: Homes, type: int, unit: 家, unit_en: homes}
      - {key: grant, label: 补助资金, label_en: Grant, type: money, unit: 元, unit_en: yuan}
      - {key: model, label: 模式, label_en: Model, type: choice, choices: [{value: stay, label: 旅居, label_en: Stay}]}
      - {key: opened, label: 开办日期, label_en: Opened, type: date}
"""


@pytest.fixture
def kind(tmp_path, monkeypatch):
    """The shipped pack with one kind more, of a higher edition, loaded."""
    monkeypatch.setattr(settings, "HOME", tmp_path)
    folder = tmp_path / "pack"
    shutil.copytree(settings.PACKS / "northeast-east-2017", folder)
    with (folder / "kinds.yaml").open("a", encoding="utf-8") as kinds:
        kinds.write(NEW.lstrip("\n"))
    head = folder / "pack.yaml"
    text = head.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("version:"))
    head.write_text(text.replace(line, 'version: "99"'), encoding="utf-8")
    programme_load(actor=COMMAND, folder=folder)
    return ProjectKind.objects.select_related("programme").get(code="eldercare")


def bring(data: str, kind: ProjectKind) -> None:
    """A file of nothing but projects of the kind."""
    options = {"programme": kind.programme.code, "kind": kind.code}
    run = run_upload(actor=COMMAND, kind="records", name="养老.csv", pieces=[data.encode()], options=options)
    run_start_check(actor=COMMAND, uid=str(run.uid))
    run_check(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "checked", run.notice
    run_start_commit(actor=COMMAND, uid=str(run.uid))
    run_commit(run_id=run.pk)


def test_a_new_kind_works_in_form_gates_list_export_import_and_report(kind, client_for, shenyang_editor):
    client = client_for(shenyang_editor)
    form = client.get(reverse("projects:project-new"), {"kind": kind.code}).content.decode()
    assert "养老机构" in form
    data = {
        "name": "沈阳养老机构托管", "pairing": "shenyang-beijing", "clause": "3.2.5", "state": "negotiating",
        "visibility": "pairing", "extra_homes": "12", "extra_grant": "约300万元", "extra_model": "stay",
        "extra_opened": "2021-05-01", "year": "2021",
    }  # fmt: skip
    answer = client.post(f"{reverse('projects:project-new')}?kind={kind.code}", data)
    assert answer.status_code == 302
    project = Project.objects.get(name="沈阳养老机构托管")
    refused = client.post(
        reverse("projects:project-step", args=[project.pk, "sign"]), {"version": 1, "state_as_of": "2024-05-01"}
    )
    assert "合作协议" in refused.content.decode()

    head = "项目名称,东北方,东部方,任务条款,年份,养老机构（家）,补助资金,模式,开办日期\n"
    bring(f"{head}铁西养老院托管,沈阳,北京,3.2.5,2021,30,2000000.5,旅居,2020-01-02\n", kind)
    brought = Project.objects.get(name="铁西养老院托管")
    assert (brought.kind_id, brought.extra["homes"], brought.extra["model"]) == (kind.pk, 30, "stay")

    listed = reverse("projects:list")
    page = client.get(listed, {"kind": kind.code, "x_homes_from": "20"}).content.decode()
    assert "铁西养老院托管" in page
    assert "沈阳养老机构托管" not in page
    for query, names in (
        ({"x_grant_from": "2500000"}, {"沈阳养老机构托管"}),
        ({"x_opened_to": "2020-12-31"}, {"铁西养老院托管"}),
        ({"x_model": "stay"}, {"沈阳养老机构托管", "铁西养老院托管"}),
    ):
        rows = client.get(listed, {"kind": kind.code, **query}).context["page"].rows
        assert {row.name for row in rows} == names
    assert client.get(listed, {"kind": kind.code, "x_homes_from": "很多"}).status_code == 400
    sheet = client.get(reverse("projects:export"), {"kind": kind.code, "sort": "name"})
    header, *rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(sheet.streaming_content))).get_sheet_by_index(0).to_python()
    )
    assert sorted(row[header.index("养老机构（家）")] for row in rows) == [12, 30]

    report = client.get(reverse("projects:kinds"), {"kind": kind.code}).content.decode()
    assert "2021" in report
    told = kind_by_pairing(actor=shenyang_editor.actor, kind=kind, pairings=pairings_of(kind.programme))
    assert [(row["count"], row["x_homes"], row["x_grant"]) for row in told] == [(2, 42, 5000000.5)]
    assert client.get(reverse("projects:kinds-export"), {"kind": kind.code}).status_code == 200


def test_the_report_over_all_kinds_asks_as_often_however_many(client_for, shenyang_editor, query_counts):
    client = client_for(shenyang_editor)
    client.get(reverse("projects:kinds"))
    with query_counts("projects.kinds"):
        assert client.get(reverse("projects:kinds")).status_code == 200
    with query_counts("projects.kinds.one"):
        assert client.get(reverse("projects:kinds"), {"kind": "park"}).status_code == 200
    assert client.get(reverse("projects:kinds"), {"kind": "nothing"}).status_code == 400


def test_a_text_of_another_kind_under_the_same_name_is_no_number(kind):
    pair = pairings_of(kind.programme)[0]
    other = ProjectKind.objects.get(programme=kind.programme, code="park")
    clause = kind.programme.clause_set.get(code="3.2.5")
    for name, own, extra in (("文字", other, {"homes": "很多"}), ("数字", kind, {"homes": 15})):
        draft = ProjectDraft(kind.programme, f"{name}的项目", pair, clause, pair.first_region, kind=own)
        project = project_create(actor=COMMAND, draft=draft, partial=True)
        Project.objects.filter(pk=project.pk).update(extra=extra)
    spec = next(spec for spec in kind.fields if spec["key"] == "homes")
    wanted = ListFilter(kind=kind, own=((spec, "from", 10),))
    query = list_query(actor=COMMAND, programme=kind.programme, pairings=[pair], wanted=wanted)
    assert [project.name for project in query] == ["数字的项目"]
