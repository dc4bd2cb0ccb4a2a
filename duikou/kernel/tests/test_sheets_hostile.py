"""Files that are small and unfold without end are refused early, in words, before memory is spent on them."""

from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest

from duikou.kernel.sheets import BadFile, Book, Cause, Limits

MB = 1 << 20
HEADER = ("项目名称", "年份")
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
HEAD = b'<worksheet xmlns="%s"><sheetData>' % MAIN
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>项目</t></is></c></row>'.encode()


def read(path: Path, limits: Limits | None = None) -> list[list[object]]:
    with Book(path, limits=limits) as book:
        return [list(row.cells) for table in book.tables() for _kind, row in table.rows()]


def cause(path: Path, limits: Limits | None = None) -> Cause:
    with pytest.raises(BadFile) as caught:
        read(path, limits)
    assert "%(" not in str(caught.value)
    return caught.value.cause


def with_part(folder: Path, part: str, pieces: Iterable[bytes]) -> Path:
    plain, target = folder / "plain.xlsx", folder / "hostile.xlsx"
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for info in old.infolist():
            if info.filename != part:
                new.writestr(info.filename, old.read(info))
        with new.open(part, "w") as stream:
            for piece in pieces:
                stream.write(piece)
    return target


@pytest.mark.parametrize(
    ("part", "start", "filler"),
    [
        (SHEET, HEAD, b" " * MB),
        (SHEET, HEAD + ROW, b'<row r="2"></row>' * (MB // 17)),
        (SHEET, HEAD + ROW, b"<a>" * (MB // 3)),
        (SHEET, HEAD + b'<row r="1"><c r="A1" t="inlineStr"><is><t>', b"a" * MB),
        (STRINGS, b'<sst xmlns="%s"><si><t>' % MAIN, b"a" * MB),
        (STRINGS, b'<sst xmlns="%s">' % MAIN, b"<si><t>a</t></si>" * (MB // 17)),
    ],
)
def test_a_part_that_swells_beyond_any_table_is_refused_unread(
    tmp_path: Path, part: str, start: bytes, filler: bytes
) -> None:
    path = with_part(tmp_path, part, [start, *[filler] * 40])
    assert path.stat().st_size < MB
    assert cause(path) is Cause.SWOLLEN


def test_a_table_of_equal_rows_does_not_swell_like_that(tmp_path: Path) -> None:
    line = "".join(f'<c r="{column}%d" s="1"><v>1</v></c>' for column in "ABCDEFGHIJ")
    pieces = [HEAD, *(f'<row r="{n}">{line.replace("%d", str(n))}</row>'.encode() for n in range(1, 130_000))]
    path = with_part(tmp_path, SHEET, [*pieces, b"</sheetData></worksheet>"])
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo(SHEET)
    assert part.file_size > 32 * MB
    assert part.file_size < 30 * part.compress_size
    with Book(path) as book:
        assert book.sheets[0].rows_hint == 129_999


@pytest.mark.parametrize(
    ("part", "start"),
    [
        (SHEET, HEAD + b'<row r="1"><c r="A1" t="inlineStr"><is><t>'),
        (STRINGS, b'<sst xmlns="%s"><si><t>' % MAIN),
    ],
)
def test_one_endless_cell_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, start: bytes) -> None:
    monkeypatch.setattr("duikou.kernel.sheets.xlsx._LONGEST", 2 * MB)
    noise = random.Random(2017).randbytes(2 * MB).hex().encode()
    path = with_part(tmp_path, part, [start, noise, b"</t></is></c></row></sheetData></worksheet>"])
    if part == STRINGS:
        asks = HEAD + b'<row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>'
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "asks.xlsx", "w") as new:
            names = {info.filename: old.read(info) for info in old.infolist()}
            names["xl/_rels/workbook.xml.rels"] = names["xl/_rels/workbook.xml.rels"].replace(
                b"</Relationships>",
                b'<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                b'sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            )
            for name, body in {**names, SHEET: asks}.items():
                new.writestr(name, body)
        path = tmp_path / "asks.xlsx"
    assert cause(path) is Cause.TOO_LONG


def test_an_index_of_endless_depth_is_refused(tmp_path: Path) -> None:
    path = with_part(tmp_path, "xl/workbook.xml", [b'<workbook xmlns="%s">' % MAIN, b"<a>" * 1_000_000])
    assert cause(path) is Cause.CORRUPT


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = with_part(tmp_path, SHEET, [HEAD, *[b" " * MB] * 40])
    body = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo(SHEET).file_size
    path.write_bytes(body.replace(struct.pack("<L", true), struct.pack("<L", 1000)))
    assert cause(path) is Cause.CORRUPT


def ods(folder: Path, cells: str) -> Path:
    content = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="表">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = folder / "made.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
    return path


def cell(text: str = "甲", more: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        (1_048_576, 1, Cause.TOO_MANY_ROWS),
        (1, 16_384, Cause.TOO_MANY_COLUMNS),
        (200_000, 300, Cause.TOO_MANY_CELLS),
    ],
)
def test_an_open_document_that_repeats_without_end_is_counted_first(
    tmp_path: Path, rows: int, columns: int, expected: Cause
) -> None:
    repeated = cell(more=f'table:number-columns-repeated="{columns}"')
    body = f'<table:table-row table:number-rows-repeated="{rows}">{repeated}</table:table-row>'
    assert cause(ods(tmp_path, body)) is expected


def test_empty_rows_without_end_below_an_open_document_are_nothing(tmp_path: Path) -> None:
    body = "".join(f"<table:table-row>{cell(a)}{cell(b)}</table:table-row>" for a, b in (HEADER, ("甲园区", "2019年")))
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    body += f'<table:table-row table:number-rows-repeated="1048000">{empty}</table:table-row>'
    assert read(ods(tmp_path, body)) == [["甲园区", "2019年"]]


def record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(body)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + body


def wide(text: str) -> bytes:
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


def xlsb(folder: Path, rows: dict[int, dict[int, str | float]]) -> Path:
    """A binary workbook as [MS-XLSB] describes it: one sheet of texts and numbers, written record by record."""
    last_row, last_column = max(rows), max(column for cells in rows.values() for column in cells)
    sheet = record(129) + record(148, struct.pack("<LLLL", 0, last_row, 0, last_column)) + record(145)
    for number, cells in rows.items():
        sheet += record(0, struct.pack("<LLHBBBL", number, 0, 300, 0, 0, 0, 0))
        for column, value in cells.items():
            place = struct.pack("<LL", column, 0)
            sheet += (
                record(5, place + struct.pack("<d", value))
                if isinstance(value, float)
                else record(6, place + wide(value))
            )
    sheet += record(146) + record(130)
    book = (
        record(131)
        + record(143)
        + record(156, struct.pack("<LL", 0, 1) + wide("rId1") + wide("表"))
        + record(144)
        + record(132)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = (
        '<Relationships xmlns="%s/relationships"><Relationship Id="rId1" Type="%s/%s" Target="%s"/></Relationships>'
    )
    path = folder / "made.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        archive.writestr("_rels/.rels", relation % (package, office, "officeDocument", "xl/workbook.bin"))
        archive.writestr(
            "xl/_rels/workbook.bin.rels", relation % (package, office, "worksheet", "worksheets/sheet1.bin")
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def test_a_binary_workbook_is_read(tmp_path: Path) -> None:
    path = xlsb(tmp_path, {0: {0: "项目名称", 1: "年份"}, 1: {0: "甲园区", 1: 2019.0}, 2: {0: "乙" * 300, 1: 2020.0}})
    assert read(path) == [["甲园区", 2019.0], ["乙" * 300, 2020.0]]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((1_048_575, 0), Cause.TOO_MANY_ROWS),
        ((1, 16_383), Cause.TOO_MANY_COLUMNS),
        ((250_000, 100), Cause.TOO_MANY_CELLS),
    ],
)
def test_a_binary_workbook_with_a_cell_far_away_is_refused_unread(
    tmp_path: Path, place: tuple[int, int], expected: Cause
) -> None:
    row, column = place
    assert cause(xlsb(tmp_path, {0: {0: "项目名称"}, row: {column: "远"}})) is expected


def test_a_binary_workbook_cut_short_is_refused(tmp_path: Path) -> None:
    path = xlsb(tmp_path, {0: {0: "项目名称"}, 1: {0: "甲"}})
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for cut in range(1, len(parts["xl/worksheets/sheet1.bin"]), 3):
        with zipfile.ZipFile(path, "w") as new:
            for name, body in parts.items():
                new.writestr(name, body[:-cut] if name.endswith("sheet1.bin") else body)
        try:
            read(path)
        except BadFile as refused:
            assert refused.cause in {Cause.CORRUPT, Cause.EMPTY, Cause.NO_HEADER}  # noqa: PT017 - some cuts hurt nothing


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_real_files_of_other_programs_are_read_with_merged_cells_and_stored_results(ending: str) -> None:
    with Book(Path(__file__).parent / "files" / f"records.{ending}") as book:
        assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("项目表", False), ("隐藏表", True)]
        (table,) = book.tables()
        found = [(kind, [str(value) for value in row.cells[:5]]) for kind, row in table.rows()]
        hidden = [row.number for _kind, row in table.rows() if row.hidden]
    assert [cells[0] for kind, cells in found if kind == "data"] == ["甲园区", "乙平台", "丙基地"]
    assert [cells[3] for _kind, cells in found[:3]] == ["哈尔滨-深圳", "哈尔滨-深圳", "沈阳-北京"]
    assert float(found[1][1][2]) == 1000
    assert found[-1][0] == "total"
    assert hidden == ([5] if ending == "ods" else [])
