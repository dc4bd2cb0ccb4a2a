"""A project's page leads to the import it came from and so to the file, for those who may see the import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from duikou.intake.models import ImportRun
from duikou.projects.models import Project
from duikou.projects.selectors.imports import imports_of
from duikou.projects.tests.test_imports import HEAD, load

__all__ = ["load"]
pytestmark = pytest.mark.django_db
FILE = f"{HEAD}沈阳一园,沈阳市,北京市,沈阳-北京,3.4.2,500,2019,开工,记者,\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def test_the_page_leads_to_the_import_for_those_who_may_see_it(
    load: Callable[..., ImportRun],
    client_for: Callable[[Any], Client],
    shenyang_editor: Any,
    beijing_editor: Any,
    auditor: Any,
    coordinator: Any,
    query_counts: Any,
) -> None:
    run = load(FILE, actor=shenyang_editor.actor, name="第一批.csv")
    project = Project.objects.get()
    page, link = f"/projects/{project.pk}/", f"/imports/{run.uid}/"
    for person in (shenyang_editor, auditor, coordinator):
        browser = client_for(person)
        words = browser.get(page).content.decode()
        assert link in words
        assert browser.get(link).status_code == 200
    browser = client_for(shenyang_editor)
    with query_counts("projects.page.imported"):
        browser.get(page)
    assert link not in client_for(beijing_editor).get(page).content.decode()


def test_each_import_that_changed_the_project_is_named_once_and_no_other(
    load: Callable[..., ImportRun], shenyang_editor: Any, beijing_editor: Any, auditor: Any
) -> None:
    first = load(FILE, actor=shenyang_editor.actor, name="同名.csv")
    project = Project.objects.get()
    load(FILE.replace("沈阳一园", "沈阳另一处"), actor=shenyang_editor.actor, name="同名.csv")
    assert imports_of(actor=auditor.actor, project=project) == [first]
    partner = load(FILE, actor=beijing_editor.actor, name="北京.csv")
    assert imports_of(actor=auditor.actor, project=project) == [first, partner]
    assert imports_of(actor=shenyang_editor.actor, project=project) == [first]
    assert imports_of(actor=beijing_editor.actor, project=project) == [partner]
