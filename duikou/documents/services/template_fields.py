"""Which fields a template of each kind of paper may name: what they mean, and what they say on the example paper."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from duikou.documents.services.template_examples import example
from duikou.documents.services.word import fields_of
from duikou.documents.states import TemplateKind
from duikou.kernel.sheets import Out, write_xlsx

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `form`: "text" a value; "place" what the platform writes there, alone in its paragraph; "list" rows to
    repeat, each with `members`."""

    name: str
    meaning: Label
    form: str = "text"
    members: Mapping[str, Label] | None = None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One line of the list of fields that people read."""

    name: str
    meaning: str
    example: str


_HEAD = (
    Field("issuers", _("发文机关标志，联合行文每行一个，末尾带“文件”；没有红头时为空")),
    Field("number", _("发文字号；没有时为空")),
    Field("title", _("标题")),
    Field("addressee", _("主送机关，带冒号；没有时为空")),
)
_TAIL = (
    Field("signers", _("发文机关署名，每行一个；没有时为空")),
    Field("date", _("成文日期；没有时为空")),
)
_BODY = Field("body", _("正文：标题、段落、文中表格。独占一段，只能写一次"), "place")
_ATTACHMENTS = Field("attachments", _("附件说明，每个附件一行；没有时为空"))
_MARK = Field("mark", _("未生效文本的标记（草案、会签稿等）；已生效的为空。每页的水印由平台另加"))
_FOOT = Field("foot", _("版次、内容摘要和核对地址。必须有，写在页脚"))
_TABLE = Field("table", _("事项表。独占一段；不写则自动接在文后，另起横排页"), "place")
_ENTRIES = Field(
    "entries",
    _("事项，逐行排自己的表格时使用"),
    "list",
    {
        "number": _("序号"),
        "title": _("事项"),
        "measure": _("具体举措"),
        "target": _("目标"),
        "first_units": _("双方中前一方的责任单位，每行一个"),
        "second_units": _("双方中后一方的责任单位，每行一个"),
        "due": _("完成期限"),
        "money": _("资金，每行一项"),
    },
)
_DECISIONS = Field(
    "decisions",
    _("议定事项，逐行排自己的表格时使用"),
    "list",
    {
        "number": _("序号"),
        "text": _("议定事项"),
        "side": _("责任方"),
        "owner": _("责任单位或责任人"),
        "due": _("完成期限"),
    },
)
_ATTENDANCE = Field(
    "attendance",
    _("出席、请假、列席名单，逐段重复。必须有"),
    "list",
    {"label": _("出席、请假或列席"), "names": _("人员，双方各一行")},
)
_MINUTES = (
    Field("banner", _("纪要标志")),
    Field("number", _("编号；没有时为空")),
    Field("date", _("日期；没有时为空")),
    Field("title", _("标题")),
    _BODY,
    Field("table", _("议定事项表。独占一段；不写则接在文末"), "place"),
    _DECISIONS,
    _ATTENDANCE,
    Field("signers", _("发文机关署名，每行一个；没有时为空")),
)
FIELDS: Mapping[TemplateKind, tuple[Field, ...]] = {
    TemplateKind.TEXT: (*_HEAD, _BODY, _ATTACHMENTS, *_TAIL, _TABLE, _ENTRIES, _MARK, _FOOT),
    TemplateKind.TABLE: (Field("title", _("标题")), _TABLE, _ENTRIES, _MARK, _FOOT),
    TemplateKind.NOTICE: (*_HEAD, _BODY, _ATTACHMENTS, *_TAIL, _MARK, _FOOT),
    TemplateKind.MINUTES: (*_MINUTES, _MARK, _FOOT),
}
REQUIRED: Mapping[TemplateKind, tuple[str, ...]] = {
    TemplateKind.TEXT: ("title", "body", "foot"),
    TemplateKind.TABLE: ("title", "foot"),
    TemplateKind.NOTICE: ("title", "body", "foot"),
    TemplateKind.MINUTES: ("title", "body", "attendance", "foot"),
}
"""Without these a paper would not say what was signed, or could not be checked."""
FILTERS: Mapping[str, Label] = {
    "default": _("没有值时的代替文字：{{ number|default('（无文号）', true) }}"),
    "length": _("列表有几项：{{ entries|length }}"),
    "trim": _("去掉首尾空格：{{ title|trim }}"),
}
LOOP: Mapping[str, Label] = {
    "index": _("第几项，从1起"),
    "first": _("是不是第一项"),
    "last": _("是不是最后一项"),
    "length": _("共几项"),
}


def fields_of_kind(kind: TemplateKind) -> dict[str, Field]:
    """The fields of a kind by name."""
    return {field.name: field for field in FIELDS[kind]}


def rows_of_kind(kind: TemplateKind) -> Iterator[FieldRow]:
    """Every field and member with its meaning and what the example paper says there."""
    said = fields_of(example(kind))
    for field in FIELDS[kind]:
        if field.form == "list":
            yield FieldRow(f"{{% for row in {field.name} %}}", str(field.meaning), "")
            first = said[field.name][0]
            for name, meaning in (field.members or {}).items():
                yield FieldRow(f"{{{{ row.{name} }}}}", str(meaning), str(first[name]))
        else:
            yield FieldRow(f"{{{{ {field.name} }}}}", str(field.meaning), str(said.get(field.name, "")))


def fields_workbook(kind: TemplateKind) -> bytes:
    """The list as .xlsx."""
    out = io.BytesIO()
    titles = [Out(gettext("写法"), width=32), Out(gettext("含义"), width=60), Out(gettext("示例"), width=60)]
    write_xlsx(out, str(kind.label), titles, ([row.name, row.meaning, row.example] for row in rows_of_kind(kind)))
    return out.getvalue()
