"""Cells to values, a column at a time: a value seen before is not parsed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Column, Incoming, Problem
from duikou.intake.states import Severity
from duikou.kernel.errors import DomainError
from duikou.kernel.sheets import Block, Cell, column_letter, text_of

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
        self._left = KEPT

    def __missing__(self, cell: Cell) -> Any:
        value = self.fresh(cell)
        if self._left:
            self._left -= 1
        else:
            self.clear()
            self._left = KEPT
        self[cell] = value
        return value

    def values_of(self, cells: Sequence[Cell]) -> list[Any]:
        """A column's values. True and 1 are one key to a dictionary, so truth values are parsed each time."""
        if bool in set(map(type, cells)):
            return [self.fresh(cell) if cell.__class__ is bool else self[cell] for cell in cells]
        return list(map(self.__getitem__, cells))

    def fresh(self, cell: Cell) -> Any:
        """Parse without remembering."""
        if cell.__class__ is str and not text_of(cell):
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
        self._headers = headers
        self.positions = {key: int(at) for at, key in mapping.items()}
        self._read = [(by_key[key], at, Memo(by_key[key], headers[int(at)])) for key, at in self.positions.items()]
        self._keys = [*(column.key for column, _at, _memo in self._read)]
        self._absent = {column.key: None for column in columns if column.key not in self.positions}

    def parse(self, block: Block, base: int) -> tuple[list[Incoming], dict[int, list[Problem]]]:
        """Rows with their values by field, and what is wrong with cells, by position in the block.

        `base` is added to a row's number to make its place in the whole file.
        """
        problems: dict[int, list[Problem]] = {}
        parsed: list[Sequence[Any]] = []
        for column, at, memo in self._read:
            values = memo.values_of(block.columns[at])
            if memo.any_bad:
                for place, value in enumerate(values):
                    if value.__class__ is Bad:
                        problems.setdefault(place, []).append(Problem(column.key, "unreadable", value.reason))
                        values[place] = None
            if column.required and None in values:
                self._missing(column, values, problems)
            parsed.append(values)
        self._faults(block, problems)
        keys, absent, sheet = self._keys, self._absent, block.sheet
        incoming = [
            Incoming(base + number, sheet, number, {**absent, **dict(zip(keys, values, strict=True))})
            for number, values in zip(block.numbers, zip(*parsed, strict=True), strict=True)
        ]
        return incoming, problems

    def place_of(self, key: str) -> tuple[str, str]:
        """Letter and header of the column that fills a field ("" where none does)."""
        at = self.positions.get(key)
        return ("", "") if at is None else (column_letter(at), self._headers[at][:120])

    def shown(self, block: Block, key: str, place: int) -> str:
        """What stands in the cell of a field, as much of it as a finding shows."""
        at = self.positions.get(key)
        return "" if at is None else text_of(block.columns[at][place])[:80]

    @staticmethod
    def _missing(column: Column, values: Sequence[Any], problems: dict[int, list[Problem]]) -> None:
        for place, value in enumerate(values):
            if value is None and not any(known.key == column.key for known in problems.get(place, ())):
                reason = _("必填字段“%(field)s”是空的。") % {"field": column.label}
                problems.setdefault(place, []).append(Problem(column.key, "missing", reason))

    def _faults(self, block: Block, problems: dict[int, list[Problem]]) -> None:
        if not block.hidden and not block.faults:
            return
        keys = {at: key for key, at in self.positions.items()}
        for place, number in enumerate(block.numbers):
            if number in block.hidden:
                problems.setdefault(place, []).append(
                    Problem("", "hidden_row", _("这一行在文件里是隐藏的。"), Severity.WARNING)
                )
            for fault in block.faults.get(number, ()):
                key = keys.get(fault.column)
                if key is None:
                    continue
                if fault.code == "error_value":
                    reason = _("单元格是错误值 %(value)s。") % {"value": fault.shown}
                else:
                    reason = _("单元格是公式，但没有保存计算结果；请用表格软件打开并保存一次。")
                problems[place] = [known for known in problems.get(place, ()) if known.key != key]
                problems[place].append(Problem(key, fault.code, reason))
