"""What leaves the product as a table."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel.sheets import Out, Writer, csv_stream, sheet_title, write_csv, write_xlsx
from duikou.kernel.sheets.write import safe_csv


@pytest.mark.parametrize("text", ["=1+1", "+SUM(A1)", "-cmd|' /C calc'!A0", "@x", "\t=1", "\r=1"])
def test_no_cell_is_ever_a_formula(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.xlsx"
    write_xlsx(path, "表", [Out("列"), Out("二")], [[text, 1]])
    cell = openpyxl.load_workbook(path).active["A2"]
    assert cell.data_type in {"s", "inlineStr"}
    out = io.StringIO()
    write_csv(out, [Out("列")], [[text]])
    assert safe_csv(text) == "'" + text
    assert "".join(csv_stream([Out("列")], [[text]])) == out.getvalue()


def test_negative_numbers_written_as_text_stay_numbers_in_csv() -> None:
    assert safe_csv("-12.5") == "-12.5"
    assert safe_csv(-3) == -3


def test_cells_keep_their_type_and_the_header_stays_in_sight(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    day = dt.date(2019, 5, 9)
    code = 912_345_678_901_234_567
    write_xlsx(
        path,
        "项目",
        [Out("金额（万元）", "money_wan"), Out("日期", "date"), Out("是"), Out("编码"), Out("空")],
        [[Decimal("1136.80"), day, True, code, None]],
    )
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[2]][:4] == [1136.8, dt.datetime(2019, 5, 9), True, str(code)]  # noqa: DTZ001
    assert sheet["A2"].number_format == "#,##0.00"
    assert sheet.freeze_panes == "A2"


def test_a_full_sheet_continues_on_the_next(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with Writer(path, rows_per_sheet=4) as writer:
        assert writer.table("项目", [Out("号")], ([number] for number in range(7))) == 7
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["项目", "项目 (2)", "项目 (3)"]
    assert [cell.value for sheet in book for cell in sheet["A"][1:]] == list(range(7))


@given(st.text(max_size=60), st.lists(st.text(max_size=31), max_size=5))
def test_any_title_becomes_one_that_spreadsheets_accept(wanted: str, taken: list[str]) -> None:
    title = sheet_title(wanted, taken)
    assert 1 <= len(title) <= 31
    assert not set(title) & set("[]:*?/\\")
    assert not title.startswith("'")
    assert title.casefold() not in {other.casefold() for other in taken}
