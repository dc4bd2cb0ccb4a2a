"""Reading a pack: files into checked rows, every problem with its file and line."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from duikou.programme.rules.marked import Marked, Unreadable, parse
from duikou.programme.services.pack_schema import (
    ASK,
    CHOICE,
    GATE,
    HEAD,
    LATER,
    PIECE,
    PROJECT_FIELD,
    RECORD_WORD,
    SECTIONS,
    STAGE,
    STEP,
    Field,
    Section,
)

LARGEST_FILE = 5_000_000


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Why a pack is refused: file, line (from 1) and reason."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(slots=True)
class Row:
    """One entry of a section with defaults filled in."""

    data: dict[str, Any]
    file: str
    at: int
    marks: Marked
    key: str

    def __getitem__(self, name: str) -> Any:
        return self.data.get(name, LATER[name]) if name in LATER else self.data[name]

    def line(self, *path: str | int) -> int:
        """The line of this entry, or of something inside it."""
        return self.marks.line(self.key, self.at, *path)


@dataclass(slots=True)
class Pack:
    """A pack as read; good for loading when `problems` is empty."""

    folder: Path
    head: dict[str, Any] = field(default_factory=dict)
    head_marks: Marked = field(default_factory=Marked)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    source_text: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The programme's code."""
        return str(self.head.get("code", ""))

    @property
    def version(self) -> str:
        """The edition."""
        return str(self.head.get("version", ""))

    def refuse(self, file: str, line: int, reason: str) -> None:
        """Note one more problem."""
        self.problems.append(Problem(file, line, reason))

    def digest(self) -> str:
        """A name for exactly this content, whatever the layout of the files."""
        later = {section.key for section in SECTIONS if section.later}
        sections = {key: [row.data for row in rows] for key, rows in self.rows.items() if rows or key not in later}
        content = [self.head, sections, self.source_text]
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def pack_folder(name: str) -> Path:
    """The folder of a pack given by path or by the name of a pack that the product ships."""
    given = Path(name)
    return given if given.is_dir() else Path(settings.PACKS) / name


def pack_read(folder: Path) -> Pack:
    """Read all files of a pack; never raises for what is wrong in them, see `Pack.problems`."""
    pack = Pack(folder)
    head = _file(pack, "pack.yaml", required=True)
    if head is not None:
        pack.head_marks = head
        pack.head = _mapping(pack, "pack.yaml", head, (), head.data, HEAD)
    for section in SECTIONS:
        pack.rows[section.key] = _section(pack, section)
    if pack.head.get("source_text"):
        pack.source_text = _text(pack, str(pack.head["source_text"]), required=True) or ""
    return pack


def _text(pack: Pack, name: str, *, required: bool) -> str | None:
    path = (pack.folder / name).resolve()
    if not path.is_relative_to(pack.folder.resolve()):
        pack.refuse("pack.yaml", pack.head_marks.line("source_text"), _("文件必须在数据包目录之内。"))
        return None
    if not path.is_file():
        if required:
            pack.refuse(name, 1, _("缺少这个文件。"))
        return None
    if path.stat().st_size > LARGEST_FILE:
        pack.refuse(name, 1, _("文件太大。"))
        return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        pack.refuse(name, line, _("文件不是UTF-8编码。"))
        return None


def _file(pack: Pack, name: str, *, required: bool) -> Marked | None:
    content = _text(pack, name, required=required)
    if content is None:
        return None
    try:
        return parse(content)
    except Unreadable as error:
        pack.refuse(name, error.line, _("YAML格式有误：%(problem)s") % {"problem": error.problem})
        return None


def _section(pack: Pack, section: Section) -> list[Row]:
    marks = _file(pack, section.file, required=section.required)
    if marks is None:
        return []
    listed = marks.data.get(section.key) if isinstance(marks.data, dict) else None
    if not isinstance(listed, list) or (section.required and not listed):
        pack.refuse(section.file, 1, _("文件应含有“%(key)s”列表。") % {"key": section.key})
        return []
    rows = []
    for at, item in enumerate(listed):
        data = _mapping(pack, section.file, marks, (section.key, at), item, section.fields)
        for name, inner in _INNER.get(section.key, {}).items():
            data[name] = _inner(pack, section.file, marks, (section.key, at, name), data.get(name), inner)
        for name, nothing in LATER.items():
            if data.get(name) == nothing:
                data.pop(name, None)
        rows.append(Row(data, section.file, at, marks, section.key))
    return rows


_INNER: dict[str, dict[str, dict[str, Field]]] = {
    "clauses": {"heading": PIECE, "body": PIECE},
    "kinds": {"fields": PROJECT_FIELD, "record_words": RECORD_WORD, "gates": GATE},
    "routes": {"stages": STAGE},
}

_WITHIN: tuple[tuple[Mapping[str, Field], str, Mapping[str, Field]], ...] = (
    (PROJECT_FIELD, "choices", CHOICE),
    (STAGE, "steps", STEP),
    (STEP, "asks", ASK),
    (ASK, "choices", CHOICE),
)
"""Lists of mappings inside the mappings of `_INNER`."""


def _inner(
    pack: Pack, file: str, marks: Marked, path: tuple[str | int, ...], items: object, fields: Mapping[str, Field]
) -> list[dict[str, Any]]:
    found = []
    for at, item in enumerate(items if isinstance(items, list) else []):
        data = _mapping(pack, file, marks, (*path, at), item, fields)
        if fields is PROJECT_FIELD:
            for limit in ("min", "max"):
                if data[limit] is None:
                    del data[limit]
        for outer, name, inner in _WITHIN:
            if fields is outer:
                data[name] = _inner(pack, file, marks, (*path, at, name), data.get(name), inner)
        if fields is STEP and not data["asks"]:
            del data["asks"]  # packs of before do not know it: their digest stays
        found.append(data)
    return found


def _mapping(
    pack: Pack, file: str, marks: Marked, path: tuple[str | int, ...], item: object, fields: Mapping[str, Field]
) -> dict[str, Any]:
    """The keys of one mapping against its table; unknown, missing and wrong ones are noted."""
    if not isinstance(item, dict):
        pack.refuse(file, marks.line(*path), _("这里应是键值对。"))
        return {name: rule.default for name, rule in fields.items()}
    for name in item:
        if name not in fields:
            pack.refuse(file, marks.line(*path, name), _("不认识的键“%(key)s”。") % {"key": name})
    data = {}
    for name, rule in fields.items():
        value = item.get(name, rule.default)
        if rule.required and value in ("", None, []):
            pack.refuse(file, marks.line(*path, name), _("缺少“%(key)s”。") % {"key": name})
            value = rule.default
        elif name in item:
            reason = _wrong(rule, value)
            if reason:
                pack.refuse(file, marks.line(*path, name), f"{name}: {reason}")
                value = rule.default
        data[name] = value
    return data


def _wrong(rule: Field, value: object) -> str:
    if isinstance(value, dt.datetime) or not isinstance(value, rule.types):
        return _("类型不对，请检查写法（文字请加引号，日期写作2017-03-07）。")
    if isinstance(value, bool) and bool not in rule.types:
        return _("类型不对，请检查写法（文字请加引号，日期写作2017-03-07）。")
    if isinstance(value, str):
        if rule.longest and len(value) > rule.longest:
            return _("超过%(count)d个字。") % {"count": rule.longest}
        if rule.choices and value and value not in rule.choices:
            return _("“%(value)s”不在允许的取值之内：%(choices)s。") % {
                "value": value,
                "choices": _("、").join(rule.choices),
            }
    if isinstance(value, list) and any(not isinstance(part, rule.items) for part in value):
        return _("列表中的每一项应是文字（代码请加引号）。") if rule.items is str else _("列表中的每一项应是键值对。")
    return ""
