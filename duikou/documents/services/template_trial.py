"""A template tried with example papers before it is taken: it must make whole files that say what the paper says."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx as word
from django.utils.translation import gettext as _
from docx.oxml.ns import qn
from jinja2 import TemplateError

from duikou.documents.rules.paper import Paper
from duikou.documents.services.read_back import squeezed
from duikou.documents.services.template_check import template_faults
from duikou.documents.services.template_examples import example, trials
from duikou.documents.services.template_fields import REQUIRED
from duikou.documents.services.template_package import Fault
from duikou.documents.services.word import docx
from duikou.documents.services.word_text import plain
from duikou.documents.states import TemplateKind

BROKEN = (TemplateError, ValueError, KeyError, IndexError, AttributeError, TypeError, SyntaxError, RecursionError)
"""What the makers of Word files raise at a template that is no whole Word file."""


def judged(data: bytes, kind: TemplateKind, name: str = "") -> list[Fault]:
    """Everything that speaks against a template: what stands in it, then what came of the trial papers."""
    try:
        return template_faults(data, kind, name) or list(_tried(data, kind))
    except BROKEN:
        reason = _("用示例数据生成不了试样：文件的内部结构不完好，请从平台模板重新改起。")
        return [Fault(_("整个文件"), "", reason)]


def trial_made(data: bytes, kind: TemplateKind) -> bytes:
    """The example paper through the template."""
    return docx(example(kind), data)


def _tried(data: bytes, kind: TemplateKind) -> Iterator[Fault]:
    for paper in trials(kind):
        made = word.Document(io.BytesIO(docx(paper, data)))
        yield from _whole(made)
        said = squeezed("".join(_everything(made)))
        for name, words in _wanted(paper, kind):
            if squeezed(plain(words)) not in said:
                reason = _("试样里没有“%(words)s”：这个字段没有写出来，请检查它是否在条件里。") % {"words": words[:40]}
                yield Fault(_("整个文件"), f"{{{{ {name} }}}}", reason)
                return


def _wanted(paper: Paper, kind: TemplateKind) -> Iterator[tuple[str, str]]:
    needed = REQUIRED[kind]
    yield "title", paper.title
    yield from (("foot", line) for line in paper.foot)
    if "body" in needed:
        yield from (("body", block.text) for block in paper.blocks if block.kind != "table")
    yield from (("attendance", line) for names in paper.lists for line in names.lines)
    for annex in paper.annexes:
        yield from (("table", text) for row in annex.rows for text in row[1:2])


def _everything(made: word.document.Document) -> Iterator[str]:
    yield from (str(one.text or "") for one in made.element.iter(qn("w:t")))
    for relation in made.part.rels.values():
        if relation.reltype.endswith(("/header", "/footer")):
            yield from (str(one.text or "") for one in relation.target_part.element.iter(qn("w:t")))


def _whole(made: word.document.Document) -> Iterator[Fault]:
    """What Word would call damaged: a cell without a paragraph at its end, a row without cells."""
    for cell in made.element.iter(qn("w:tc")):
        if cell[-1].tag != qn("w:p"):
            words = "".join(str(one.text or "") for one in cell.iter(qn("w:t")))[:60]
            yield Fault(_("表格"), words, _("条件不成立时，单元格里没有留下任何段落，请在格内留一个空段。"))
            return
