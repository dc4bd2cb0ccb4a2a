"""Photos of a monthly report: from a phone, by who writes it, until it is accepted."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from duikou.progress.services.review import report_accept
from duikou.progress.tests.conftest import month_ago, said, send
from duikou.records.models import Evidence

pytestmark = pytest.mark.django_db


def photo(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile("IMG_0001.jpg", out.getvalue())


def test_a_unit_adds_photos_from_a_phone_and_the_office_sees_them(
    project, client_for, unit, shenyang_editor, member, dalian_editor
):
    browser = client_for(unit)
    page = browser.get(f"/progress/projects/{project.pk}/{month_ago(0)}/").content.decode()
    assert "请先保存草稿" in page
    report = send(unit.actor, project, month_ago(1), said(5))
    form = {"kind": "progress.progressreport", "subject": str(report.pk), "note": "主体封顶"}
    both = {**form, "file": [photo(), photo("blue")], "next": f"/progress/reports/{report.pk}/"}
    assert browser.post("/records/evidence/add/", both)["Location"] == both["next"]
    seen = client_for(shenyang_editor).get(both["next"]).content.decode()
    assert seen.count("/thumbnail/") == 2
    assert 'alt="主体封顶"' in seen
    for stranger in (member, dalian_editor):
        answer = client_for(stranger).post("/records/evidence/add/", {**form, "file": photo("green")})
        assert answer.status_code == 404
        assert (
            client_for(stranger).get(f"/records/evidence/{Evidence.objects.first().pk}/thumbnail/").status_code == 404
        )


def test_an_accepted_report_s_photos_change_no_more(project, client_for, unit, shenyang_editor):
    report = send(unit.actor, project, month_ago(1), said(5))
    report_accept(actor=shenyang_editor.actor, report_id=report.pk, revision=report.revision)
    form = {"kind": "progress.progressreport", "subject": str(report.pk), "file": photo()}
    assert client_for(unit).post("/records/evidence/add/", form).status_code == 403
    assert "佐证材料不再增减" in client_for(unit).get(f"/progress/reports/{report.pk}/").content.decode()
