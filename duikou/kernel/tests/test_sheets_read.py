"""Reading the files people really bring."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duikou.kernel.sheets import (
    BadFile,
    Book,
    Cause,
    Limits,
    Out,
    date_of,
    number_of,
    text_of,
    write_csv,
    write_xlsx,
    year_of,
)
from duikou.kernel.sheets.values import column_index, column_letter

HEAD = ["项目名称", "年份", "计划投资(万元)"]


def rows(path: Path, **kwargs: Any) -> list[list[object]]:
    with Book(path, **kwargs) as book:
        return [list(row.cells) for kind, row in book.tables()[0].rows() if kind == "data"]


def cause(path: Path, **kwargs: Any) -> Cause:
    with pytest.raises(BadFile) as caught:
        rows(path, **kwargs)
    assert str(caught.value)
    assert "%(" not in str(caught.value)
    return caught.value.cause


@pytest.fixture
def made(tmp_path: Path) -> Callable[[Callable[[Any], None]], Path]:
    def make(fill: Callable[[Any], None]) -> Path:
        book = openpyxl.Workbook()
        fill(book.active)
        path = tmp_path / "made.xlsx"
        book.save(path)
        return path

    return make


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le-bom"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_tables_are_read_in_every_usual_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(
        [HEAD, ["深哈产业园，一期\n第二行", "2019", "1,200"], ["“引号”项目", "", ""]]
    )
    data = (
        b"\xff\xfe" + text.getvalue().encode("utf-16-le")
        if encoding.endswith("bom")
        else text.getvalue().encode(encoding)
    )
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    assert rows(path) == [["深哈产业园，一期\n第二行", "2019", "1,200"], ["“引号”项目", "", ""]]


def test_nul_bytes_and_wrong_encodings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("项目,年份\n甲\x00,2019\n".encode())
    assert cause(path) is Cause.NUL_BYTES
    path.write_bytes(("x," * 5000 + "\x00").encode())
    assert cause(path) is Cause.NUL_BYTES
    path.write_bytes("項目名稱,年份\n產業園區開發與國際經濟貿易協議書,2019\n".encode("big5"))
    assert cause(path) is Cause.ENCODING
    path.write_bytes(b"\xef\xbb\xbf\xff\xfe\xfa")
    assert cause(path) is Cause.ENCODING


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    for data in (b"", b"\n\n\r\n", b"\xef\xbb\xbf"):
        path.write_bytes(data)
        assert cause(path) is Cause.EMPTY


def test_an_empty_workbook_says_so(made: Any) -> None:
    assert cause(made(lambda sheet: None)) is Cause.EMPTY


def test_one_column_is_a_table(tmp_path: Path, made: Any) -> None:
    path = tmp_path / "t.csv"
    path.write_text("项目名称\n甲\n乙\n")
    assert rows(path) == [["甲"], ["乙"]]
    assert rows(made(lambda sheet: [sheet.append([name]) for name in ("项目名称", "甲")])) == [["甲"]]


def test_three_hundred_columns_are_read_and_five_hundred_refused(made: Any) -> None:
    wide = made(lambda sheet: [sheet.append([f"列{i}" for i in range(300)]), sheet.append(list(range(300)))])
    assert rows(wide) == [[float(i) for i in range(300)]]
    wide = made(lambda sheet: [sheet.append([f"列{i}" for i in range(500)]), sheet.append(list(range(500)))])
    assert cause(wide) is Cause.TOO_MANY_COLUMNS


def test_a_cell_in_the_last_corner_of_the_sheet_costs_no_memory(made: Any) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(HEAD)
        sheet.append(["甲", 2019, 5])
        sheet["A1048576"] = "乙"

    assert rows(made(fill)) == [["甲", 2019.0, 5.0], ["乙", "", ""]]

    def far(sheet: Any) -> None:
        sheet.append(HEAD)
        sheet["XFD2"] = "乙"

    assert cause(made(far)) is Cause.TOO_MANY_COLUMNS


def test_titles_above_the_header_and_totals_below_are_told_apart(made: Any) -> None:
    def fill(sheet: Any) -> None:
        for line in (
            ["对口合作项目表"],
            ["填报单位：", "哈尔滨市"],
            [],
            HEAD,
            ["甲", 2019, 5],
            [None, None, None],
            ["小 计", None, 5],
            ["合计：", None, 5],
        ):
            sheet.append(line)
        sheet.merge_cells("A1:C1")

    with Book(made(fill)) as book:
        table = book.tables(expected=["项目名称"])[0]
        assert table.columns == tuple(HEAD)
        assert table.header.first_row == 4
        assert [(kind, row.number) for kind, row in table.rows()] == [
            ("data", 5),
            ("blank", 6),
            ("total", 7),
            ("total", 8),
        ]


def test_a_two_level_header_is_joined(made: Any) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["项目名称", "双方", None, "投资", None])
        sheet.append([None, "东北方", "东部方", "计划", "完成"])
        sheet.append(["甲", "哈尔滨市", "深圳市", 1, 2])
        for span in ("A1:A2", "B1:C1", "D1:E1"):
            sheet.merge_cells(span)

    with Book(made(fill)) as book:
        table = book.tables()[0]
        assert table.columns == ("项目名称", "双方/东北方", "双方/东部方", "投资/计划", "投资/完成")
        assert [row.number for _kind, row in table.rows()] == [3]


def test_merged_cells_are_filled_from_their_first(made: Any) -> None:
    def fill(sheet: Any) -> None:
        for line in (
            ["结对", "项目名称", "年份"],
            ["沈阳-北京", "甲", 2019],
            [None, "乙", None],
            ["一、其他", None, None],
            ["大连-上海", "丙", 2020],
        ):
            sheet.append(line)
        for span in ("A2:A3", "C2:C3", "A4:C4"):
            sheet.merge_cells(span)

    with Book(made(fill)) as book:
        found = [(kind, row.cells) for kind, row in book.tables()[0].rows()]
    assert found[:2] == [("data", ["沈阳-北京", "甲", 2019.0]), ("data", ["沈阳-北京", "乙", 2019.0])]
    assert found[2][0] == "heading"
    assert found[3] == ("data", ["大连-上海", "丙", 2020.0])


def test_hidden_rows_columns_and_sheets_are_marked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (HEAD, ["甲", 2019, 1], ["乙", 2019, 1]):
        sheet.append(line)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("旧表").sheet_state = "hidden"
    path = tmp_path / "h.xlsx"
    book.save(path)
    with Book(path) as found:
        assert [sheet.hidden for sheet in found.sheets] == [False, True]
        assert found.sheets[0].hidden_columns == {1}
        assert [row.hidden for _kind, row in found.tables()[0].rows()] == [False, True]


def test_formulas_use_the_stored_value_and_name_the_cell_that_has_none(tmp_path: Path, made: Any) -> None:
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_string(1, 0, "甲")
        sheet.write_formula(1, 1, "=2000+19", None, 2019)
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    with Book(path) as found:
        [(_kind, row)] = found.tables()[0].rows()
    assert row.cells[:2] == ["甲", 2019.0]
    assert [(fault.column, fault.code) for fault in row.faults] == [(2, "error_value")]

    with Book(made(lambda sheet: [sheet.append(HEAD), sheet.append(["甲", "=2000+19", 5])])) as found:
        [(_kind, row)] = found.tables()[0].rows()
    assert [(fault.column, fault.code) for fault in row.faults] == [(1, "formula_without_value")]


def test_content_decides_and_a_wrong_extension_is_refused(tmp_path: Path, made: Any) -> None:
    path = tmp_path / "renamed.xlsx"
    path.write_bytes(b"MZ\x90\x00" + bytes(5000))
    assert cause(path) is Cause.UNKNOWN_TYPE
    path.write_text("项目名称,年份\n甲,2019\n")
    assert cause(path) is Cause.WRONG_EXTENSION
    path.write_text("<html><table><tr><td>项目</td></tr></table></html>")
    assert cause(path) is Cause.WEB_PAGE
    real = made(lambda sheet: [sheet.append(HEAD), sheet.append(["甲", 2019, 5])])
    assert cause(real, name="表.csv") is Cause.WRONG_EXTENSION
    assert rows(real, name="表.XLSX") == [["甲", 2019.0, 5.0]]
    path.write_bytes(b"%PDF-1.7 ...")
    assert cause(path) is Cause.UNKNOWN_TYPE


def test_broken_and_encrypted_workbooks_are_refused(tmp_path: Path, made: Any) -> None:
    good = made(lambda sheet: [sheet.append(HEAD), sheet.append(["甲", 2019, 5])]).read_bytes()
    path = tmp_path / "b.xlsx"
    path.write_bytes(good[: len(good) // 2])
    assert cause(path) is Cause.CORRUPT
    for at in range(60, len(good) - 30, max(1, len(good) // 40)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :])
        try:
            rows(path)
        except BadFile:
            pass
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    )
    assert cause(path) is Cause.ENCRYPTED
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le") + bytes(600))
    assert cause(path, name="b.xls") is Cause.CORRUPT


def rewritten(source: Path, part: str, body: bytes) -> Path:
    target = source.with_name("rewritten.xlsx")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, body if info.filename == part else old.read(info))
    return target


def test_a_zip_bomb_and_entities_are_refused_before_they_cost(made: Any) -> None:
    path = made(lambda sheet: [sheet.append(HEAD), sheet.append(["甲", 2019, 5])])
    assert (
        cause(rewritten(path, "xl/worksheets/sheet1.xml", b" " * 3_000_000), limits=Limits(inflated=1_000_000))
        is Cause.BOMB
    )
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]><worksheet><sheetData/></worksheet>'
    assert cause(rewritten(path, "xl/worksheets/sheet1.xml", laughs)) is Cause.ENTITIES
    assert cause(rewritten(path, "xl/workbook.xml", laughs)) is Cause.ENTITIES
    assert cause(path, limits=Limits(bytes=100)) is Cause.TOO_LARGE
    assert cause(path, limits=Limits(rows=1)) is Cause.TOO_MANY_ROWS


def test_prefixes_rich_text_and_rows_without_numbers_are_understood(made: Any) -> None:
    path = made(lambda sheet: [sheet.append(HEAD)])
    rich = "<x:is><x:r><x:t>%s</x:t></x:r><x:r><x:t>%s</x:t></x:r></x:is>"
    lines = [
        "".join(f"<x:c t='inlineStr'>{rich % (text[:1], text[1:])}</x:c>" for text in line)
        for line in (HEAD, ["甲&amp;乙", "2019年", "五"])
    ]
    body = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        + "".join(f"<x:row>{line}</x:row>" for line in lines)
        + "</x:sheetData></x:worksheet>"
    )
    assert rows(rewritten(path, "xl/worksheets/sheet1.xml", body.encode())) == [["甲&乙", "2019年", "五"]]


def test_rows_cross_block_borders_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duikou.kernel.sheets.xlsx.BLOCK", 700)
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for number in range(1, 900):
            sheet.write_row(number, 0, [f"项目{number}", 2019, number])
    assert rows(path) == [[f"项目{number}", 2019.0, float(number)] for number in range(1, 900)]


cells = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=20).map(str.strip),
    st.integers(-(10**9), 10**9),
    st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)),
)
lines = st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines)
def test_any_table_written_is_read_back_the_same(tmp_path: Path, table: list[list[Any]]) -> None:
    table = [["甲", *line[1:]] for line in table]
    path = tmp_path / "r.xlsx"
    assert write_xlsx(path, "表", [Out(name) for name in HEAD], table) == len(table)
    assert [[text_of(cell) for cell in row] for row in rows(path)] == [[text_of(cell) for cell in row] for row in table]
    with (tmp_path / "r.csv").open("w", newline="", encoding="utf-8") as target:
        write_csv(target, [Out(name) for name in HEAD], table)
    back = [[text_of(cell).removeprefix("'").strip() for cell in row] for row in rows(tmp_path / "r.csv")]
    assert back == [[text_of(cell).removeprefix("'").strip() for cell in row] for row in table]


def test_cells_are_read_as_people_mean_them() -> None:
    assert number_of("１，２３４.５") == Decimal("1234.5")
    assert number_of("36.1%") == Decimal("0.361")
    assert number_of(" ") is None
    assert year_of("2019年") == year_of(2019.0) == year_of(dt.date(2019, 5, 9)) == year_of("２０１９") == 2019
    assert date_of("2019年5月9日") == date_of("20190509") == date_of("2019-05-09 00:00:00") == dt.date(2019, 5, 9)
    assert text_of("  深\u200b圳 \r\n") == "深圳"
    for wrong in ("十二", "1-2", "12a", "1,23", True):
        with pytest.raises(ValueError):
            number_of(wrong)
    for wrong in ("2019-13-01", "明年"):
        with pytest.raises(ValueError):
            date_of(wrong)
    with pytest.raises(ValueError):
        year_of("3019")


@given(st.integers(0, 20_000))
def test_column_letters_go_both_ways(index: int) -> None:
    assert column_index(column_letter(index)) == index


def test_a_web_page_called_a_workbook_is_named_with_how_to_save_it(tmp_path: Path) -> None:
    path = tmp_path / "source"
    path.write_text("<html><table><tr><td>项目</td></tr></table></html>")
    with pytest.raises(BadFile, match=r"HTML.*“\.xls”.*另存为"):
        Book(path, name="page.xls")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,b\n1,2\n3,"4\n5,6\n7,8\n', 3),
        ('a,b\n1,"2\n3,4\n5,"6",7\n', 2),
        ('a,b\n1,2\n3,"', 3),
    ],
)
def test_a_quote_left_open_is_named_by_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(BadFile, match=f"第 {line} 行") as refused:
        rows(path)
    assert refused.value.cause is Cause.OPEN_QUOTE


@pytest.mark.parametrize("text", ['a,b\n1,"2\n3"\n4,5\n', 'a,b\n1,"2\n3"', 'a,b\n1,2"x\n3,4'])
def test_cells_of_several_lines_and_stray_quotes_are_no_open_quote(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    assert rows(path)


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ('0.00"亿元"', 3.5, "3.5亿元"),
        ('0.00"万元";-0.00"万元"', 1200, "1200万元"),
        ("0%", 0.35, "35%"),
        ("0.00%", 0.07, "7%"),
        ('0!.0,"万元"', 123456, "12.3456万元"),
        (r'0\.0,"万"', 123456, "12.3456万"),
        ('0.00,,"百万元"', 2_500_000, "2.5百万元"),
        ('[>=100000000]0.00,,"百万元";0"元"', 500, "500元"),
        ('"US$"#,##0', 7, "US$7"),
    ],
)
def test_a_number_format_with_a_unit_is_read_as_a_person_sees_it(made: Any, code: str, value: float, text: str) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(HEAD)
        sheet.append(["甲", 2019, value])
        sheet["C2"].number_format = code

    found = rows(made(fill))
    assert [text_of(cell) for cell in found[0]] == ["甲", "2019", text]


@pytest.mark.parametrize("code", ["General", "#,##0.00", "¥#,##0", 'yyyy"年"m"月"', "[Red]0"])
def test_other_number_formats_change_nothing(made: Any, code: str) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(HEAD)
        sheet.append(["甲", 2019, 5])
        sheet["C2"].number_format = code

    cell = rows(made(fill))[0][2]
    assert cell == 5.0 or not isinstance(cell, (str, float))
