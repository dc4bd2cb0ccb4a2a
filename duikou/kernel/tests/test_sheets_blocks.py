"""A sheet in blocks gives the rows it gives one by one, whoever takes which block."""

from __future__ import annotations

import datetime as dt

import pytest
import xlsxwriter

from duikou.kernel.sheets import Book, opened

ROWS = 9_000


@pytest.fixture(scope="module", params=["plain", "odd", "merged", "text"])
def large(request, tmp_path_factory):
    """A sheet of many rows: texts, numbers, dates; in the odd one gaps, totals, hidden rows, faults."""
    odd = request.param != "plain"
    path = tmp_path_factory.mktemp("blocks") / f"large.{'csv' if request.param == 'text' else 'xlsx'}"
    if request.param == "text":
        path.write_text("名称,金额\n" + "".join(f"第{n}号,{n}\n" if n % 50 else "合计,1\n" for n in range(ROWS)))
        return path
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("项目")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ("名称", "金额", "日期", "地区", "内容"))
    for number in range(1, ROWS + 1):
        if odd and number % 50 == 0:
            continue
        sheet.write_row(number, 0, (f"第{number}号", number / 4))
        if number % 7:
            sheet.write_datetime(number, 2, dt.date(2020, 1, 1 + number % 28), day)
        sheet.write(number, 3, "大连市" if number % 2 else "")
        sheet.write(number, 4, f"{'内容' * 40}{number}")
    if odd:
        sheet.write_row(4000, 0, ("合计", 12))
        sheet.write_formula(4001, 1, "=1/0", None, "#DIV/0!")
        sheet.set_row(9, None, None, {"hidden": True})
        sheet.set_row(8_000, 0)
        sheet.write(ROWS + 9_000, 0, "远处")
    if request.param == "merged":
        sheet.merge_range(2, 3, 3, 3, "沈阳市")
        sheet.merge_range(3_000, 0, 3_000, 4, "小标题")
    book.close()
    return path


def flat(blocks):
    """The rows of blocks as they would come one by one, blanks left out."""
    for block in blocks:
        rows = [
            (number, "data", list(cells), number in block.hidden, tuple(block.faults.get(number, ())))
            for number, cells in zip(block.numbers, zip(*block.columns, strict=True), strict=True)
        ]
        rows += [(row.number, kind, row.cells, row.hidden, row.faults) for kind, row in block.others]
        yield from sorted(rows, key=lambda row: row[0])


def test_blocks_hold_the_rows(large):
    with Book(large) as book:
        (table,) = book.tables()
        rows = [(row.number, kind, row.cells, row.hidden, row.faults) for kind, row in table.rows() if kind != "blank"]
        blocks = list(table.blocks())
        assert len(blocks) > 1
        assert [block.index for block in blocks] == list(range(len(blocks)))
        assert [r for r in flat(blocks) if r[1] != "total"] == [r for r in rows if r[1] != "total"]
        assert [r[:2] for r in flat(blocks)] == [r[:2] for r in rows]


@pytest.mark.parametrize("shares", [2, 3])
def test_shares_of_a_sheet_make_the_whole(large, shares):
    with Book(large) as book:
        (table,) = book.tables()
        whole = list(flat(table.blocks()))
        order = table.order
    parts = []
    for share in range(shares):
        with opened(order) as table:
            parts += list(table.blocks(lambda index, share=share: index % shares == share))
    assert list(flat(sorted(parts, key=lambda block: block.index))) == whole


def test_a_row_of_no_height_is_hidden(tmp_path):
    path = tmp_path / "low.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("项目")
        sheet.write_column(0, 0, ("名称", "甲", "乙", "丙"))
        sheet.write_column(0, 1, ("金额", 1, 2, 3))
        sheet.set_row(2, 0)
    with Book(path) as book:
        (table,) = book.tables()
        assert [row.hidden for _kind, row in table.rows()] == [False, True, False]
