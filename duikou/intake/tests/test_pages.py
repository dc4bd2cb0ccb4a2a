"""The pages of an import as people meet them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from duikou.intake.models import ImportRun
from duikou.intake.services.check import run_check
from duikou.intake.services.commit import run_commit

pytestmark = pytest.mark.django_db


def upload(client: Any, text: str, name: str = "表.csv") -> Any:
    return client.post("/imports/", {"kind": "sample", "file": SimpleUploadedFile(name, text.encode())})


def test_an_editor_brings_a_file_from_page_to_commit(client_for: Any, shenyang_editor: Any) -> None:
    client = client_for(shenyang_editor)
    assert "样例" in client.get("/imports/").content.decode()
    answer = upload(client, "项目名称,数值\n甲园,1\n乙园,十\n")
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "项目名称" in page
    assert "甲园" in page
    run = ImportRun.objects.get()
    base = f"/imports/{run.uid}/"
    answer = client.post(base + "mapping/", {"use-0": "1", "c-0-0": "name", "c-0-1": "figure"})
    assert answer.status_code == 302
    assert "hx-get" in client.get(base).content.decode()
    assert client.get(base + "progress/").status_code == 200
    run_check(run_id=run.pk)
    assert client.get(base + "progress/").headers["HX-Refresh"] == "true"
    page = client.get(base).content.decode()
    assert "不是数字" in page
    for query in ("?tab=rows&fate=error&page=9", "?tab=rows&fate=x&page=-1", "?tab=decisions", "?tab=findings&page=x"):
        assert client.get(base + query).status_code == 200
    assert client.get(base + "errors.xlsx").headers["Content-Type"].endswith("sheet")
    assert client.post(base + "commit/").status_code == 409
    assert client.post(base + "commit/", {"leave_errors": "1"}).status_code == 302
    run_commit(run_id=run.pk)
    assert "新增：1" in client.get(base).content.decode()


def test_a_bad_file_is_answered_on_the_form(client_for: Any, shenyang_editor: Any) -> None:
    client = client_for(shenyang_editor)
    answer = upload(client, "项目名称\n甲园\n", name="表.xlsx")
    assert answer.status_code == 400
    assert "扩展名" in answer.content.decode()
    assert upload(client, "").status_code == 400
    assert client.post("/imports/", {"kind": "nothing"}).status_code == 400


def test_wrong_mappings_are_explained(client_for: Any, shenyang_editor: Any) -> None:
    client = client_for(shenyang_editor)
    base = upload(client, "项目名称,数值\n甲园,1\n").url
    answer = client.post(base, {"use-0": "1", "c-0-1": "figure"})
    assert answer.status_code == 400
    assert "必填" in answer.content.decode()
    assert client.post(base, {}).status_code == 400


def test_strangers_get_404_and_colleagues_without_the_right_403(
    client_for: Any, shenyang_editor: Any, beijing_editor: Any, auditor: Any, ministry: Any, anonymous: Any
) -> None:
    base = upload(client_for(shenyang_editor), "项目名称\n甲园\n").url.removesuffix("mapping/")
    for path in ("", "mapping/", "progress/", "errors.xlsx"):
        assert client_for(beijing_editor).get(base + path).status_code == 404
        assert client_for(ministry).get(base + path).status_code == 403
        assert client_for(anonymous).get(base + path).status_code == 302
    assert client_for(auditor).get(base).status_code == 200
    for path in ("check/", "commit/", "cancel/", "decisions/", "mapping/"):
        assert client_for(beijing_editor).post(base + path).status_code in (404,)
        assert client_for(auditor).post(base + path).status_code == 403, path


def test_the_empty_table_can_be_had(client_for: Any, shenyang_editor: Any, member: Any) -> None:
    assert client_for(shenyang_editor).get("/imports/template/sample/").status_code == 200
    assert client_for(member).get("/imports/template/sample/").status_code == 403
    assert client_for(shenyang_editor).get("/imports/template/none/").status_code == 404
