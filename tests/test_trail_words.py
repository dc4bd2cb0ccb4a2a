"""The trail speaks in words: every action and kind of subject that the code leaves there has a label."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from duikou.intake.states import RunState
from duikou.kernel import permissions
from duikou.projects.states import PROJECT, Opinion
from duikou.records.selectors.wording import action_label, changes_in_words, kind_label
from duikou.records.services.audit import SubjectRef, record

HOUSE = Path(__file__).resolve().parent.parent / "duikou"
ROOMS = "|".join(sorted(path.parent.name for path in HOUSE.glob("*/apps.py")))
CODE = re.compile(rf"^({ROOMS})\.[a-z_]+\.[a-z_]+$")
FACTS = {"announce", "subscribe", "notice_on", "periodic"}


def _sources() -> Iterator[ast.Module]:
    for path in HOUSE.rglob("*.py"):
        if not {"tests", "migrations"}.intersection(path.parts) and path.name not in ("states.py", "policies.py"):
            yield ast.parse(path.read_text(encoding="utf-8"))


def _codes(tree: ast.Module) -> Iterator[str]:
    """Dotted codes of the house that stand anywhere but as the name of a fact or of a permission."""
    told = {
        id(argument)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and (getattr(call.func, "id", None) or getattr(call.func, "attr", None)) in FACTS
        for argument in call.args
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in told:
            continue
        if CODE.match(node.value) and node.value not in permissions.table():
            yield node.value


def _subjects(tree: ast.Module) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "SubjectRef" and call.args:
            kind = call.args[0]
            if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                yield kind.value


def test_every_action_in_the_code_has_a_label() -> None:
    written = {code for tree in _sources() for code in _codes(tree)}
    composed = {f"projects.project.{verb}" for steps in PROJECT.table.values() for verb in steps}
    composed |= {f"projects.project.{opinion.value}" for opinion in Opinion if opinion is not Opinion.PENDING}
    composed |= {f"intake.run.{state.value}" for state in (RunState.CANCELLED, RunState.FAILED)}
    assert len(written) > 50, "the search found hardly any action"
    assert sorted(code for code in written | composed if action_label(code) == code) == []


def test_every_kind_of_subject_in_the_code_has_a_label() -> None:
    kinds = {kind for tree in _sources() for kind in _subjects(tree)}
    assert sorted(kind for kind in kinds if kind_label(kind) == kind) == []


@pytest.mark.parametrize(("language", "expected"), [("zh-hans", "新增：3；有错误：1")])
def test_a_mapping_reads_as_words(language: str, expected: str) -> None:
    assert changes_in_words("intake.importrun", None, {"rows": {"new": 3, "error": 1}}) == [("行数", None, expected)]


def test_what_a_merge_moved_reads_as_words() -> None:
    after = {"moved": {"access.membership.organisation": 2}}
    assert changes_in_words("access.organisation", None, after) == [("移交的记录", None, "岗位：2")]


@pytest.mark.django_db
def test_the_trail_names_posts_in_words_and_hides_inboxes_from_an_operator(
    client_for, operator, auditor, shenyang_lead
):
    with transaction.atomic():
        subject = SubjectRef("flow.inboxitem", "1", "机器人产业园")
        event = record(actor=shenyang_lead.actor, action="flow.inboxitem.open", subject=subject, after={"title": "园"})
    address = f"/records/trail/{event.pk}/"
    assert "对口合作办负责人" in client_for(auditor).get(address).content.decode()
    seen = client_for(operator).get(address).content.decode()
    assert "机器人产业园" not in seen
    assert "业务内容不显示" in seen
