"""Is a Word file fit to be a template? Every fault with the place where it stands; nothing of it is run to find out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree

from duikou.documents.rules.template_tags import Tag, around, tags_of
from duikou.documents.services import word_styles as styles
from duikou.documents.services.template_fields import REQUIRED, Field, fields_of_kind
from duikou.documents.services.template_package import Fault, Package, package_read
from duikou.documents.services.template_places import Spot, Story, W, stories_of
from duikou.documents.services.template_speech import Refused, Scope, block_read, sources_check, value_read
from duikou.documents.states import TemplateKind

MOST_TAGS = 300
MOST_LOOPS = 3
"""How often one list may be repeated: a paper of 500 entries must not become one of 50,000 rows."""
MOST_FAULTS = 50
MOST_PARAGRAPHS = 1_500
"""A template is made anew with every paper, and three times before it is taken."""
_REVISIONS = {"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"}
_OBJECTS = {"object", "control", "altChunk", "subDoc", "OLEObject", "movie", "webVideoPr"}
_COMMENTS = {"commentRangeStart", "commentRangeEnd", "commentReference"}
_FIELD_CODES = {"PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "STYLEREF", "SEQ", "TOC", "REF", "PAGEREF", "="}
"""Fields of Word that only count and point within the paper; others fetch from elsewhere or start something."""
_PAIRED = re.compile(r"\{[{%#]|[}%#]\}")


def template_faults(data: bytes, kind: TemplateKind, name: str = "") -> list[Fault]:
    """Everything that speaks against the file as a template of this kind; empty for one that may be tried."""
    if name and not name.lower().endswith(".docx"):
        return [Fault(_("文件"), name[:100], _("只接受 .docx 文件；宏文件（.docm）和 .doc、.dotx 请另存为 .docx。"))]
    package, faults = package_read(data, name)
    if package is None or faults:
        return faults[:MOST_FAULTS]
    stories = stories_of(package)
    if sum(1 for story in stories for _one in story.root.iter(f"{W}p")) > MOST_PARAGRAPHS:
        reason = _("超过%(limit)d段，请删去不属于模板的内容。") % {"limit": MOST_PARAGRAPHS}
        return [Fault(_("整个文件"), name, reason)]
    faults = [*_content(package, stories), *_Reading(kind).faults(stories)]
    return (faults or sources_check(data, kind))[:MOST_FAULTS]


def _content(package: Package, stories: list[Story]) -> Iterator[Fault]:
    """What may not stand in a paper, and braces where no template looks for them."""
    for story in stories:
        known = {spot.element for spot in story.spots}
        for element in story.root.iter():
            where = story.place_of
            tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if tag in _REVISIONS or tag.endswith("PrChange"):
                yield Fault(where(element), story.words_at(element), _("有未处理的修订，请先接受或拒绝全部修订。"))
                return
            if tag in _COMMENTS:
                yield Fault(where(element), story.words_at(element), _("文件有批注，请全部删除后再上传。"))
                return
            if tag in _OBJECTS:
                yield Fault(where(element), story.words_at(element), _("文件嵌有对象或控件，请删去。"))
            if tag == "p" and element not in known and element.tag == f"{W}p" and _PAIRED.search(_text(element)):
                yield Fault(where(element), _text(element)[:60], _("标签不能写在这里。"))
            yield from _hidden(story, element)
        yield from _fields(story)
    for name, root in package.parts.items():
        if name.lower().startswith("docprops/"):
            for text in root.itertext():
                if _PAIRED.search(str(text)):
                    yield Fault(_("文件属性"), str(text)[:60], _("标签不能写在这里。"))
    own = {*styles.HEADINGS, *styles.NAMES}
    for _name, root in package.named("styles"):
        for style in root.iter(f"{W}style"):
            called = style.find(f"{W}name")
            label = "" if called is None else called.get(f"{W}val", "")
            if label in own and style.get(f"{W}type") != "paragraph":
                yield Fault(_("样式"), label, _("这个样式名由平台使用，须是段落样式。"))


def _text(element: etree._Element) -> str:
    return "".join(str(one) for one in element.itertext())


def _hidden(story: Story, element: etree._Element) -> Iterator[Fault]:
    """Braces in attributes, comments and other texts, which would be run though nobody sees them."""
    said = [str(value) for value in element.attrib.values()] if isinstance(element.tag, str) else []
    found = next((value for value in said if _PAIRED.search(value)), "")
    loose = [str(element.tail or "")] + ([] if element.tag == f"{W}t" else [str(element.text or "")])
    found = found or next((value for value in loose if "{" in value or "}" in value), "")
    if found:
        reason = _("花括号不能写在替代文字、域代码、书签等看不见的地方。")
        yield Fault(story.place_of(element), found.strip()[:60], reason)


def _fields(story: Story) -> Iterator[Fault]:
    """Word's own fields: only those that count or point within the paper."""
    open_codes: list[list[str]] = []
    found: list[tuple[etree._Element, str]] = []
    for element in story.root.iter(f"{W}fldChar", f"{W}instrText", f"{W}fldSimple"):
        if element.tag == f"{W}fldSimple":
            found.append((element, element.get(f"{W}instr", "")))
        elif element.tag == f"{W}instrText":
            if open_codes:
                open_codes[-1].append(str(element.text or ""))
            else:
                found.append((element, str(element.text or "")))
        elif element.get(f"{W}fldCharType") == "begin":
            open_codes.append([])
        elif open_codes and element.get(f"{W}fldCharType") == "end":
            found.append((element, "".join(open_codes.pop())))
    found += [(story.root, "".join(codes)) for codes in open_codes]
    for element, code in found:
        word = code.split(maxsplit=1)[0].upper() if code.split() else "?"
        if word not in _FIELD_CODES and not word.startswith("="):
            reason = _("不能使用 Word 域“%(code)s”：它会取用文件以外的内容或运行程序。") % {"code": word[:30]}
            yield Fault(story.place_of(element), code.strip()[:60], reason)


@dataclass
class _Open:
    """A block that waits for its end."""

    tag: Tag
    spot: Spot
    name: str = ""
    of: Field | None = None


@dataclass
class _Reading:
    """Reads the tags of all stories in order."""

    kind: TemplateKind
    found: list[Fault] = field(default_factory=list)
    used: Counter[str] = field(default_factory=Counter)
    loops: Counter[str] = field(default_factory=Counter)
    feet: set[str] = field(default_factory=set)
    count: int = 0

    def faults(self, stories: list[Story]) -> list[Fault]:
        """What is wrong with the tags, and which fields are lacking."""
        self.fields = fields_of_kind(self.kind)
        for story in stories:
            self._story(story)
        for name in REQUIRED[self.kind]:
            if not self.used[name] and not self.loops[name]:
                words = f"{{{{ {name} }}}}"
                self.found.append(Fault(_("整个文件"), words, _("缺少这个字段，公文不能没有它。")))
        if self.used["foot"] and "footer" not in self.feet and "document.main" not in self.feet:
            self.found.append(Fault(_("页脚"), "{{ foot }}", _("这个字段要写在页脚里。")))
        if self.count > MOST_TAGS:
            limit = _("标签超过%(limit)d个。") % {"limit": MOST_TAGS}
            self.found.append(Fault(_("整个文件"), "", limit))
        return self.found

    def _story(self, story: Story) -> None:
        waiting: list[_Open] = []
        for spot in story.spots:
            for tag in tags_of(spot.words):
                self.count += 1
                if self.count > MOST_TAGS:
                    return
                try:
                    self._tag(story, spot, tag, waiting)
                except Refused as refused:
                    self.found.append(Fault(spot.place, around(spot.words, tag.start, tag.end), str(refused)))
        for one in waiting:
            reason = _("“%(word)s”没有对应的结束标签。") % {"word": one.tag.keyword}
            self.found.append(Fault(one.spot.place, around(one.spot.words, one.tag.start, one.tag.end), reason))

    def _tag(self, story: Story, spot: Spot, tag: Tag, waiting: list[_Open]) -> None:
        if tag.kind == "comment":
            raise Refused(_("不支持注释标签“{#”。"))
        if tag.kind == "stray":
            raise Refused(_("花括号没有配对。标签写作 {{ 字段 }} 或 {% if … %}，须在同一段内写完。"))
        if story.kind in {"footnotes", "endnotes"}:
            raise Refused(_("脚注和尾注里不能写标签。"))
        parents = {text.getparent().getparent() for text in spot.texts_at(tag.start, tag.end)}
        if len(parents) != 1 or (tag.kind == "block" and parents != {spot.element}):
            raise Refused(_("标签不能跨越超链接、内容控件等的边界，请删去重新键入。"))
        if tag.kind == "value":
            self._value(story, spot, tag, waiting)
        else:
            self._block(spot, tag, waiting)

    def _scope(self, waiting: list[_Open]) -> Scope:
        return Scope(self.fields, {one.name: one.of for one in waiting if one.of is not None})

    def _value(self, story: Story, spot: Spot, tag: Tag, waiting: list[_Open]) -> None:
        if tag.level:
            raise Refused(_("取值标签不能写作“{{%(level)s”。") % {"level": tag.level})
        named = value_read(tag.code, self._scope(waiting))
        for name in named:
            self.used[name] += 1
            if name == "foot":
                self.feet.add(story.kind)
        place = self.fields.get(tag.code)
        if place is not None and place.form == "place":
            if spot.words.strip() != spot.words[tag.start : tag.end] or not spot.is_top or waiting:
                raise Refused(_("这个字段须在正文里独占一段，不能放在表格、文本框、条件或循环里。"))
            if self.used[place.name] > 1:
                raise Refused(_("这个字段只能写一次。"))

    def _block(self, spot: Spot, tag: Tag, waiting: list[_Open]) -> None:
        if spot.in_box:
            raise Refused(_("文本框里只能写 {{ 字段 }}。"))
        self._alone(spot, tag)
        word = tag.keyword
        if word in {"endif", "endfor", "else", "elif"}:
            self._closing(spot, tag, waiting)
            if word == "elif":
                block_read(f"if {tag.code.removeprefix('elif')}", self._scope(waiting))
            return
        name, of = block_read(tag.code, self._scope(waiting))
        waiting.append(_Open(tag, spot, name, of))
        if of is not None:
            self.loops[of.name] += 1
            if self.loops[of.name] > MOST_LOOPS:
                raise Refused(_("同一个列表最多重复%(limit)d处。") % {"limit": MOST_LOOPS})

    def _alone(self, spot: Spot, tag: Tag) -> None:
        """A tag for a paragraph or a row stands there alone: whatever stands beside it would be lost."""
        own = spot.words[tag.start : tag.end]
        if tag.level == "p" and spot.words.strip() != own:
            raise Refused(_("“{%%p”标签须独占一段：这一段的其他文字会丢失。") % {})
        if tag.level == "tr" and (spot.row is None or _words_in(spot.row).strip() != own):
            raise Refused(_("“{%%tr”标签须独占表格的一行：这一行的其他文字会丢失。") % {})
        if tag.level in {"tc", "r"}:
            raise Refused(_("不支持“{%%%(level)s”标签。") % {"level": tag.level})

    def _closing(self, spot: Spot, tag: Tag, waiting: list[_Open]) -> None:
        word, wanted = tag.keyword, "for" if tag.keyword == "endfor" else "if"
        if tag.code != word and word != "elif":
            raise Refused(_("“%(word)s”后面不能再写别的。") % {"word": word})
        if not waiting or waiting[-1].tag.keyword != wanted:
            raise Refused(_("“%(word)s”前面没有对应的“%(wanted)s”。") % {"word": word, "wanted": wanted})
        last = waiting[-1]
        if word in {"endif", "endfor"}:
            waiting.pop()
        if last.tag.level != tag.level or _container(last.spot, tag.level) is not _container(spot, tag.level):
            raise Refused(
                _("“%(word)s”与%(place)s的“%(wanted)s”不在同一段，或前缀（p、tr）不同。")
                % {"word": word, "place": last.spot.place, "wanted": wanted}
            )


def _container(spot: Spot, level: str) -> etree._Element | None:
    """Within what a block of this level must end."""
    if level == "p":
        return spot.element.getparent()
    if level == "tr":
        return None if spot.row is None else spot.row.getparent()
    return spot.element


def _words_in(row: etree._Element) -> str:
    return "".join(str(one.text or "") for one in row.iter(f"{W}t"))
