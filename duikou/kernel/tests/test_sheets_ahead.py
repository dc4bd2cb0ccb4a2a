"""A large sheet read by a second process gives the same rows, the same refusals, and leaves nothing behind."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from duikou.kernel.sheets import BadFile, Book, Cause
from duikou.kernel.sheets.read import AHEAD_FROM

ROWS = AHEAD_FROM + 500


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A sheet of many rows: repeated and unique texts, numbers, dates, gaps, a merged range, hidden rows."""
    path = tmp_path_factory.mktemp("ahead") / "large.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("项目")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ("名称", "金额", "日期", "地区"))
    for number in range(1, ROWS + 1):
        sheet.write_row(number, 0, (f"第{number}号", number / 4))
        if number % 7:
            sheet.write_datetime(number, 2, dt.date(2020, 1, 1 + number % 28), day)
        if number != 3:
            sheet.write(number, 3, "大连市" if number % 2 else "")
    sheet.merge_range(2, 3, 3, 3, "沈阳市")
    sheet.set_row(9, None, None, {"hidden": True})
    book.close()
    return path


def readers() -> int:
    """How many readers this process has started and not yet ended (as /proc tells)."""
    found = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            found += parent == os.getpid() and b"sheets.reader" in (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
    return found


def test_reading_ahead_gives_the_same_rows(large):
    with Book(large) as book:
        (table,) = book.tables()
        assert table.sheet.rows_hint >= AHEAD_FROM
        assert list(table.rows(ahead=True)) == list(table.rows())


def test_the_second_process_ends_with_the_reading(large):
    with Book(large) as book:
        (table,) = book.tables()
        rows = table.rows(ahead=True)
        next(rows)
        assert readers() == 1
        rows.close()
    assert readers() == 0


def test_a_refusal_of_the_second_process_is_raised_here(large, tmp_path):
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(large) as source, zipfile.ZipFile(broken, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            body = source.read(info)
            if info.filename.endswith("sheet1.xml"):
                cut = body.rindex(b"<row ")
                body = body[:cut] + b'<row r="999999"><c r="ZZZZZZ1" t="n"><v>1</v></c></row></sheetData></worksheet>'
            target.writestr(info.filename, body)
    with Book(broken) as book, pytest.raises(BadFile) as refused:
        list(book.tables()[0].rows(ahead=True))
    assert refused.value.cause in (Cause.CORRUPT, Cause.TOO_MANY_COLUMNS)
    assert refused.value.message
