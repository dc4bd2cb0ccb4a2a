"""A Word file that is no template is refused with the place; one that passed makes papers that say what was written."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import docx as word
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

from duikou.documents.rules.paper import Paper
from duikou.documents.rules.template_tags import tags_of
from duikou.documents.services import word_styles
from duikou.documents.services.read_back import squeezed
from duikou.documents.services.template_examples import HOSTILE, example, trials
from duikou.documents.services.template_fields import FIELDS, FILTERS, rows_of_kind
from duikou.documents.services.template_package import LARGEST, Fault
from duikou.documents.services.template_trial import judged, trial_made
from duikou.documents.services.word import FILTERS as RUN_FILTERS
from duikou.documents.services.word import docx, fields_of
from duikou.documents.services.word_text import plain
from duikou.documents.states import TemplateKind

TEXT = TemplateKind.TEXT
Change = Callable[[Any], None]


def changed(change: Change, kind: TemplateKind = TEXT) -> bytes:
    """The shipped template with something changed in it."""
    letter, out = word.Document(io.BytesIO(word_styles.built_in(kind.value))), io.BytesIO()
    change(letter)
    letter.save(out)
    return out.getvalue()


def with_line(*lines: str) -> bytes:
    """The shipped template with paragraphs more at the end."""
    return changed(lambda letter: [letter.add_paragraph(line) for line in lines])


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A package with its parts changed as bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {part.filename: package.read(part) for part in package.infolist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, raw in parts.items():
            package.writestr(name, raw)
    return out.getvalue()


def only(data: bytes, kind: TemplateKind = TEXT) -> Fault:
    found = judged(data, kind, "模板.docx")
    assert found, "nothing was found wrong"
    return found[0]


def said(data: bytes) -> str:
    letter = word.Document(io.BytesIO(data))
    return squeezed("".join(str(one.text or "") for one in letter.element.iter(qn("w:t"))))


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_the_shipped_templates_pass_their_own_examination(kind: TemplateKind) -> None:
    assert judged(word_styles.built_in(kind.value), kind, "模板.docx") == []


def test_an_unknown_field_is_refused_with_its_paragraph_the_words_and_what_may_be_meant() -> None:
    fault = only(with_line("一段话", "文号是{{ numbr }}号"))
    count = len(word.Document(io.BytesIO(word_styles.built_in())).paragraphs)
    assert fault.place == f"正文第{count + 2}段"
    assert fault.words == "文号是{{ numbr }}号"
    assert "“numbr”" in fault.reason
    assert "“number”" in fault.reason


def test_an_unknown_field_is_found_in_cells_headers_and_footers() -> None:
    def change(letter: Any) -> None:
        letter.add_table(2, 2).cell(1, 0).text = "{{ cell }}"
        letter.sections[0].header.paragraphs[0].text = "{{ head }}"
        letter.sections[0].even_page_footer.add_paragraph("{{ feet }}")

    places = {fault.words: fault.place for fault in judged(changed(change), TEXT)}
    assert places == {
        "{{ cell }}": "正文第1个表格第2行第1格第1段",
        "{{ head }}": "页眉第1段",
        "{{ feet }}": "偶数页页脚第3段",
    }


def test_a_tag_that_word_tore_into_runs_is_read_as_one() -> None:
    def change(letter: Any) -> None:
        line = letter.add_paragraph()
        for piece in ("{", "{ num", "ber", " }", "}"):
            line.add_run(piece).bold = True

    data = changed(change)
    assert judged(data, TEXT) == []
    assert said(trial_made(data, TEXT)).count("沈政发〔2018〕6号") == 2


@pytest.mark.parametrize(
    "lines",
    [
        ("{{ title.__class__ }}",),
        ("{{ ''.__class__.__mro__ }}",),
        ("{{ title.upper() }}",),
        ("{{ title|attr('__class__') }}",),
        ("{{ title|upper }}",),
        ("{{ title[0] }}",),
        ("{{ title ~ title }}",),
        ("{{ title * 1000000 }}",),
        ("{{ 9**9**9 }}",),
        ("{{ [1,2] }}",),
        ("{{ {'a':1} }}",),
        ("{{ title if number else date }}",),
        ("{{ self }}",),
        ("{{ loop.index }}",),
        ("{{ lipsum() }}",),
        ("{{ cycler.__init__.__globals__ }}",),
        ("{{ body }}",),
        ("{{ body|trim }}",),
        ("前{{ table }}后",),
        ("{{ entries }}",),
        ("{{r title }}",),
        ("{{- title }}",),
        ("{%- if title %}{% endif %}",),
        ("{% set x = 1 %}",),
        ("{% include 'x' %}",),
        ("{% import 'x' as y %}",),
        ("{% extends 'x' %}",),
        ("{% macro x() %}{% endmacro %}",),
        ("{% call x() %}{% endcall %}",),
        ("{% raw %}{{ x }}{% endraw %}",),
        ("{% filter upper %}{% endfilter %}",),
        ("{% block x %}{% endblock %}",),
        ("{% for x in range(10**9) %}x{% endfor %}",),
        ("{% for x in title %}x{% endfor %}",),
        ("{% for x in entries recursive %}{% endfor %}",),
        ("{% for x in entries if x.title %}{% endfor %}",),
        ("{% for a, b in entries %}{% endfor %}",),
        ("{% for x in entries %}{% for y in entries %}{{ y.title }}{% endfor %}{% endfor %}",),
        ("{% for title in entries %}{{ title.title }}{% endfor %}",),
        ("{% for x in entries %}{{ x.titel }}{% endfor %}",),
        ("{% for x in entries %}{{ x }}{% endfor %}",),
        ("{% for x in entries %}{{ x.title.title }}{% endfor %}",),
        ("{% for x in entries %}{% endfor %}" * 4,),
        ("{% if number is defined %}{% endif %}",),
        ("{% if number > 3 %}{% endif %}",),
        ("{% if number %}",),
        ("{% endif %}",),
        ("{% if number %}{% endfor %}",),
        ("{% if number %}", "{% endif %}"),
        ("{%p if number %}文字",),
        ("{%p if number %}", "{{ number }}", "{% endif %}"),
        ("{%tr for x in entries %}",),
        ("{% colspan 3 %}",),
        ("{% vm %}",),
        ("{# 注 #}",),
        ("{{ }}",),
        ("{{ title",),
        ("title }}",),
        ("{",),
        ("{{ '" + "x" * 400 + "' }}",),
        ("{% debug %}",),
        ("{% trans %}{% endtrans %}",),
        ("{% do x %}",),
        ("{{ (((((title))))) + 1 }}",),
    ],
)
def test_what_a_template_may_not_say_is_refused_where_it_stands(lines: tuple[str, ...]) -> None:
    fault = only(with_line(*lines))
    assert fault.place.startswith("正文第")
    assert "{" in fault.words or "}" in fault.words
    assert fault.reason


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("{{ number|default('（无文号）', true) }}", "沈政发〔2018〕6号"),
        ("{{ entries|length }}项", "2项"),
        ("{% if number != '' and not mark %}有{% else %}无{% endif %}", "有"),
        ("{% if number == “甲” %}甲{% elif date %}乙{% endif %}", "乙"),
        ("{% for 行 in entries %}{{ loop.index }}：{{ 行.title }}；{% endfor %}", "1：共建产业园；2：干部挂职交流；"),
    ],
)
def test_what_a_template_may_say(line: str, shown: str) -> None:
    data = with_line(line)
    assert judged(data, TEXT) == []
    assert shown in said(trial_made(data, TEXT))


def test_a_table_of_ones_own_takes_the_place_of_the_appended_one() -> None:
    def change(letter: Any) -> None:
        table = letter.add_table(3, 2)
        table.cell(0, 0).text = "{%tr for row in entries %}"
        table.cell(1, 0).text, table.cell(1, 1).text = "{{ row.number }}", "{{ row.title }}"
        table.cell(2, 0).text = "{%tr endfor %}"

    data = changed(change)
    assert judged(data, TEXT) == []
    made = word.Document(io.BytesIO(trial_made(data, TEXT)))
    assert [[cell.text for cell in row.cells] for row in made.tables[-1].rows] == [
        ["1", "共建产业园"],
        ["2", "干部挂职交流"],
    ]
    assert len(made.sections) == 1


@pytest.mark.parametrize("name", ["title", "body", "foot"])
def test_a_template_that_lacks_what_a_paper_cannot_lack_is_refused(name: str) -> None:
    def drop(letter: Any) -> None:
        for part in (letter, letter.sections[0].footer, letter.sections[0].even_page_footer):
            for line in part.paragraphs:
                if f"{{{{ {name} }}}}" in line.text:
                    line._p.getparent().remove(line._p)

    assert only(changed(drop)).words == f"{{{{ {name} }}}}"


def test_a_text_that_is_only_there_on_a_condition_does_not_get_through_the_trial() -> None:
    def hide(letter: Any) -> None:
        line = next(one for one in letter.paragraphs if one.text == "{{ title }}")
        line.insert_paragraph_before("{%p if number %}")
        line._p.addnext(letter.add_paragraph("{%p endif %}")._p)

    fault = only(changed(hide))
    assert fault.words == "{{ title }}"
    assert "试样" in fault.reason


def _revision(letter: Any) -> None:
    letter.add_paragraph()._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="x"><w:r><w:t>加</w:t></w:r></w:ins>')
    )


def _field(code: str) -> Change:
    def change(letter: Any) -> None:
        line = letter.add_paragraph("看这里")
        for kind in ("begin", code, "end"):
            run = line.add_run()
            made = OxmlElement("w:fldChar" if kind != code else "w:instrText")
            if kind == code:
                made.text = code
            else:
                made.set(qn("w:fldCharType"), kind)
            run._r.append(made)

    return change


def _link(letter: Any) -> None:
    line = letter.add_paragraph("见")
    key = letter.part.relate_to(
        "https://evil.example/", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", True
    )
    line._p.append(
        parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{key}"><w:r><w:t>这个网站</w:t></w:r></w:hyperlink>')
    )


def _attribute(letter: Any) -> None:
    mark = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="9" w:name="{{{{ title }}}}"/>')
    letter.paragraphs[0]._p.append(mark)


def _object(letter: Any) -> None:
    letter.add_paragraph("嵌入").add_run()._r.append(OxmlElement("w:object"))


def _torn_link(letter: Any) -> None:
    line = letter.add_paragraph("{{ ti")
    line._p.append(parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="a"><w:r><w:t>tle }}}}</w:t></w:r></w:hyperlink>'))


def _props(letter: Any) -> None:
    letter.core_properties.comments = "{{ title }}"


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (_revision, "正文第", "修订"),
        (_link, "外部链接", "evil.example"),
        (_attribute, "正文第1段", "看不见"),
        (_object, "正文第", "嵌有"),
        (_torn_link, "正文第", "边界"),
        (_props, "文件属性", "标签"),
        (_field("INCLUDETEXT \\\\server\\x.docx"), "正文第", "INCLUDETEXT"),
        (_field("DDEAUTO c:\\\\x cmd"), "正文第", "DDEAUTO"),
        (_field("{{ title }}"), "正文第", "看不见"),
        (lambda letter: letter.styles.add_style("公文正文x", 2), "", ""),
    ],
)
def test_what_a_paper_may_not_carry_is_refused_with_its_place(change: Change, place: str, reason: str) -> None:
    found = judged(changed(change), TEXT)
    if not place:
        assert found == []
        return
    assert found[0].place.startswith(place)
    assert reason in found[0].reason


def test_the_words_that_a_link_stands_on_are_shown() -> None:
    assert only(changed(_link)).words == "这个网站"


def test_a_whole_book_is_no_template() -> None:
    fault = only(changed(lambda letter: [letter.add_paragraph("甲") for _number in range(1_600)]))
    assert "1500段" in fault.reason


def test_page_numbers_are_no_foreign_field() -> None:
    assert judged(changed(_field("NUMPAGES \\* MERGEFORMAT")), TEXT) == []


def _main_type(kind: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        old = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(old, kind.encode())

    return change


def _part(name: str, raw: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: raw})


def _dtd(parts: dict[str, bytes]) -> None:
    start = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    body = parts["word/document.xml"]
    at = body.index(b"<w:document")
    parts["word/document.xml"] = body[:at] + start + body[at:]


def _external_template(parts: dict[str, bytes]) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    parts["word/_rels/settings.xml.rels"] = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}" Target="file:///x/evil.dotm" TargetMode="External"/></Relationships>'
    ).encode()


def _hidden_header(parts: dict[str, bytes]) -> None:
    """A header under a name that no reader of XML would look at."""
    types = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/word/header9.dat" ContentType="application/vnd.openxmlformats-officedocument.'
        b'wordprocessingml.header+xml"/></Types>',
    )
    parts["[Content_Types].xml"] = types
    parts["word/header9.dat"] = b"<x/>"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_main_type("application/vnd.ms-word.document.macroEnabled.main+xml"), "宏"),
        (_main_type("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"), "dotx"),
        (_main_type("text/plain"), "不是 Word"),
        (_part("word/vbaProject.bin"), "宏"),
        (_part("word/embeddings/oleObject1.bin"), "嵌有"),
        (_part("word/activeX/activeX1.xml", b"<x/>"), "嵌有"),
        (_part("word/afchunk.mht"), "其他格式"),
        (_part("word/../../evil.xml", b"<x/>"), "不合规"),
        (_part("word/Document.xml", b"<x/>"), "不合规"),
        (_part("word/broken.xml", b"<x>"), "XML"),
        (_part("word/deep.xml", b"<x>" * 5000 + b"</x>" * 5000), "XML"),
        (_part("word/bomb.xml", b"<x>" + b" " * 8 * 1024**2 + b"</x>"), "过大"),
        (_part("word/media/bomb.png", b"0" * 70 * 1024**2), "过大"),
        (_dtd, "DTD"),
        (_external_template, "evil.dotm"),
        (_hidden_header, "不合规"),
        (lambda parts: parts.update({f"word/{n}.bin": b"" for n in range(600)}), "过多"),
        (lambda parts: parts.pop("[Content_Types].xml"), "不是 Word"),
        (lambda parts: parts.pop("word/document.xml"), "不是 Word"),
    ],
)
def test_a_package_that_is_no_plain_word_file_is_refused(
    change: Callable[[dict[str, bytes]], Any], reason: str
) -> None:
    fault = only(repacked(word_styles.built_in(), change))
    assert reason in fault.reason


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.docx"),
        (b"hello", "a.docx"),
        (b"PK\x03\x04 broken", "a.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "a.docx"),
        (b"PK" + b"0" * LARGEST, "a.docx"),
        (b"%PDF-1.7", "a.pdf"),
        (word_styles.built_in(), "a.docm"),
    ],
)
def test_files_of_another_kind_are_refused(data: bytes, name: str) -> None:
    assert judged(data, TEXT, name)[0].place == "文件"


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 4000))
def test_a_damaged_template_breaks_nothing(rubbish: bytes, at: int) -> None:
    data = word_styles.built_in()
    at = at * len(data) // 4000
    judged(data[:at] + rubbish + data[at + len(rubbish) :], TEXT, "a.docx")


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="{}%# titlefornumb()[].|'\"_=+-*0x", max_size=40))
def test_whatever_is_written_into_a_template_either_passes_whole_or_is_refused(line: str) -> None:
    data = with_line(line)
    if judged(data, TEXT):
        return
    assert said(trial_made(data, TEXT)).count(squeezed(example(TEXT).title)) >= 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_values_go_in_as_data_and_never_as_markup(value: str) -> None:
    paper = Paper(title=value or "题", number=value, addressee=value, signers=(value,), foot=(value,))
    made = word.Document(io.BytesIO(docx(paper, word_styles.built_in())))
    kept = squeezed(plain(value))
    if kept:
        assert squeezed("".join(line.text for line in made.paragraphs)).count(kept) >= 3
    assert made.element.body.find(qn("w:p")) is not None


def test_names_full_of_markup_stand_on_the_paper_as_they_are_written() -> None:
    odd = trials(TEXT)[2]
    made = docx(odd, word_styles.built_in())
    assert said(made).count(squeezed(plain(HOSTILE))) >= 7
    assert "49" not in said(made)
    assert re.search(r"\{_\{", said(made))


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_the_list_of_fields_is_what_papers_bring(kind: TemplateKind) -> None:
    brought = fields_of(example(kind))
    for field in FIELDS[kind]:
        assert field.form == "place" or field.name in brought, field.name
        if field.form == "list":
            assert set(field.members or {}) == set(brought[field.name][0])
    rows = list(rows_of_kind(kind))
    assert rows[0].name.startswith("{{ ")
    assert {row.name: row.example for row in rows}["{{ title }}"].replace("\n", "") == example(kind).title
    assert set(FILTERS) == set(RUN_FILTERS)


def test_tags_are_cut_out_of_a_paragraph_in_order() -> None:
    found = list(tags_of("甲{{ a }}乙{%p if b %}丙{# c #}丁}"))
    assert [(tag.kind, tag.level, tag.code) for tag in found] == [
        ("value", "", "a"),
        ("block", "p", "if b"),
        ("comment", "", "c"),
        ("stray", "", "}"),
    ]
