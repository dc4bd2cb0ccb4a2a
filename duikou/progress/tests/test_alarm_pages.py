"""The pages of alarms: who sees what, what they say, what they refuse."""

import io

import pytest
from openpyxl import load_workbook

from duikou.kernel.clock import today
from duikou.progress.models import Alarm, AlarmRule
from duikou.progress.rules.alarms import NAMES, Thresholds
from duikou.progress.services.alarms_judge import alarms_judge
from duikou.progress.tests.conftest import make
from duikou.progress.tests.test_alarms import ago, alarm, late  # noqa: F401 - fixtures
from duikou.projects.models import Project
from duikou.projects.states import ProjectState

pytestmark = pytest.mark.django_db
SAYS = {"explanation": "拆迁推迟", "measure": "倒排工期", "promised_on": "2099-01-01"}


def text(answer):
    return answer.content.decode()


def test_the_list_shows_open_alarms_and_its_export_the_same(alarm, client_for, shenyang_editor):  # noqa: F811
    browser = client_for(shenyang_editor)
    page = text(browser.get("/progress/alarms/"))
    for words in ("未开工的项目", "未按时开工", "黄色预警", "待签收", "超过计划10天", "红色0项", "黄色1项"):
        assert words in page
    assert "未开工的项目" not in text(browser.get("/progress/alarms/?state=closed"))
    assert "未开工的项目" not in text(browser.get("/progress/alarms/?colour=red&kind=overdue"))
    assert browser.get("/progress/alarms/?colour=pink").status_code == 400
    assert "翻页标记" in text(browser.get("/progress/alarms/?cursor=rubbish"))
    sheet = load_workbook(io.BytesIO(b"".join(browser.get("/progress/alarms/export/").streaming_content))).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["未开工的项目"]


def test_a_stranger_meets_nothing(alarm, client_for, dalian_editor, member, anonymous):  # noqa: F811
    for person in (dalian_editor, member):
        browser = client_for(person)
        assert "未开工的项目" not in text(browser.get("/progress/alarms/"))
        assert "黄色0项" in text(browser.get("/progress/alarms/"))
        assert browser.get(f"/progress/alarms/{alarm.pk}/").status_code == 404
        assert browser.post(f"/progress/alarms/{alarm.pk}/close/", {"note": "x"}).status_code == 404
    assert client_for(anonymous).get("/progress/alarms/").status_code == 302


def test_an_alarm_s_whole_life_on_its_pages(alarm, client_for, unit, shenyang_editor, auditor):  # noqa: F811
    of_unit, office = client_for(unit), client_for(shenyang_editor)
    address = f"/progress/alarms/{alarm.pk}/"
    page = text(of_unit.get(address))
    assert "计划开工日期" in page
    assert "示例参数，非官方数值" in page
    assert "由项目所在一侧的对口合作办公室退回或销号" in page
    assert of_unit.post(f"{address}acknowledge/", {"revision": 1})["Location"] == address
    wrong = of_unit.post(f"{address}explain/", {**SAYS, "promised_on": "2001-01-01", "revision": 2})
    assert (wrong.status_code, "拆迁推迟" in text(wrong), "不能早于今天" in text(wrong)) == (400, True, True)
    stale = of_unit.post(f"{address}explain/", {**SAYS, "revision": 1})
    assert (stale.status_code, "拆迁推迟" in text(stale)) == (409, True)
    assert of_unit.post(f"{address}explain/", {**SAYS, "revision": 2}).status_code == 302
    assert "倒排工期" in text(client_for(auditor).get(address))
    assert "须写明理由" in text(office.get(f"{address}close/"))
    assert office.post(f"{address}close/", {"revision": 3, "note": " "}).status_code == 400
    assert office.post(f"{address}close/", {"revision": 3, "note": "已批准延期"}).status_code == 302
    assert Alarm.objects.get(pk=alarm.pk).is_decision
    assert of_unit.get(f"{address}explain/").status_code == 403
    assert of_unit.get(f"{address}fly/").status_code == 404


def test_a_project_s_page_shows_all_five_and_what_is_missing(alarm, client_for, unit, dalian_editor):  # noqa: F811
    page = text(client_for(unit).get(f"/projects/{alarm.project_id}/"))
    for words in ("未按时开工", "建设进度滞后", "资金支付率低", "缩减投资规模", "超期未完工", "无法判断", "缺计划投资"):
        assert words in page
    Project.objects.filter(pk=alarm.project_id).update(visibility="public")
    page = text(client_for(dalian_editor).get(f"/projects/{alarm.project_id}/"))
    assert "未开工的项目" in page
    assert "未按时开工" not in page


def test_what_cannot_be_judged_is_listed_with_what_is_missing(
    pairing, unit, client_for, shenyang_editor, dalian_editor
):
    project = make(pairing, "缺数的项目", unit=unit.organisation)
    Project.objects.filter(pk=project.pk).update(planned_start=ago(30))
    alarms_judge()
    page = text(client_for(shenyang_editor).get("/progress/alarms/unjudged/"))
    assert "缺数的项目" in page
    assert "超期未完工：缺计划完工日期" in page
    assert "缺数的项目" not in text(client_for(dalian_editor).get("/progress/alarms/unjudged/"))


def test_the_coordinator_sets_parameters_and_everybody_reads_them(client_for, coordinator, unit, shenyang_lead):
    assert "示例参数" in text(client_for(unit).get("/progress/alarms/rules/"))
    assert client_for(shenyang_lead).get("/progress/alarms/rules/edit/").status_code == 403
    browser = client_for(coordinator)
    assert browser.get("/progress/alarms/rules/edit/").status_code == 200
    given = {name: str(getattr(Thresholds(), name)) for name in NAMES} | {
        "valid_from": today().isoformat(),
        "version": "0",
    }
    bad = browser.post("/progress/alarms/rules/edit/", {**given, "start_red": "0", "reason": "年度通知"})
    assert (bad.status_code, "矛盾" in text(bad), "年度通知" in text(bad)) == (400, True, True)
    good = {**given, "start_red": "45", "reason": "年度通知"}
    assert browser.post("/progress/alarms/rules/edit/", good).status_code == 302
    assert AlarmRule.objects.get().set_by
    assert browser.post("/progress/alarms/rules/edit/", {**good, "start_red": "50"}).status_code == 409
    page = text(client_for(unit).get("/progress/alarms/rules/"))
    assert "年度通知" in page
    assert "示例参数" not in page


def test_photos_can_be_added_to_an_open_alarm_by_its_unit(alarm, client_for, unit, beijing_editor, member):  # noqa: F811
    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG")
    form = {"kind": "progress.alarm", "subject": str(alarm.pk), "note": "现场"}
    file = SimpleUploadedFile("现场.jpg", out.getvalue())
    assert client_for(unit).post("/records/evidence/add/", {**form, "file": file}).status_code == 302
    assert "/thumbnail/" in text(client_for(beijing_editor).get(f"/progress/alarms/{alarm.pk}/"))
    file.seek(0)
    assert client_for(member).post("/records/evidence/add/", {**form, "file": file}).status_code == 404


def test_the_list_asks_as_often_for_many_as_for_few(pairing, unit, client_for, shenyang_editor, query_counts):
    browser = client_for(shenyang_editor)
    for number in (1, 12):
        for each in range(number):
            row = make(pairing, f"迟开工{number}-{each}", unit=unit.organisation, state=ProjectState.SIGNED)
            Project.objects.filter(pk=row.pk).update(planned_start=ago(9))
        alarms_judge()
        with query_counts("progress.alarms"):
            assert browser.get("/progress/alarms/").status_code == 200
