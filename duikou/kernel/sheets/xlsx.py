"""Excel workbooks in flat memory: the sheet's XML is cut into blocks of rows, each parsed on its own by calamine.

calamine alone would hold the whole sheet and tells neither hidden rows nor formulas without a value; the blocks pass
through here as bytes anyway, so a few byte searches per block find both. Shared strings are turned into a sheet of
their own, parsed the same way, and kept in blocks on disk of which only the latest used stay in memory.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from duikou.kernel.sheets import formats
from duikou.kernel.sheets.errors import BadFile, Cause
from duikou.kernel.sheets.strings import StringTable, simple_texts
from duikou.kernel.sheets.values import MARK, Cell, Fault, Limits, Merge, Part, Row, column_index

BLOCK = 1 << 20
_MARK = MARK.encode()
_SMALL = 16 << 20
_LONGEST = 32 << 20
"""Bytes of one row or one shared string: 400 columns of the longest texts that a cell can hold."""
_TAGS = 400_000
"""Tags in a part that is parsed whole (index, styles): a tree of them costs some hundred bytes each."""

_CONTENT_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/>'
    b'<Override PartName="/xl/workbook.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
_REL = (
    b'<Relationship Id="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>'
)
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORKBOOK = (
    b'<workbook xmlns="' + _MAIN + b'" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    b'%s<sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_ROOT = b'<worksheet xmlns="' + _MAIN + b'"><sheetData>%s</sheetData></worksheet>'

_SHARED = re.compile(rb' t="s"([^<>]*>)<v>')
_ROW = re.compile(rb"<row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb"\br=[\"'](\d+)[\"']")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']|\bzeroHeight=[\"']1[\"']|\bht=[\"']0(?:\.0+)?[\"']")
_MAY_HIDE = (b"hidden=", b"zeroHeight=", b' ht="0', b" ht='0")
_ODD_CELL = re.compile(
    rb"<c\b([^>]*)>\s*(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)\s*(<v>[^<]*</v>|<v\s*/>)?|<c\b([^>]*\bt=[\"']e[\"'][^>]*)>\s*<v>([^<]*)</v>"
)
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]+)(\d+)[\"']")
_FAR = re.compile(rb' r="[A-Z][A-Z][A-Z]')
_EMPTY_CELL = re.compile(rb"<c\b[^>]*/>")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_ATTRIBUTE = re.compile(rb"\b(min|max|hidden)=[\"'](\w+)[\"']")


@dataclass(slots=True)
class Survey:
    """What the first pass over a sheet found: rows written, merged ranges, hidden columns (0-based)."""

    rows: int = 0
    merges: list[Merge] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Grid:
    """One block of rows as calamine gives it: texts of the shared strings still as marks; `first` is its first row."""

    sheet: str
    first: int
    left: int
    table: list[list[Cell]]
    hidden: set[int]
    faults: dict[int, list[Fault]]
    _strings: StringTable

    def rows(self) -> Iterator[Row]:
        """Row by row, texts put in; raises `BadFile`."""
        text, blanks, mark = self._strings.text, [""] * self.left, MARK
        for number, cells in enumerate(self.table, self.first):
            try:
                cells = [text(int(v[1:])) if v.__class__ is str and v[:1] == mark else v for v in cells]
            except (IndexError, ValueError):
                raise BadFile(Cause.CORRUPT) from None
            if self.left:
                cells = [*blanks, *cells]
            wrong = self.faults.get(number) if self.faults else None
            if wrong:
                cells += [""] * (1 + max(fault.column for fault in wrong) - len(cells))
            yield Row(self.sheet, number, cells, number in self.hidden, tuple(wrong) if wrong else ())

    def columns(self, width: int) -> list[Sequence[Cell]]:
        """The first `width` columns, texts put in: far less work than row by row; raises `BadFile`."""
        blank: Sequence[Cell] = ("",) * len(self.table)
        columns = list(zip(*self.table, strict=True))
        texts = self._texts(columns)
        found = [blank] * self.left + [list(map(texts.get, column, column)) for column in columns]
        return [*found[:width], *[blank] * (width - len(found))]

    def _texts(self, columns: Sequence[Sequence[Cell]]) -> dict[Cell, Cell]:
        """The text of every mark in the columns, each looked up once."""
        mark = MARK
        cells: set[Cell] = set().union(*columns)
        marks = [v for v in cells if v.__class__ is str and v[:1] == mark]
        try:
            return dict(zip(marks, self._strings.texts([int(v[1:]) for v in marks]), strict=True))
        except (IndexError, ValueError):
            raise BadFile(Cause.CORRUPT) from None


class Workbook:
    """An opened .xlsx: its sheets in order, and their rows one block at a time."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        self._strings: StringTable | None = None
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError):
            raise BadFile(Cause.CORRUPT) from None
        self.parts, self._shared_path, self._frame = self._index()
        styles = next((body for name, body in self._frame if name == "xl/styles.xml"), b"")
        self._told = formats.telling(styles)

    def __enter__(self) -> Workbook:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the archive and drop the shared strings."""
        self._zip.close()
        if self._strings is not None:
            self._strings.close()

    def survey(self, part: Part) -> Survey:
        """Read a sheet through once for what stands after its rows; raises `BadFile`."""
        found = Survey()
        before, after, tail = b"", False, bytearray()
        for block in self._stream(part.path):
            if not after:
                window = before + block
                found.rows += (
                    window.count(b"<row ") + window.count(b"<row>") - before.count(b"<row ") - before.count(b"<row>")
                )
                if not before and b"<cols" in window:
                    found.hidden_columns = _hidden_columns(window)
                if found.rows > self.limits.rows:
                    raise BadFile(Cause.TOO_MANY_ROWS, sheet=part.name, limit=self.limits.rows)
                at = window.find(b"sheetData>", max(0, len(before) - 16))
                while at > 0 and window[at - 1 : at] not in (b"/", b":"):
                    at = window.find(b"sheetData>", at + 1)
                if at > 0 and b"/" in window[max(0, at - 12) : at]:
                    after = True
                    tail += window[at:]
                before = window[-64:]
            elif len(tail) < _SMALL:
                tail += block
        for merge in _MERGE.finditer(bytes(tail)):
            found.merges.append(
                Merge(int(merge[2]), column_index(merge[1].decode()), int(merge[4]), column_index(merge[3].decode()))
            )
            if len(found.merges) > self.limits.merges:
                raise BadFile(Cause.BOMB, limit=self.limits.merges)
        return found

    def rows(self, part: Part) -> Iterator[Row]:
        """Every row that is written in the sheet, in order, merged cells not yet filled; raises `BadFile`."""
        for _index, grids in self.grids(part):
            for grid in grids:
                yield from grid.rows()

    def grids(self, part: Part, mine: Callable[[int], bool] | None = None) -> Iterator[tuple[int, list[Grid]]]:
        """The sheet in numbered blocks of rows, only those that are `mine`; raises `BadFile`."""
        strings = self._load_strings()
        last = 0
        for index, block in enumerate(self._row_blocks(part)):
            if mine is None or mine(index):
                yield index, list(self._parse(part, block, last, strings))
            last = _last_number(block, last)

    def _parse(self, part: Part, block: bytes, last: int, strings: StringTable) -> Iterator[Grid]:
        count = block.count(b"<row ") + block.count(b"<row>")
        if not count:
            return
        head = _ROW_NUMBER.search(_ROW.search(block)[1])  # type: ignore[index]
        span = _last_number(block, 0) - int(head[1]) + 1 if head else count
        if span > count + 5_000 or span <= 0:
            for single in _split_rows(block):
                yield from self._parse(part, single, last, strings)
                last = _last_number(single, last)
            return
        hidden = _hidden_rows(block) if any(word in block for word in _MAY_HIDE) else set()
        faults = _faults(block) if (b"<f" in block or b't="e"' in block or b"t='e'" in block) else {}
        if self._told:
            block = formats.as_told(block, self._told)
        if _FAR.search(block):
            block = _EMPTY_CELL.sub(b"", block)
            if _FAR.search(block):
                raise BadFile(Cause.TOO_MANY_COLUMNS, sheet=part.name, limit=self.limits.columns)
        first, left, table = self._calamine(_marked(block))
        if left + max(map(len, table[:1]), default=0) > self.limits.columns:
            raise BadFile(Cause.TOO_MANY_COLUMNS, sheet=part.name, limit=self.limits.columns)
        number = 1 + (first if head else last + first)
        if table:
            yield Grid(part.name, number, left, table, hidden, faults, strings)

    def _calamine(self, rows: bytes) -> tuple[int, int, list[list[Cell]]]:
        """Rows of one block with the position of their first cell (0-based)."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as out:
            for name, body in self._frame:
                out.writestr(name, body)
            out.writestr("xl/worksheets/sheet1.xml", _ROOT % rows)
        archive.seek(0)
        try:
            sheet = CalamineWorkbook.from_filelike(archive).get_sheet_by_index(0)
            start: Any = sheet.start
            return (*start, sheet.to_python(skip_empty_area=True)) if start else (0, 0, [])
        except PasswordError:
            raise BadFile(Cause.ENCRYPTED) from None
        except (CalamineError, ValueError, OverflowError):
            raise BadFile(Cause.CORRUPT) from None

    def _row_blocks(self, part: Part) -> Iterator[bytes]:
        """The sheet's rows in pieces that end with a whole row, name-space prefixes taken off."""
        rest, inside, prefix = b"", False, b""
        for block in self._stream(part.path):
            rest += block
            if not inside:
                start = re.search(rb"<(\w+:)?sheetData\b[^>]*(/?)>", rest)
                if start is None:
                    continue
                if start[0].endswith(b"/>"):
                    return
                inside, prefix = True, start[1] or b""
                rest = rest[start.end() :]
            end = rest.find(b"</" + prefix + b"sheetData>")
            closing = b"</" + prefix + b"row>"
            cut = end if end >= 0 else rest.rfind(closing) + len(closing)
            if cut >= len(closing) or end >= 0:
                yield _plain(rest[:cut], prefix)
                rest = rest[cut:]
            if end >= 0:
                return
            if len(rest) > _LONGEST:
                raise BadFile(Cause.TOO_LONG, limit=_LONGEST >> 20)
        raise BadFile(Cause.CORRUPT)

    def _load_strings(self) -> StringTable:
        if self._strings is not None:
            return self._strings
        blocks = self._string_blocks(self._shared_path) if self._shared_path else iter(())
        self._strings = table = StringTable(map(self._string_texts, blocks))
        return table

    def _string_blocks(self, path: str) -> Iterator[bytes]:
        rest, prefix = b"", None
        for block in self._stream(path):
            rest += block
            if prefix is None:
                root = re.search(rb"<(\w+:)?sst\b[^>]*>", rest)
                if root is None:
                    continue
                prefix, rest = root[1] or b"", rest[root.end() :]
            closing = b"</" + prefix + b"si>"
            cut = rest.rfind(closing) + len(closing)
            if cut >= len(closing):
                yield _plain(rest[:cut], prefix)
                rest = rest[cut:]
            if len(rest) > _LONGEST:
                raise BadFile(Cause.TOO_LONG, limit=_LONGEST >> 20)
        if rest:
            rest = _plain(rest, prefix or b"").split(b"</sst>")[0]
            if b"<si" in rest:
                yield rest

    def _string_texts(self, block: bytes) -> list[bytes]:
        """One string each, rich text joined and phonetic guides dropped by the same parser that reads inline text."""
        simple = simple_texts(block)
        if simple is not None:
            return simple
        block = re.sub(rb"<si\s*/>", b"<si></si>", block)
        count = block.count(b"</si>")
        rows = re.sub(rb"<si\b[^>]*>", b'<row><c t="inlineStr"><is>', block).replace(b"</si>", b"</is></c></row>")
        first, _left, table = self._calamine(rows)
        texts = [b""] * first + [str(cells[0]).encode() for cells in table]
        return texts + [b""] * (count - len(texts))

    def _stream(self, path: str) -> Iterator[bytes]:
        """A part of the archive, inflated block by block; its first block must be free of document types."""
        try:
            with self._zip.open(path) as stream:
                first = True
                while block := stream.read(BLOCK):
                    if first and (b"<!DOCTYPE" in block[:65_536] or b"<!ENTITY" in block[:65_536]):
                        raise BadFile(Cause.ENTITIES)
                    first = False
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, KeyError):
            raise BadFile(Cause.CORRUPT) from None

    def _small(self, path: str) -> bytes:
        body = b""
        for block in self._stream(path):
            body += block
            if len(body) > _SMALL:
                raise BadFile(Cause.BOMB, limit=_SMALL // 1024 // 1024)
        if body.count(b"<") > _TAGS:
            raise BadFile(Cause.CORRUPT)
        return body

    def _index(self) -> tuple[list[Part], str, list[tuple[str, bytes]]]:
        """Sheets, where the shared strings are, and the frame that makes a block of rows a workbook of its own."""
        names = {info.filename.replace("\\", "/").lower(): info.filename for info in self._zip.infolist()}
        try:
            relations = _relations(self._small(names["_rels/.rels"]), "")
            book_path = next(
                (target for kind, target in relations.values() if kind == "officeDocument"), "xl/workbook.xml"
            )
            folder = str(PurePosixPath(book_path).parent)
            book_relations = _relations(
                self._small(names[f"{folder}/_rels/{PurePosixPath(book_path).name}.rels".lower()]), folder
            )
            book = ElementTree.fromstring(self._small(names[book_path.lower()]))  # noqa: S314 - document types refused above
        except (KeyError, ElementTree.ParseError):
            raise BadFile(Cause.CORRUPT) from None
        parts, dates_1904 = [], False
        for element in book.iter():
            tag = element.tag.rpartition("}")[2]
            if tag == "workbookPr":
                dates_1904 = element.get("date1904") in ("1", "true")
            if tag == "sheet":
                relation = next((value for key, value in element.items() if key.endswith("}id")), "")
                kind, target = book_relations.get(relation, ("", ""))
                if kind == "worksheet" and target.lower() in names:
                    hidden = element.get("state", "visible") != "visible"
                    parts.append(Part(element.get("name", ""), names[target.lower()], hidden))
        by_kind = {kind: names.get(target.lower(), "") for kind, target in book_relations.values()}
        relations_xml = _REL % (b"rId1", b"worksheet", b"worksheets/sheet1.xml")
        frame = [
            ("[Content_Types].xml", _CONTENT_TYPES),
            ("_rels/.rels", _RELS % (_REL % (b"rId1", b"officeDocument", b"xl/workbook.xml"))),
        ]
        if by_kind.get("styles"):
            frame.append(("xl/styles.xml", self._small(by_kind["styles"])))
            relations_xml += _REL % (b"rId2", b"styles", b"styles.xml")
        frame.append(("xl/workbook.xml", _WORKBOOK % (b'<workbookPr date1904="1"/>' if dates_1904 else b"")))
        frame.append(("xl/_rels/workbook.xml.rels", _RELS % relations_xml))
        return parts, by_kind.get("sharedStrings", ""), frame


def _relations(body: bytes, folder: str) -> dict[str, tuple[str, str]]:
    found = {}
    for element in ElementTree.fromstring(body):  # noqa: S314 - document types refused by the caller
        target = element.get("Target", "")
        target = target.lstrip("/") if target.startswith("/") else str(PurePosixPath(folder) / target)
        if ".." in target:
            target = _resolved(target)
        found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], target)
    return found


def _resolved(target: str) -> str:
    kept: list[str] = []
    for piece in PurePosixPath(target).parts:
        if piece == "..":
            del kept[-1:]
        else:
            kept.append(piece)
    return "/".join(kept)


def _plain(block: bytes, prefix: bytes) -> bytes:
    """The same XML with its name-space prefix taken off the tags."""
    return block.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else block


def _marked(block: bytes) -> bytes:
    """Indexes into the shared strings turned into text that begins with `MARK`, so that a block stands alone."""
    if b" t='s'" in block:
        block = block.replace(b" t='s'", b' t="s"')
    if b' t="s"><v>' in block:
        block = block.replace(b' t="s"><v>', b' t="str"><v>' + _MARK)
    if b't="s"' in block:
        block = _SHARED.sub(rb' t="str"\1<v>' + _MARK, block)
    return block


def _last_number(block: bytes, last: int) -> int:
    """The number of the block's last row; rows without numbers are counted on from `last`."""
    at = max(block.rfind(b"<row "), block.rfind(b"<row>"))
    if at < 0:
        return last
    found = _ROW_NUMBER.search(block, at, block.find(b">", at))
    return int(found[1]) if found else last + block.count(b"<row ") + block.count(b"<row>")


def _hidden_rows(block: bytes) -> set[int]:
    heads = _ROW.findall(block)
    return {int(found[1]) for head in heads if _HIDDEN.search(head) and (found := _ROW_NUMBER.search(head))}


def _split_rows(block: bytes) -> Iterator[bytes]:
    starts = [found.start() for found in _ROW.finditer(block)]
    for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
        yield block[start:end]


def _faults(block: bytes) -> dict[int, list[Fault]]:
    """Formulas without a stored value and cells that hold an error, by row number."""
    found: dict[int, list[Fault]] = {}
    for match in _ODD_CELL.finditer(block):
        attributes, value, wrong, shown = match.groups()
        attributes = attributes if attributes is not None else wrong
        place = _REFERENCE.search(attributes)
        if place is None:
            continue
        is_error = b't="e"' in attributes or b"t='e'" in attributes
        empty = not value or value in (b"<v></v>", b"<v/>", b"<v />")
        if is_error:
            text = (shown if shown is not None else (value or b"").replace(b"<v>", b"").replace(b"</v>", b"")).decode(
                "utf-8", "replace"
            )
            fault = Fault(column_index(place[1].decode()), "error_value", text[:20] or "#N/A")
        elif match[1] is not None and empty and b'"str"' not in attributes:
            fault = Fault(column_index(place[1].decode()), "formula_without_value", "")
        else:
            continue
        found.setdefault(int(place[2]), []).append(fault)
    return found


def _hidden_columns(head: bytes) -> set[int]:
    hidden: set[int] = set()
    for tag in _HIDDEN_COLUMNS.findall(head):
        values = dict(_ATTRIBUTE.findall(tag))
        if values.get(b"hidden") in (b"1", b"true"):
            first, last = int(values.get(b"min", b"1")), int(values.get(b"max", b"1"))
            hidden.update(range(first - 1, min(last, first + 500)))
    return hidden
