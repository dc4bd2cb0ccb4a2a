"""What must hold inside a pack beyond the form of its files."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from duikou.programme.rules.versions import version_key
from duikou.programme.services.pack_read import Pack, Row, pack_read
from duikou.programme.services.pack_routes import check_routes
from duikou.programme.services.places import gazetteer
from duikou.programme.states import GATE_FACTS, ClauseKind, PairingLevel

_SLUG = re.compile(r"^[a-z0-9][a-z0-9_-]*$", re.IGNORECASE)
_CLAUSE_CODE = re.compile(r"^\d{1,2}(\.\d{1,2})*$")
_SPACE = re.compile(r"\s")


def pack_check(folder: Path) -> Pack:
    """Read a pack and note everything wrong with it, not only the first thing."""
    pack = pack_read(folder)
    if pack.head:
        _check_head(pack)
    for rows in pack.rows.values():
        _check_codes(pack, rows)
    _check_clauses(pack)
    if pack.source_text:
        _check_source(pack)
    _check_links(pack)
    _check_duties(pack)
    _check_kinds(pack)
    _check_pairings(pack)
    check_routes(pack)
    _check_blockers(pack)
    pack.problems.sort()
    return pack


def _check_blockers(pack: Pack) -> None:
    for row in pack.rows["blockers"]:
        if not 1 <= row["working_days"] <= 250:
            pack.refuse(row.file, row.line("working_days"), _("办理期限应为1至250个工作日。"))


def clause_text(row: Row) -> str:
    """A clause's whole text in reading order: heading and paragraphs, a lead running into its paragraph."""
    return "\n".join(paragraphs(row.data))


def paragraphs(data: dict[str, Any]) -> list[str]:
    """The printed paragraphs of a clause, the heading first; marks and leads stand before what they introduce."""
    lines = ["".join(piece["text"] for piece in data["heading"])] if data["heading"] else []
    start = ""
    for piece in data["body"]:
        start += piece["text"]
        if piece.get("role") not in ("mark", "lead"):
            lines.append(start)
            start = ""
    return [*lines, *([start] if start else [])]


def _check_head(pack: Pack) -> None:
    marks = pack.head_marks
    if pack.code and not _SLUG.match(pack.code):
        pack.refuse("pack.yaml", marks.line("code"), _("代码只能用小写字母、数字和连字符。"))
    if pack.version and version_key(pack.version) is None:
        pack.refuse("pack.yaml", marks.line("version"), _("版本号应为1、1.2这样的数字。"))


def _check_codes(pack: Pack, rows: Iterable[Row]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        code = row["code"]
        if not code:
            continue
        form = _CLAUSE_CODE if row.key == "clauses" else _SLUG
        if not form.match(code):
            pack.refuse(row.file, row.line("code"), _("代码“%(code)s”的写法不对。") % {"code": code})
        if code in seen:
            reason = _("代码“%(code)s”重复，第%(line)d行已有。") % {"code": code, "line": seen[code]}
            pack.refuse(row.file, row.line("code"), reason)
        seen.setdefault(code, row.line("code"))


def _check_clauses(pack: Pack) -> None:
    codes = {row["code"] for row in pack.rows["clauses"]}
    moved: set[str] = set()
    for row in pack.rows["clauses"]:
        parent = row["code"].rpartition(".")[0]
        if parent and parent not in codes and row["kind"] != ClauseKind.PREAMBLE:
            reason = _("没有上级条款“%(code)s”。") % {"code": parent}
            pack.refuse(row.file, row.line("code"), reason)
        if not row["heading"] and not row["body"]:
            pack.refuse(row.file, row.line(), _("条款没有文字。"))
        if row["moved_from"] and (row["moved_from"] in moved or row["moved_from"] == row["code"]):
            pack.refuse(row.file, row.line("moved_from"), _("“moved_from”重复或指向自己。"))
        moved.add(row["moved_from"])


def _check_source(pack: Pack) -> None:
    """Pieces in the order of `at` make the source text, character by character, white space aside."""
    pieces = sorted(
        (
            (piece["at"], row, (part, number), _SPACE.sub("", piece["text"]))
            for row in pack.rows["clauses"]
            for part in ("heading", "body")
            for number, piece in enumerate(row[part])
            if isinstance(piece.get("at"), int)
        ),
        key=lambda found: found[0],
    )
    for row in pack.rows["clauses"]:
        for part in ("heading", "body"):
            for number, piece in enumerate(row[part]):
                if not isinstance(piece.get("at"), int):
                    pack.refuse(row.file, row.line(part, number), _("缺少“at”（在原文中的次序）。"))
    source = _SPACE.sub("", pack.source_text)
    place, last = 0, None
    for at, row, path, words in pieces:
        if at == last:
            pack.refuse(row.file, row.line(*path), _("次序at=%(at)d出现两次。") % {"at": at})
            return
        if not source.startswith(words, place):
            reason = _("与原文不符：原文此处为“%(words)s…”。") % {"words": source[place : place + 20]}
            pack.refuse(row.file, row.line(*path), reason)
            return
        place, last = place + len(words), at
    if place != len(source):
        reason = _("原文还有文字未列入任何条款：“%(words)s…”。") % {"words": source[place : place + 20]}
        pack.refuse("clauses.yaml", 1, reason)


def _check_links(pack: Pack) -> None:
    texts = {row["code"]: _SPACE.sub("", clause_text(row)) for row in pack.rows["clauses"]}
    for key in ("targets", "duties", "indicators", "routes"):
        for row in pack.rows[key]:
            _check_clause(pack, row, ("clause",), row["clause"], texts, row.data.get("quote", ""), "quote")
    for key in ("bodies", "kinds", "topics"):
        for row in pack.rows[key]:
            for at, code in enumerate(row["clauses"]):
                words = row.data.get("named", "")
                _check_clause(pack, row, ("clauses", at), code, texts, words, "named")
            if not row["clauses"]:
                pack.refuse(row.file, row.line("clauses"), _("至少要指明一个条款。"))


def _check_clause(
    pack: Pack, row: Row, path: tuple[str | int, ...], code: object, texts: dict[str, str], words: str, named: str
) -> None:
    if not code:
        return
    if code not in texts:
        pack.refuse(row.file, row.line(*path), _("没有条款“%(code)s”。") % {"code": code})
    elif words and _SPACE.sub("", words) not in texts[str(code)]:
        reason = _("条款%(code)s的原文中没有“%(words)s”。") % {"code": code, "words": words}
        pack.refuse(row.file, row.line(named), reason)


def _check_duties(pack: Pack) -> None:
    bodies = {row["code"] for row in pack.rows["bodies"]}
    for row in pack.rows["duties"]:
        for key in ("owed_by", "owed_to"):
            for at, code in enumerate(row[key]):
                if code not in bodies:
                    reason = _("没有责任主体“%(code)s”。") % {"code": code}
                    pack.refuse(row.file, row.line(key, at), reason)
        if not _due_is_sound(row["due"]):
            pack.refuse(row.file, row.line("due"), _("期限参数不对：规则、月、日应成立。"))


def _due_is_sound(due: dict[str, Any]) -> bool:
    if due.get("rule") == "none":
        return set(due) == {"rule"}
    if due.get("rule") not in ("yearly", "every_n_years"):
        return False
    numbers = {name: value for name, value in due.items() if name != "rule"}
    if set(numbers) - {"month", "day", "year_offset", "years"} or any(type(n) is not int for n in numbers.values()):
        return False
    month: int = numbers.get("month", 0)
    day: int = numbers.get("day", 0)
    if not 1 <= month <= 12 or not -3 <= numbers.get("year_offset", 0) <= 3:
        return False
    if due["rule"] == "every_n_years" and not 1 <= numbers.get("years", 0) <= 20:
        return False
    return day == -1 or 1 <= day <= calendar.monthrange(2023, month)[1]


def _check_kinds(pack: Pack) -> None:
    for row in pack.rows["kinds"]:
        keys: set[str] = set()
        for at, field in enumerate(row["fields"]):
            if field["key"] in keys or (field["key"] and not _SLUG.match(field["key"])):
                pack.refuse(row.file, row.line("fields", at), _("字段键重复或写法不对。"))
            keys.add(field["key"])
            if (field["type"] == "choice") != bool(field["choices"]):
                pack.refuse(row.file, row.line("fields", at), _("选项字段要列出选项，其他字段不能有选项。"))
            _check_limits(pack, row, at, field)
        _check_gates(pack, row, keys)
    _check_record_words(pack)


def _check_gates(pack: Pack, row: Row, keys: set[str]) -> None:
    """A gate asks for one thing: a fact or field that the kind has, or a file known by words."""
    for at, gate in enumerate(row["gates"]):
        line = row.line("gates", at)
        if bool(gate["field"]) == bool(gate["file"]):
            pack.refuse(row.file, line, _("一道关口写一项：field（要填的项）或file（要有的附件）。"))
        elif gate["field"] and gate["field"] not in keys and gate["field"] not in GATE_FACTS:
            pack.refuse(row.file, line, _("没有可以要求填写的项“%(key)s”。") % {"key": gate["field"]})
        elif bool(gate["file"]) != bool(gate["words"]) or (gate["file"] and not gate["file_en"]):
            pack.refuse(row.file, line, _("附件要写明file、file_en和认出它的words。"))
        elif not all(isinstance(word, str) and word for word in gate["words"]):
            pack.refuse(row.file, line, _("类型不对，应为文字。"))


def _check_limits(pack: Pack, row: Row, at: int, field: dict[str, Any]) -> None:
    """Limits stand at number fields only, the least not above the greatest."""
    limits = [field[name] for name in ("min", "max") if name in field]
    if limits and field["type"] not in ("int", "decimal", "money", "area"):
        pack.refuse(row.file, row.line("fields", at), _("只有数字、金额、面积字段可以写min和max。"))
    elif limits != sorted(limits) or any(not math.isfinite(limit) for limit in limits):
        pack.refuse(row.file, row.line("fields", at), _("min不能大于max，两者都应是有限的数。"))


def _check_record_words(pack: Pack) -> None:
    """A bracket word names one kind; clauses and field values that a word speaks of exist."""
    clauses = {row["code"] for row in pack.rows["clauses"]}
    brackets: set[str] = set()
    for row in pack.rows["kinds"]:
        values = {field["key"]: {choice["value"] for choice in field["choices"]} for field in row["fields"]}
        for at, word in enumerate(row["record_words"]):
            line = row.line("record_words", at)
            if word["at"] == "bracket":
                if word["word"] in brackets:
                    pack.refuse(row.file, line, _("括号词“%(word)s”已用于另一个类别。") % {"word": word["word"]})
                brackets.add(word["word"])
            unknown = [code for code in word["clauses"] if not isinstance(code, str) or code not in clauses]
            if unknown:
                pack.refuse(row.file, line, _("没有条款“%(code)s”。") % {"code": str(unknown[0])[:40]})
            if not all(isinstance(text, str) and text for text in (*word["clauses"], *word["unless"])):
                pack.refuse(row.file, line, _("类型不对，应为文字。"))
            for key, value in word["sets"].items():
                if not isinstance(value, str) or value not in values.get(key, ()):
                    pack.refuse(row.file, line, _("只能填入本类别选项字段的选项：%(key)s。") % {"key": str(key)[:40]})


def _check_pairings(pack: Pack) -> None:
    places = gazetteer().places
    rows = {row["code"]: row for row in pack.rows["pairings"]}
    for row in rows.values():
        for side in ("first", "second"):
            code = row[side]
            if code and (code not in places or places[code].valid_to):
                reason = _("现行区划中没有代码“%(code)s”。") % {"code": code}
                pack.refuse(row.file, row.line(side), reason)
        if not row["second"] and row["level"] != PairingLevel.EXPLORATORY:
            pack.refuse(row.file, row.line("second"), _("只有探索中的对口关系可以不写乙侧。"))
        if row["first"] and row["first"] == row["second"]:
            pack.refuse(row.file, row.line("second"), _("两侧不能是同一地区。"))
        if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
            pack.refuse(row.file, row.line("valid_to"), _("终止日期早于起始日期。"))
        _check_parent(pack, row, rows)
    for one, two in combinations(pack.rows["pairings"], 2):
        if two["second"] and {one["first"], one["second"]} == {two["first"], two["second"]} and _overlap(one, two):
            reason = _("与第%(line)d行的对口关系在时间上重叠。") % {"line": one.line()}
            pack.refuse(two.file, two.line(), reason)


def _check_parent(pack: Pack, row: Row, rows: dict[str, Row]) -> None:
    if not row["parent"]:
        if row["level"] == PairingLevel.SUB:
            pack.refuse(row.file, row.line(), _("下级结对要写明所属的对口关系。"))
        return
    parent = rows.get(row["parent"])
    if parent is None or row["parent"] == row["code"]:
        reason = _("没有对口关系“%(code)s”。") % {"code": row["parent"]}
        pack.refuse(row.file, row.line("parent"), reason)
        return
    if parent["parent"] and rows.get(parent["parent"], row)["parent"]:
        pack.refuse(row.file, row.line("parent"), _("对口关系最多三层。"))
    places = gazetteer().places
    for side in ("first", "second"):
        inner, outer = places.get(row[side] or ""), places.get(parent[side] or "")
        if inner and outer and not inner.path.startswith(outer.path):
            reason = _("%(inner)s不在%(outer)s之内。") % {"inner": inner.name, "outer": outer.name}
            pack.refuse(row.file, row.line(side), reason)


def _overlap(one: Row, two: Row) -> bool:
    def span(row: Row) -> tuple[dt.date, dt.date]:
        return row["valid_from"] or dt.date.min, row["valid_to"] or dt.date.max

    (start, end), (other_start, other_end) = span(one), span(two)
    return start <= other_end and other_start <= end
