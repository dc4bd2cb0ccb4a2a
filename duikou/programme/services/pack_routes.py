"""What must hold for the routes of a pack: every run of one can be finished, and by whom it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from duikou.kernel.actor import NATIONWIDE
from duikou.programme.services.pack_read import Pack, Row
from duikou.programme.states import StepParty, StepRole

AUTHOR = "author"
"""Whoever started the route; no step may be called so."""

MOST_DAYS = 365
_SLUG = re.compile(r"^[a-z][a-z0-9_]*$")
_NATION = {role.value for role in NATIONWIDE}


@dataclass(frozen=True, slots=True)
class _Step:
    data: dict[str, Any]
    stage: int
    path: tuple[str | int, ...]


def check_routes(pack: Pack) -> None:
    """Note everything wrong with the routes, each with its line."""
    for row in pack.rows["routes"]:
        steps = _steps(pack, row)
        places = {step.data["code"]: step.stage for step in steps if step.data["code"]}
        asked: set[str] = set()
        for step in steps:
            _check_who(pack, row, step)
            _check_days(pack, row, step)
            _check_distinct(pack, row, step, places)
            _check_asks(pack, row, step, asked)
            _check_returns(pack, row, (*step.path, "return_to"), step.data["return_to"] or [], places, step.stage)
        last = len(row["stages"]) - 1
        _check_returns(pack, row, ("return_to",), row["return_to"], places, last)


def _steps(pack: Pack, row: Row) -> list[_Step]:
    """All steps in order; empty stages and codes that stand twice are noted on the way."""
    found: list[_Step] = []
    seen: set[str] = set()
    if not row["stages"]:
        pack.refuse(row.file, row.line("stages"), _("流程至少要有一个阶段。"))
    for at, stage in enumerate(row["stages"]):
        _check_code(pack, row, ("stages", at, "code"), stage["code"], seen)
    seen = {AUTHOR}
    for at, stage in enumerate(row["stages"]):
        if all(step["optional"] for step in stage["steps"]):
            pack.refuse(row.file, row.line("stages", at, "steps"), _("每个阶段至少要有一个必办的环节。"))
        for number, step in enumerate(stage["steps"]):
            path = ("stages", at, "steps", number)
            _check_code(pack, row, (*path, "code"), step["code"], seen)
            found.append(_Step(step, at, path))
    return found


def _check_code(pack: Pack, row: Row, path: tuple[str | int, ...], code: str, seen: set[str]) -> None:
    if not code:
        return
    if not _SLUG.match(code):
        pack.refuse(row.file, row.line(*path), _("代码“%(code)s”的写法不对。") % {"code": code})
    elif code in seen:
        pack.refuse(row.file, row.line(*path), _("代码“%(code)s”重复或是保留字。") % {"code": code})
    seen.add(code)


def _check_who(pack: Pack, row: Row, step: _Step) -> None:
    if not _fits(step.data["party"], step.data["role"]):
        pack.refuse(row.file, row.line(*step.path, "role"), _("这个岗位不属于这一方。"))
    target = step.data["escalate_to"]
    if target is None:
        return
    line = row.line(*step.path, "escalate_to")
    party, role = target.get("party"), target.get("role")
    if set(target) != {"party", "role"} or party not in StepParty.values or role not in StepRole.values:
        pack.refuse(row.file, line, _("“escalate_to”应写明已知的party和role。"))
    elif not _fits(party, role):
        pack.refuse(row.file, line, _("这个岗位不属于这一方。"))


def _fits(party: str, role: str) -> bool:
    """Posts of the nation for the nation's steps, posts over a region for a side's; blanks are noted elsewhere."""
    return not party or not role or (party == StepParty.NATION) == (role in _NATION)


def _check_days(pack: Pack, row: Row, step: _Step) -> None:
    days, before = step.data["working_days"], step.data["remind_before"]
    if not 0 <= days <= MOST_DAYS:
        pack.refuse(row.file, row.line(*step.path, "working_days"), _("工作日数应在0至365之间。"))
    elif before and not 0 < before < days:
        pack.refuse(row.file, row.line(*step.path, "remind_before"), _("提醒提前的天数应小于期限。"))
    if step.data["escalate_to"] is not None and not days:
        pack.refuse(row.file, row.line(*step.path, "escalate_to"), _("没有期限的环节不能上报逾期。"))


def _check_distinct(pack: Pack, row: Row, step: _Step, places: dict[str, int]) -> None:
    for at, code in enumerate(step.data["distinct_from"]):
        line = row.line(*step.path, "distinct_from", at)
        if code != AUTHOR and code not in places:
            pack.refuse(row.file, line, _("没有环节“%(code)s”。") % {"code": code})
        elif code == step.data["code"] or places.get(code, -1) > step.stage:
            pack.refuse(row.file, line, _("“distinct_from”只能指此前或同一阶段的其他环节。"))


def _check_asks(pack: Pack, row: Row, step: _Step, seen: set[str]) -> None:
    """What a step asks for has a code of its own in the route, a pattern that can be read, bounds that exist."""
    dates: set[str] = {"today", "start"}
    for at, ask in enumerate(step.data.get("asks", ())):
        path = (*step.path, "asks", at)
        _check_code(pack, row, (*path, "code"), ask["code"], seen)
        kind = ask["type"]
        if (kind == "choice") != bool(ask["choices"]):
            pack.refuse(row.file, row.line(*path), _("选项字段要列出选项，其他字段不能有选项。"))
        if not 1 <= ask["longest"] <= 1000:
            pack.refuse(row.file, row.line(*path, "longest"), _("长度应在1至1000之间。"))
        _check_pattern(pack, row, path, ask)
        for bound in ("not_before", "not_after"):
            if ask[bound] and (kind != "date" or ask[bound] not in dates):
                words = _("只有日期可以限定早晚，界限应是today、start或此前填报的日期。")
                pack.refuse(row.file, row.line(*path, bound), words)
        if kind == "date":
            dates.add(ask["code"])


def _check_pattern(pack: Pack, row: Row, path: tuple[str | int, ...], ask: dict[str, Any]) -> None:
    """A pattern belongs to a text and can be read; its example fits it."""
    pattern = ask["pattern"]
    if not pattern:
        return
    line = row.line(*path, "pattern")
    try:
        fits = re.fullmatch(pattern, ask["example"]) is not None
    except re.error:
        pack.refuse(row.file, line, _("这个模式（正则表达式）读不懂。"))
        return
    if ask["type"] != "text":
        pack.refuse(row.file, line, _("只有文字可以写模式。"))
    elif not fits:
        pack.refuse(row.file, line, _("有模式就要有一个符合它的示例（example）。"))


def _check_returns(
    pack: Pack, row: Row, path: tuple[str | int, ...], codes: list[Any], places: dict[str, int], stage: int
) -> None:
    """A return goes back: to the author or to a step of a stage before `stage`."""
    for at, code in enumerate(codes):
        line = row.line(*path, at)
        if not isinstance(code, str) or (code != AUTHOR and code not in places):
            pack.refuse(row.file, line, _("没有环节“%(code)s”。") % {"code": str(code)[:40]})
        elif code != AUTHOR and places[code] >= stage:
            pack.refuse(row.file, line, _("只能退回此前的环节，不能退回“%(code)s”。") % {"code": code})
