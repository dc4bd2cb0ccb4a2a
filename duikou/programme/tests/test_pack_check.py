"""A broken pack is refused with file, line and reason."""

from __future__ import annotations

import hashlib

import orjson
import pytest
from click.testing import CliRunner
from django.conf import settings

from duikou.programme.commands import group
from duikou.programme.services.pack_check import pack_check

PACK = "northeast-east-2017"
EXAMPLE = "east-west-2021"


@pytest.mark.parametrize("name", [PACK, EXAMPLE])
def test_the_shipped_packs_are_sound(name):
    assert pack_check(settings.PACKS / name).problems == []


BROKEN = [
    (EXAMPLE, "clauses.yaml", 'code: "2.2"', 'code: "2.1"', "重复"),
    (EXAMPLE, "clauses.yaml", 'code: "2.2"', "code: 2.2", "类型不对"),
    (EXAMPLE, "clauses.yaml", 'code: "2.2"', 'code: "7.2"', "没有上级条款"),
    (EXAMPLE, "clauses.yaml", 'code: "2.2"', 'code: "二"', "写法不对"),
    (EXAMPLE, "clauses.yaml", "kind: safeguard", "kind: wish", "不在允许的取值之内"),
    (EXAMPLE, "clauses.yaml", "title: 劳务协作", "titel: 劳务协作", "不认识的键"),
    (EXAMPLE, "clauses.yaml", "title: 劳务协作", "title: " + "长" * 201, "超过"),
    (EXAMPLE, "clauses.yaml", "title: 劳务协作", "title: [", "YAML"),
    (EXAMPLE, "clauses.yaml", "title: 劳务协作", "title: 劳务协作\n    title: 又一次", "YAML"),
    (EXAMPLE, "pairings.yaml", 'first: "150000"', 'first: "159999"', "没有代码"),
    (EXAMPLE, "pairings.yaml", 'first: "150000"', 'first: "371200"', "没有代码"),
    (EXAMPLE, "pairings.yaml", 'second: "110000"', "second: null", "乙侧"),
    (EXAMPLE, "pairings.yaml", 'second: "110000"', 'second: "150000"', "同一地区"),
    (EXAMPLE, "pairings.yaml", "valid_from: null", "valid_from: 2017-13-45", "YAML"),
    (EXAMPLE, "pairings.yaml", "valid_from: null", "valid_from: 2020-01-02, valid_to: 2020-01-01", "早于"),
    (EXAMPLE, "pairings.yaml", 'first: "640000", second: "350000"', 'first: "110000", second: "150000"', "重叠"),
    (EXAMPLE, "pairings.yaml", "level: provincial", "level: sub", "所属"),
    (EXAMPLE, "duties.yaml", "month: 6, day: 30", "month: 2, day: 30", "期限参数"),
    (EXAMPLE, "duties.yaml", "owed_by: [paired_sides]", "owed_by: [nobody]", "没有责任主体"),
    (EXAMPLE, "duties.yaml", "quote: 每年签订", "quote: 每月签订", "原文中没有"),
    (EXAMPLE, "indicators.yaml", 'clause: "2.2"', 'clause: "9.9"', "没有条款"),
    (EXAMPLE, "kinds.yaml", "type: int", "type: integer", "不在允许的取值之内"),
    (EXAMPLE, "kinds.yaml", "type: int", "type: choice", "选项"),
    (EXAMPLE, "pack.yaml", 'version: "1.1"', 'version: "one"', "版本号"),
    (EXAMPLE, "pack.yaml", 'version: "1.1"', "version: 1.1", "类型不对"),
    (EXAMPLE, "pack.yaml", "illustrative: true", "illustrative: true\nsource_text: ../../secret", "目录之内"),
    (PACK, "routes.yaml", "role: office_lead", "role: office_boss", "不在允许的取值之内"),
    (PACK, "routes.yaml", "role: office_lead", "role: coordinator", "不属于这一方"),
    (PACK, "routes.yaml", "role: cadre_authority", "role: office_lead", "不属于这一方"),
    (PACK, "routes.yaml", "act: issue", "act: burn", "不在允许的取值之内"),
    (PACK, "routes.yaml", "code: second_lead", "code: first_lead", "重复"),
    (PACK, "routes.yaml", "code: second_lead", "code: author", "保留字"),
    (PACK, "routes.yaml", "- code: filed", "- code: signed", "重复"),
    (PACK, "routes.yaml", "distinct_from: [author]", "distinct_from: [nobody]", "没有环节"),
    (PACK, "routes.yaml", "distinct_from: [author]", "distinct_from: [first_lead]", "此前或同一阶段"),
    (PACK, "routes.yaml", "distinct_from: [author]", "distinct_from: [ndrc_issue]", "此前或同一阶段"),
    (PACK, "routes.yaml", "return_to: [author]", "return_to: [author, ndrc_issue]", "只能退回此前"),
    (PACK, "kinds.yaml", "{verb: sign, field: size}", "{verb: sign, field: weight}", "没有可以要求填写的项"),
    (PACK, "kinds.yaml", "{verb: sign, field: size}", "{verb: sign}", "一道关口写一项"),
    (PACK, "kinds.yaml", "{verb: sign, field: size}", "{verb: sign, file: 证明, file_en: Proof}", "附件要写明"),
    (PACK, "kinds.yaml", "{verb: sign, field: size}", "{verb: fly, field: size}", "不在允许的取值之内"),
    (PACK, "routes.yaml", "return_to: [author, first_lead]", "return_to: [author, ndrc_receive]", "只能退回此前"),
    (PACK, "routes.yaml", "return_to: [author, first_lead]", "return_to: [author, 7]", "应是文字"),
    (PACK, "routes.yaml", "working_days: 5", "working_days: 500", "0至365"),
    (PACK, "routes.yaml", "working_days: 5", "working_days: five", "类型不对"),
    (PACK, "routes.yaml", "remind_before: 2", "remind_before: 5", "小于期限"),
    (
        PACK,
        "routes.yaml",
        "escalate_to: {party: nation, role: coordinator}",
        "escalate_to: {party: moon}",
        "escalate_to",
    ),
    (PACK, "routes.yaml", "code: ndrc_issue\n", "code: ndrc_issue\n            optional: true\n", "必办"),
    (PACK, "routes.yaml", "act: issue\n", "act: issue\n            hurry: true\n", "不认识的键"),
    (PACK, "routes.yaml", "type: text, longest: 60", "type: prose, longest: 60", "不在允许的取值之内"),
    (PACK, "routes.yaml", "type: text, longest: 60", "type: date, longest: 60", "只有文字可以写模式"),
    (PACK, "routes.yaml", "type: text, longest: 60", "type: choice, longest: 60", "要列出选项"),
    (PACK, "routes.yaml", "longest: 60", "longest: 5000", "1至1000"),
    (PACK, "routes.yaml", "pattern: '[", "pattern: '(", "读不懂"),
    (PACK, "routes.yaml", "example: 发改振兴〔2018〕123号", "example: 发改振兴2018年123号", "符合它的示例"),
    (PACK, "routes.yaml", "code: document_date", "code: document_number", "重复"),
    (PACK, "routes.yaml", "not_before: document_date", "not_before: in_force_on", "此前填报的日期"),
    (PACK, "routes.yaml", 'clause: "4.2"', 'clause: "9.2"', "没有条款"),
    (PACK, "clauses.yaml", "放管结合", "放管", "与原文不符"),
    (PACK, "kinds.yaml", "{word: 航线, at: bracket", "{word: 活动, at: bracket", "已用于另一个类别"),
    (PACK, "kinds.yaml", "sets: {mode: flight}", "sets: {mode: rocket}", "只能填入"),
    (PACK, "kinds.yaml", "sets: {mode: flight}", "sets: {mode: [flight]}", "只能填入"),
    (
        PACK,
        "kinds.yaml",
        '{word: 智库, at: name, clauses: ["3.3.4", "3.4.4"]}',
        '{word: 智库, at: name, clauses: ["9.9"]}',
        "没有条款",
    ),
    (PACK, "kinds.yaml", "{word: 航线, at: bracket", "{word: 航线, at: tail", "不在允许的取值之内"),
    (
        PACK,
        "pairings.yaml",
        'parent: jilin-zhejiang, first: "220100"',
        'parent: jilin-zhejiang, first: "210100"',
        "不在",
    ),
]


@pytest.mark.parametrize(("name", "file", "old", "new", "reason"), BROKEN)
def test_a_broken_pack_is_refused_with_its_line_and_reason(draft, name, file, old, new, reason):
    pack = draft(name)
    line = pack.change(file, old, new)
    problems = pack_check(pack.folder).problems
    named = [problem for problem in problems if problem.file == file and reason in problem.reason]
    assert named, [str(problem) for problem in problems]
    assert any(abs(problem.line - line) <= 2 for problem in named), (line, [str(problem) for problem in named])


@pytest.mark.parametrize(("old", "new"), [("at: 42,", "at: 43,"), ("at: 42,", "at: 420,"), ("{at: 42, ", "{")])
def test_a_piece_in_the_wrong_place_is_refused(draft, old, new):
    pack = draft(PACK)
    pack.change("clauses.yaml", old, new)
    assert {problem.file for problem in pack_check(pack.folder).problems} == {"clauses.yaml"}


def test_a_pack_whose_kinds_ask_for_nothing_keeps_the_digest_it_had_before_there_were_gates(draft):
    found = pack_check(draft().folder)
    assert all("gates" not in row.data and row["gates"] == [] for row in found.rows["kinds"])


def test_all_problems_are_listed_not_only_the_first(draft):
    pack = draft()
    pack.change("clauses.yaml", "kind: safeguard", "kind: wish")
    pack.change("pairings.yaml", 'first: "150000"', 'first: "159999"')
    pack.change("kinds.yaml", "type: int", "type: integer")
    assert {problem.file for problem in pack_check(pack.folder).problems} >= {
        "clauses.yaml",
        "pairings.yaml",
        "kinds.yaml",
    }


@pytest.mark.parametrize(
    "content", ["routes: [{}]", "routes: [{code: a, stages: 5}]", "routes:\n- stages: [{steps: [7]}]"]
)
def test_rubbish_in_routes_is_a_problem_and_not_a_crash(draft, content):
    pack = draft()
    (pack.folder / "routes.yaml").write_text(content)
    assert {problem.file for problem in pack_check(pack.folder).problems} == {"routes.yaml"}


def test_a_pack_does_without_routes_and_keeps_the_digest_it_had_before_there_were_any(draft):
    pack = draft()
    later = ("routes", "topics", "blockers")
    for name in later:
        (pack.folder / f"{name}.yaml").unlink(missing_ok=True)
    found = pack_check(pack.folder)
    assert found.problems == []
    rest = {key: [row.data for row in rows] for key, rows in found.rows.items() if key not in later}
    content = [found.head, rest, ""]
    assert found.digest() == hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"clauses: 5", b"\xff\xfe\x00", b"a: &a [*a]", b"clauses: [1, 2]", b"- " * 5000]
)
def test_a_file_of_rubbish_is_a_problem_and_not_a_crash(draft, content):
    pack = draft()
    (pack.folder / "clauses.yaml").write_bytes(content)
    assert pack_check(pack.folder).problems


def test_a_missing_file_is_named(draft):
    pack = draft()
    (pack.folder / "pairings.yaml").unlink()
    assert [problem.file for problem in pack_check(pack.folder).problems] == ["pairings.yaml"]


def test_the_command_prints_every_problem_and_fails(draft):
    pack = draft()
    line = pack.change("kinds.yaml", "type: int", "type: integer")
    result = CliRunner().invoke(group, ["check", str(pack.folder)])
    assert result.exit_code == 1
    assert f"kinds.yaml:{line}:" in result.output
