"""Kinds of blockers come with the pack; a pack that names none gets the platform's."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from duikou.kernel.actor import Actor
from duikou.programme import selectors
from duikou.programme.services.pack_check import pack_check
from duikou.programme.services.pack_diff import programme_diff
from duikou.programme.services.pack_export import programme_export
from duikou.programme.services.pack_load import programme_load

OWN = """blockers:
  - {code: water, title: 用水, title_en: Water, working_days: 7}
"""


def _copy(tmp_path: Path, blockers: str | None) -> Path:
    folder = tmp_path / "own-pack"
    folder.mkdir()
    for file in (settings.PACKS / "east-west-2021").iterdir():
        text = file.read_text(encoding="utf-8")
        (folder / file.name).write_text(text.replace("code: east-west-2021", "code: own-pack"), encoding="utf-8")
    if blockers is not None:
        (folder / "blockers.yaml").write_text(blockers, encoding="utf-8")
    return folder


@pytest.mark.django_db
def test_a_pack_brings_its_own_kinds(tmp_path: Path) -> None:
    programme, _new = programme_load(actor=Actor.command("tests"), folder=_copy(tmp_path, OWN))
    assert [(kind.code, kind.working_days) for kind in selectors.blocker_kinds_of(programme)] == [("water", 7)]
    assert programme_export(programme)["blockers"][0]["title"] == "用水"


@pytest.mark.django_db
def test_a_pack_without_any_gets_the_usual_five(tmp_path: Path) -> None:
    folder = _copy(tmp_path, None)
    programme, _new = programme_load(actor=Actor.command("tests"), folder=folder)
    codes = [kind.code for kind in selectors.blocker_kinds_of(programme)]
    assert codes == ["land", "energy", "finance", "approval", "other"]
    head = folder / "pack.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace("note: 示例数据包", "note: 改了"), encoding="utf-8")
    assert not [line for line in programme_diff(pack_check(folder)) if "blockers" in line]


@pytest.mark.django_db
def test_a_term_of_no_days_is_refused_with_its_line(tmp_path: Path) -> None:
    pack = pack_check(_copy(tmp_path, OWN.replace("working_days: 7", "working_days: 0")))
    assert [(problem.file, problem.line) for problem in pack.problems] == [("blockers.yaml", 2)]
