"""The styles of an official paper in Word, and a template that has them: what an office starts its own from."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

LINE = Pt(225 / 25.4 * 72 / 22)
"""22 lines on 225 mm (GB/T 9704-2012, 5.2.3)."""
TITLE, ADDRESSEE, BODY, UNITS, ATTACHMENT, SIGNER, HEAD, NUMBER, CELL, FOOT, IMPRINT, ISSUE, PRESENT = (
    "公文标题",
    "主送机关",
    "公文正文",
    "责任单位",
    "附件说明",
    "落款",
    "发文机关标志",
    "发文字号",
    "公文表格",
    "公文页脚",
    "版记",
    "纪要编号",
    "出席人员",
)
NAMES = (TITLE, ADDRESSEE, BODY, UNITS, ATTACHMENT, SIGNER, HEAD, NUMBER, CELL, FOOT, IMPRINT, ISSUE, PRESENT)
HEADINGS = ("Heading 1", "Heading 2", "Heading 3", "Heading 4")
"""Word's own, so that its outline and contents know them."""

RED = "D7000F"
HEAD_SHAPE = {
    "align": WD_ALIGN_PARAGRAPH.CENTER,
    "line": Pt(54),
    "colour": RED,
    "before": Mm(32),
    "after": Pt(2 * LINE.pt),
}
"""The upper edge of the head's characters stands 35 mm below that of the type area (7.2.4)."""
_FACES = {1: "黑体", 2: "楷体_GB2312", 3: "仿宋_GB2312", 4: "仿宋_GB2312"}


def add_styles(document: Any) -> None:
    """Give the document the styles that are written with and that it lacks; those it has stay as they are."""
    own = {style.name for style in document.styles}
    for name, face, size, options in (
        (BODY, "仿宋_GB2312", 16, {"indent": True}),
        (TITLE, "方正小标宋简体", 22, {"align": WD_ALIGN_PARAGRAPH.CENTER, "line": Pt(33), "after": LINE}),
        (ADDRESSEE, "仿宋_GB2312", 16, {}),
        (UNITS, "仿宋_GB2312", 16, {"indent": True}),
        (ATTACHMENT, "仿宋_GB2312", 16, {"indent": True, "align": WD_ALIGN_PARAGRAPH.LEFT}),
        (SIGNER, "仿宋_GB2312", 16, {"align": WD_ALIGN_PARAGRAPH.RIGHT}),
        (HEAD, "方正小标宋简体", 36, HEAD_SHAPE),
        (NUMBER, "仿宋_GB2312", 16, {"align": WD_ALIGN_PARAGRAPH.CENTER, "rule": True, "after": Pt(2 * LINE.pt)}),
        (ISSUE, "仿宋_GB2312", 16, {"align": WD_ALIGN_PARAGRAPH.CENTER}),
        (PRESENT, "仿宋_GB2312", 16, {"align": WD_ALIGN_PARAGRAPH.LEFT, "hanging": True}),
        (CELL, "仿宋_GB2312", 10.5, {"line": Pt(15)}),
        (IMPRINT, "仿宋_GB2312", 14, {"align": WD_ALIGN_PARAGRAPH.LEFT, "line": Pt(24)}),
        (FOOT, "宋体", 7, {"align": WD_ALIGN_PARAGRAPH.CENTER, "line": Pt(9)}),
    ):
        if name not in own:
            _dress(document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH), face, size, options)
    for level, name in enumerate(HEADINGS, start=1):
        if name not in own:
            style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            _dress(style, _FACES[level], 16, {"indent": True, "bold": level == 3, "keep": True})


def _dress(style: Any, face: str, size: float, options: dict[str, Any]) -> None:
    style.font.name = "Times New Roman"
    style.font.size = Pt(size)
    style.font.bold = bool(options.get("bold"))
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(options.get("colour", "000000"))
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    fonts.set(qn("w:eastAsia"), face)
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.rPr.append(language)
    shape = style.paragraph_format
    shape.alignment = options.get("align", WD_ALIGN_PARAGRAPH.JUSTIFY)
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = options.get("line", LINE)
    shape.space_before, shape.space_after = options.get("before", Pt(0)), options.get("after", Pt(0))
    shape.keep_with_next = bool(options.get("keep"))
    if options.get("indent"):
        _indent(style.element.get_or_add_pPr())
    if options.get("hanging"):
        _hang(style.element.get_or_add_pPr())
    if options.get("rule"):
        _rule(style.element.get_or_add_pPr())


def _indent(properties: Any) -> None:
    """Two characters, whatever their size."""
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "640")


def _hang(properties: Any) -> None:
    """出席： two characters in, the lines below it after the colon."""
    indent = properties.get_or_add_ind()
    for name, value in (("leftChars", "500"), ("left", "1600"), ("hangingChars", "300"), ("hanging", "960")):
        indent.set(qn(f"w:{name}"), value)


def _rule(properties: Any) -> None:
    """The red line below the number."""
    borders, below = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", RED)):
        below.set(qn(f"w:{name}"), value)
    borders.append(below)
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def lay_out(section: Any, *, landscape: bool = False) -> None:
    """A4 with the standard's margins; the type area is 156 mm × 225 mm upright."""
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = 1 if landscape else 0
    top, right, bottom, left = (28, 37, 26, 35) if landscape else (37, 26, 35, 28)
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.footer_distance = Mm(bottom - 14 if bottom > 20 else 12)


def add_landscape(document: Any) -> Any:
    """A new section of landscape pages at the end."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    lay_out(section, landscape=True)
    return section


def add_field(paragraph: Any, code: str) -> None:
    """A field that Word itself keeps, such as PAGE."""
    for kind, text in (("begin", None), (None, code), ("separate", None), ("text", "1"), ("end", None)):
        run = paragraph.add_run()
        run.font.size = Pt(14)
        if kind == "text":
            run.text = text
            continue
        if kind is None:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {text} "
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "issuers": (HEAD, ("{%p if issuers %}", "{{ issuers }}", "{%p endif %}")),
    "number": (NUMBER, ("{%p if issuers %}", "{{ number }}", "{%p endif %}")),
    "alone": (ISSUE, ("{%p if number and not issuers %}", "{{ number }}", "{%p endif %}")),
    "title": (TITLE, ("{{ title }}",)),
    "addressee": (ADDRESSEE, ("{%p if addressee %}", "{{ addressee }}", "{%p endif %}")),
    "body": (BODY, ("{{ body }}",)),
    "attachments": (ATTACHMENT, ("{%p if attachments %}", "", "{{ attachments }}", "{%p endif %}")),
    "signers": (SIGNER, ("{%p if signers %}", "", "", "{{ signers }}", "{%p endif %}", "{{ date }}")),
    "banner": (HEAD, ("{{ banner }}",)),
    "issue": (ISSUE, ("{%p if number %}", "{{ number }}", "{%p endif %}")),
    "day": (NUMBER, ("{{ date }}",)),
    "table": (BODY, ("{{ table }}",)),
    "attendance": (PRESENT, ("", "{%p for row in attendance %}", "{{ row.label }}：{{ row.names }}", "{%p endfor %}")),
    "closing": (SIGNER, ("{%p if signers %}", "", "", "{{ signers }}", "{%p endif %}")),
}
"""What stands in the shipped templates, in order: the style and the paragraphs of each part."""
LETTER = ("issuers", "number", "alone", "title", "addressee", "body", "attachments", "signers")
SHIPPED: Mapping[str, tuple[str, ...]] = {
    "text": LETTER,
    "notice": LETTER,
    "table": ("title",),
    "minutes": ("banner", "issue", "day", "title", "body", "table", "attendance", "closing"),
}
"""Which parts the shipped template of each kind of paper has."""


@cache
def built_in(kind: str = "text") -> bytes:
    """The template that is used where an office has none of its own."""
    document = Document()
    for name in HEADINGS:  # python-docx brings coloured ones
        style = document.styles[name]
        style.element.getparent().remove(style.element)
    add_styles(document)
    section = document.sections[0]
    lay_out(section)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        line = footer.paragraphs[0]
        line.alignment = align
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        line.add_run("— ").font.size = Pt(14)
        add_field(line, "PAGE")
        line.add_run(" —").font.size = Pt(14)
        footer.add_paragraph("{{ foot }}", style=FOOT)
    for name in SHIPPED[kind]:
        style, lines = PARTS[name]
        for words in lines:
            document.add_paragraph(words, style=style)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
