"""Cells to values, a column at a time: a value seen before is not parsed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Column, Incoming, Problem
from duikou.intake.states import Severity
from duikou.kernel.errors import DomainError
from duikou.kernel.sheets import Cell, Row, text_of

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that its column's parser refused."""

    reason: str


class Memo(dict[Any, Any]):
    """What a column's parser makes of each distinct cell; forgets everything when it grows large."""

    def __init__(self, column: Column, header: str) -> None:
        super().__init__()
        self._parse = column.with_header(header) if column.with_header else column.parse
        self.any_bad = False

    def __missing__(self, cell: Cell) -> Any:
        value = self.fresh(cell)
        if len(self) >= KEPT:
            self.clear()
        self[cell] = value
        return value

    def fresh(self, cell: Cell) -> Any:
        """Parse without remembering."""
        if text_of(cell) == "":
            return None
        try:
            return self._parse(cell)
        except DomainError as error:
            self.any_bad = True
            return Bad(error.message)
        except (ValueError, OverflowError) as error:
            self.any_bad = True
            return Bad(str(error) or _("无法识别的内容。"))


class Plan:
    """How one table's columns become values."""

    def __init__(self, columns: Sequence[Column], mapping: dict[str, str], headers: Sequence[str]) -> None:
        by_key = {column.key: column for column in columns}
        self.positions = {key: int(at) for at, key in mapping.items()}
        self._read = [(by_key[key], at, Memo(by_key[key], headers[int(at)])) for key, at in self.positions.items()]
        self._keys = [*(column.key for column, _at, _memo in self._read)]
        self._absent = {column.key: None for column in columns if column.key not in self.positions}

    def parse(self, rows: Sequence[Row], places: Sequence[int]) -> tuple[list[Incoming], dict[int, list[Problem]]]:
        """Rows with their values by field, and what is wrong with cells, by place in the batch."""
        problems: dict[int, list[Problem]] = {}
        parsed: list[list[Any]] = []
        for column, at, memo in self._read:
            values = [memo[c] if (c := row.cells[at]).__class__ is not bool else memo.fresh(c) for row in rows]
            if memo.any_bad:
                for place, value in enumerate(values):
                    if value.__class__ is Bad:
                        problems.setdefault(place, []).append(Problem(column.key, "unreadable", value.reason))
                        values[place] = None
            if column.required and None in values:
                self._missing(column, values, problems)
            parsed.append(values)
        self._faults(rows, problems)
        keys, absent = self._keys, self._absent
        incoming = [
            Incoming(place, row.sheet, row.number, {**absent, **dict(zip(keys, values, strict=True))})
            for place, row, values in zip(places, rows, zip(*parsed, strict=True), strict=True)
        ]
        return incoming, problems

    @staticmethod
    def _missing(column: Column, values: Sequence[Any], problems: dict[int, list[Problem]]) -> None:
        for place, value in enumerate(values):
            if value is None and not any(known.key == column.key for known in problems.get(place, ())):
                reason = _("必填字段“%(field)s”是空的。") % {"field": column.label}
                problems.setdefault(place, []).append(Problem(column.key, "missing", reason))

    def _faults(self, rows: Sequence[Row], problems: dict[int, list[Problem]]) -> None:
        keys = {at: key for key, at in self.positions.items()}
        for place, row in enumerate(rows):
            if row.hidden:
                problems.setdefault(place, []).append(
                    Problem("", "hidden_row", _("这一行在文件里是隐藏的。"), Severity.WARNING)
                )
            for fault in row.faults:
                key = keys.get(fault.column)
                if key is None:
                    continue
                if fault.code == "error_value":
                    reason = _("单元格是错误值 %(value)s。") % {"value": fault.shown}
                else:
                    reason = _("单元格是公式，但没有保存计算结果；请用表格软件打开并保存一次。")
                problems[place] = [known for known in problems.get(place, ()) if known.key != key]
                problems[place].append(Problem(key, fault.code, reason))
