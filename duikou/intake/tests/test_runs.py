"""A file on its way in, step by step."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from duikou.access.models import Organisation
from duikou.intake.models import ImportDecision, ImportFinding, ImportRun
from duikou.intake.selectors import earlier_of_same_file, runs_visible
from duikou.intake.services import jobs as intake_jobs
from duikou.intake.services import stage
from duikou.intake.services.annotated import write_errors
from duikou.intake.services.commit import run_commit
from duikou.intake.services.decisions import decisions_make, decisions_make_all
from duikou.intake.services.runs import run_cancel, run_map, run_upload
from duikou.intake.services.start import run_start_check, run_start_commit
from duikou.intake.states import Fate, RunState
from duikou.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from duikou.kernel.sheets import BadFile
from duikou.records.models import AuditEvent, Evidence
from duikou.records.services.evidence import evidence_remove

pytestmark = pytest.mark.django_db


def parks() -> set[str]:
    return set(Organisation.objects.filter(kind="park").values_list("name", flat=True))


def test_every_row_gets_a_fate_and_nothing_is_written_before_the_commit(bring: Any, commit: Any) -> None:
    run = bring("项目名称,数值\n甲园,1\n乙园,十\n,3\n甲园,4\n合计,8\n丙园,13\n")
    assert run.state == RunState.CHECKED
    assert run.counters == {"new": 2, "error": 2, "same": 1, "skipped": 1}
    assert [(r.row, r.fate) for r in stage.page(run.uid, "all", 0, 50)] == [
        (2, "new"),
        (3, "error"),
        (4, "error"),
        (5, "same"),
        (6, "skipped"),
        (7, "new"),
    ]
    assert parks() == set()
    found = list(ImportFinding.objects.filter(run=run).values_list("row", "letter", "header", "severity", "shown"))
    assert found == [
        (3, "B", "数值", "error", "十"),
        (4, "A", "项目名称", "error", ""),
        (7, "B", "数值", "warning", "13"),
    ]
    with pytest.raises(Conflict):
        commit(run)
    run = commit(run, leave_errors=True)
    assert run.state == RunState.COMMITTED
    assert run.result == {"新增": 2}
    assert parks() == {"甲园", "丙园"}


def test_errors_come_back_as_a_workbook_that_is_mapped_like_the_first(bring: Any) -> None:
    run = bring("项目名称,数值\n甲园,1\n乙园,十\n丙园,14\n")
    target = io.BytesIO()
    assert write_errors(run, target) == 2
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["项目名称", "数值", "原行号", "错误原因"],
        ["乙园", "十", 3, "B3：不是数字"],
        ["丙园", "14", 4, "B4：不接受的数字。"],
    ]
    again = bring(target.getvalue(), name="错误行.xlsx")
    assert again.error_count == 2


def test_the_same_file_again_says_so_and_doubles_nothing(bring: Any, commit: Any, shenyang_editor: Any) -> None:
    text = "项目名称,数值\n甲园,1\n"
    first = commit(bring(text))
    again = bring(text)
    assert earlier_of_same_file(actor=shenyang_editor.actor, run=again) == first
    assert again.counters == {"same": 1}
    commit(again)
    assert parks() == {"甲园"}


def test_near_duplicates_wait_for_a_decision(bring: Any, commit: Any, shenyang_editor: Any) -> None:
    commit(bring("项目名称\n沈阳园\n"))
    run = bring("项目名称\n沈阳新园\n沈阳老园\n沈阳旧园\n")
    assert run.counters == {"near": 3}
    with pytest.raises(Conflict):
        commit(run)
    actor = shenyang_editor.actor
    first = ImportDecision.objects.filter(run=run).order_by("index")[0]
    place, target = first.index, first.candidates[0]["id"]
    with pytest.raises(Invalid):
        decisions_make(actor=actor, uid=str(run.uid), choices={place: ("same", "999999")})
    with pytest.raises(Invalid):
        decisions_make(actor=actor, uid=str(run.uid), choices={place: ("maybe", "")})
    assert decisions_make(actor=actor, uid=str(run.uid), choices={place: ("same", target)}) == 1
    assert decisions_make_all(actor=actor, uid=str(run.uid), choice="new") == 2
    commit(run)
    assert parks() == {"沈阳园", "沈阳老园", "沈阳旧园"}


def test_a_crash_in_the_middle_leaves_nothing_and_the_run_goes_on(
    bring: Any, monkeypatch: pytest.MonkeyPatch, shenyang_editor: Any
) -> None:
    run = bring("项目名称\n甲园\n崩溃\n乙园\n")
    monkeypatch.setattr(intake_jobs, "queue_commit", lambda _run_id: None)
    run_start_commit(actor=shenyang_editor.actor, uid=str(run.uid))
    with pytest.raises(RuntimeError):
        run_commit(run_id=run.pk)
    assert parks() == set()
    assert not AuditEvent.objects.filter(action="intake.run.committed").exists()
    run.refresh_from_db()
    assert run.state == RunState.COMMITTING
    lines = (stage.folder_of(run.uid) / "rows").read_text().replace("崩溃", "好园")
    (stage.folder_of(run.uid) / "rows").write_text(lines)
    run_commit(run_id=run.pk)
    run_commit(run_id=run.pk)
    assert parks() == {"甲园", "好园", "乙园"}
    assert AuditEvent.objects.filter(action="intake.run.committed").count() == 1


def test_a_dead_dry_run_can_be_started_again(bring: Any, monkeypatch: pytest.MonkeyPatch, shenyang_editor: Any) -> None:
    run = bring("项目名称\n甲园\n", check=False)
    queued: list[int] = []
    monkeypatch.setattr(intake_jobs, "queue_check", queued.append)
    for _turn in range(2):
        run_start_check(actor=shenyang_editor.actor, uid=str(run.uid))
    assert queued == [run.pk]
    monkeypatch.setattr(stage, "SILENT_AFTER", -1.0)
    run_start_check(actor=shenyang_editor.actor, uid=str(run.uid))
    assert queued == [run.pk, run.pk]


def test_data_that_changed_since_the_dry_run_is_looked_at_again(bring: Any, commit: Any) -> None:
    run = bring("项目名称\n甲园\n乙园\n")
    other = bring("项目名称\n甲园\n")
    commit(other)
    run = commit(run)
    assert run.state == RunState.COMMITTED
    assert run.result == {"新增": 1}
    third = bring("项目名称\n丁园一\n")
    commit(bring("项目名称\n丁园二\n"))
    third = commit(third)
    assert third.state == RunState.CHECKED
    assert third.notice
    assert third.counters == {"near": 1}


def test_a_cancelled_commit_writes_nothing(bring: Any, monkeypatch: pytest.MonkeyPatch, shenyang_editor: Any) -> None:
    run = bring("项目名称\n甲园\n")
    monkeypatch.setattr(intake_jobs, "queue_commit", lambda _run_id: None)
    run_start_commit(actor=shenyang_editor.actor, uid=str(run.uid))
    run_cancel(actor=shenyang_editor.actor, uid=str(run.uid))
    run_commit(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.CHECKED
    assert parks() == set()
    run_cancel(actor=shenyang_editor.actor, uid=str(run.uid))
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_the_last_mapping_is_remembered_for_the_same_header(bring: Any, shenyang_editor: Any) -> None:
    actor = shenyang_editor.actor
    text = "甲,乙\n一园,5\n二园,6\n"
    run = bring(text, check=False)
    assert run.mapping == {"0": {"1": "figure"}}
    with pytest.raises(Invalid):
        run_map(actor=actor, uid=str(run.uid), mapping={"0": {"1": "figure"}})
    with pytest.raises(Invalid):
        run_map(actor=actor, uid=str(run.uid), mapping={"0": {"0": "name", "1": "name"}})
    run_map(actor=actor, uid=str(run.uid), mapping={"0": {"0": "name", "1": "figure"}})
    assert bring(text, check=False).mapping == {"0": {"0": "name", "1": "figure"}}


def test_a_file_that_is_no_table_leaves_nothing_behind(bring: Any) -> None:
    before = ImportRun.objects.count()
    with pytest.raises(BadFile):
        bring(b"MZ\x00\x00" + bytes(100), name="表.xlsx")
    with pytest.raises(BadFile):
        bring("", name="表.csv")
    assert ImportRun.objects.count() == before


def test_strangers_do_not_know_of_it_and_colleagues_without_the_right_hear_why(
    bring: Any, beijing_editor: Any, auditor: Any, member: Any, shenyang_editor: Any
) -> None:
    run = bring("项目名称\n甲园\n")
    assert not runs_visible(actor=beijing_editor.actor).filter(pk=run.pk).exists()
    with pytest.raises(NotFound):
        run_start_commit(actor=beijing_editor.actor, uid=str(run.uid))
    assert runs_visible(actor=auditor.actor).filter(pk=run.pk).exists()
    with pytest.raises(Forbidden):
        run_start_commit(actor=auditor.actor, uid=str(run.uid))
    with pytest.raises(Forbidden, match="对口合作办公室"):
        run_upload(actor=member.actor, kind="sample", name="表.csv", pieces=[b"\xe5\x90\x8d\xe7\xa7\xb0\n1\n"])


def test_a_post_that_ended_stops_the_import(bring: Any, commit: Any, shenyang_editor: Any) -> None:
    run = bring("项目名称\n甲园\n")
    intake_membership = shenyang_editor.membership
    type(intake_membership).objects.filter(pk=intake_membership.pk).update(is_active=False)
    try:
        run_start_commit(actor=shenyang_editor.actor, uid=str(run.uid))
        run_commit(run_id=run.pk)
        run.refresh_from_db()
        assert (run.state, bool(run.notice)) == (RunState.CHECKED, True)
        assert parks() == set()
    finally:
        type(intake_membership).objects.filter(pk=intake_membership.pk).update(is_active=True)


def test_hidden_rows_and_formulas_are_named(bring: Any) -> None:
    book = openpyxl.Workbook()
    for line in (["项目名称", "数值", "其他"], ["甲园", 1, "=1+1"], ["乙园", "=1+1", 2], ["丙园", 3, 2]):
        book.active.append(line)
    book.active.row_dimensions[4].hidden = True
    target = io.BytesIO()
    book.save(target)
    run = bring(target.getvalue(), name="表.xlsx")
    found = list(ImportFinding.objects.filter(run=run).values_list("row", "letter", "code"))
    assert found == [(3, "B", "formula_without_value"), (4, "", "hidden_row")]
    assert [row.fate for row in stage.page(run.uid, "all", 0, 100)] == [Fate.NEW, Fate.ERROR, Fate.NEW]


def test_pages_of_rows_are_found_by_fate(bring: Any) -> None:
    lines = "".join(f"园{i},{'十' if i % 3 == 0 else i + 1000}\n" for i in range(300))
    run = bring("项目名称,数值\n" + lines)
    assert stage.count(run.uid) == 300
    assert stage.count(run.uid, "error") == 100
    assert [row.label for row in stage.page(run.uid, "error", 98, 50)] == ["园294", "园297"]
    assert [row.row for row in stage.page(run.uid, "all", 10, 2)] == [12, 13]
    assert stage.page(run.uid, "near", 0, 50) == []


def test_the_number_of_queries_does_not_grow_with_the_rows(
    bring: Any, django_assert_max_num_queries: Any, commit: Any
) -> None:
    run = bring("项目名称,数值\n" + "".join(f"园{i},{i}\n" for i in range(1500)), check=False)
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.CHECKING)
    from duikou.intake.services.check import run_check

    with django_assert_max_num_queries(25):
        run_check(run_id=run.pk)


def test_the_audit_trail_names_every_step(bring: Any, commit: Any) -> None:
    commit(bring("项目名称\n甲园\n"))
    actions = list(AuditEvent.objects.filter(action__startswith="intake.").values_list("action", flat=True))
    assert actions == ["intake.run.uploaded", "intake.run.checked", "intake.run.committed"]


def test_an_unfinished_import_waits_in_the_inbox_of_who_brought_it(
    bring: Any, commit: Any, shenyang_editor: Any
) -> None:
    from duikou.flow.models import InboxItem

    run = bring("项目名称\n甲园\n")
    item = InboxItem.objects.get(kind="intake.run")
    assert (item.account_id, item.state) == (shenyang_editor.account.pk, "open")
    assert str(run.uid) in item.url
    commit(run)
    item.refresh_from_db()
    assert item.state == "done"
    other = bring("项目名称\n乙园\n", check=False)
    run_cancel(actor=shenyang_editor.actor, uid=str(other.uid))
    assert not InboxItem.objects.filter(kind="intake.run", state="open").exists()


def test_the_file_stays_as_evidence_for_those_who_may_know_of_the_import(
    bring: Any, commit: Any, client_for: Any, shenyang_editor: Any, coordinator: Any, dalian_editor: Any
) -> None:
    run = commit(bring("项目名称,数值\n甲园,1\n"))
    kept = Evidence.objects.get(subject_kind="intake.importrun", subject_id=str(run.pk))
    assert kept.blob.digest == run.digest
    assert kept.name in client_for(shenyang_editor).get(f"/imports/{run.uid}/").content.decode()
    assert client_for(coordinator).get(f"/records/evidence/{kept.pk}/").status_code == 200
    assert client_for(dalian_editor).get(f"/records/evidence/{kept.pk}/").status_code == 404
    with pytest.raises(Forbidden):
        evidence_remove(actor=shenyang_editor.actor, evidence=kept)
    commit(bring("项目名称,数值\n甲园,1\n"))
    assert Evidence.objects.filter(blob=kept.blob).count() == 2
