"""What a file says: the text of a PDF or a Word file, in one piece without blanks, for comparing."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import docx
import pypdf
from django.utils.translation import gettext as _
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from pypdf.errors import PyPdfError

from duikou.kernel.errors import Invalid

LARGEST = 30 * 1024**2
UNPACKED = 200 * 1024**2
MOST_PAGES = 2_000
_BLANK = re.compile(r"\s+")
_FOOT = re.compile(r"^(第\d+版|核对：|内容摘要|[0-9a-f]{16,}|https?://|[—－–-]+\d+[—－–-]+$)")
"""How lines at the foot of a page begin: they stand between the two halves of a paragraph that goes on."""
BROKEN = (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError, zlib.error)
"""What a reader raises at a file that is no whole PDF or Word file."""


def squeezed(text: str) -> str:
    """The text without blanks: how lines are broken says nothing."""
    return _BLANK.sub("", text)


def text_of(data: bytes) -> tuple[str, str]:
    """The text of the body and that of the feet; raises `Invalid` at `file` for what is neither PDF nor Word."""
    if len(data) > LARGEST:
        raise Invalid(fields={"file": [_("文件太大。")]})
    try:
        if data[:5] == b"%PDF-":
            return _pdf(data)
        if data[:2] == b"PK":
            return _word(data)
    except (*BROKEN, zipfile.BadZipFile, PackageNotFoundError, SyntaxError):
        raise Invalid(fields={"file": [_("文件已损坏，读不出来。")]}) from None
    raise Invalid(fields={"file": [_("请上传平台生成的PDF或Word文件。")]})


def _pdf(data: bytes) -> tuple[str, str]:
    reader = pypdf.PdfReader(io.BytesIO(data))
    if len(reader.pages) > MOST_PAGES:
        raise Invalid(fields={"file": [_("文件太大。")]})
    body: list[str] = []
    feet: list[str] = []
    for page in reader.pages:
        for line in page.extract_text().splitlines():
            words = squeezed(line)
            (feet if _FOOT.match(words) else body).append(words)
    return "".join(body), "".join(feet)


def _word(data: bytes) -> tuple[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if sum(part.file_size for part in package.infolist()) > UNPACKED:
            raise Invalid(fields={"file": [_("文件太大。")]})
    letter = docx.Document(io.BytesIO(data))
    return squeezed("".join(_paragraphs(letter))), squeezed("".join(_feet(letter)))


def _feet(letter: docx.document.Document) -> Iterator[str]:
    """The words of every footer, wherever in it they stand; those of odd pages first."""
    for section in letter.sections:
        for footer in (section.footer, section.even_page_footer, section.first_page_footer):
            if not footer.is_linked_to_previous:
                yield from (str(words.text or "") for words in footer._element.iter(qn("w:t")))


def _paragraphs(letter: docx.document.Document) -> Iterator[str]:
    for part in letter.iter_inner_content():
        if isinstance(part, docx.table.Table):
            for row in part.rows:
                yield from (cell.text for cell in row.cells)
        else:
            yield part.text
