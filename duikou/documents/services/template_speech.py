"""What the tags of a template may say: fields, conditions, repeating a list; nothing that calls or counts."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes

from duikou.documents.services.template_fields import FIELDS, LOOP, Field
from duikou.documents.services.template_package import Fault
from duikou.documents.services.word import FILTERS, environment
from duikou.documents.states import TemplateKind

LONGEST_TAG = 300
_PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If)
_SPOKEN = (
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.Filter,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
)
_NAMES: Mapping[str, str] = {"Call": "x()", "Getitem": "x[]", "CondExpr": "x if y else z", "Concat": "~", "Test": "is"}
_OPERATORS = {"eq", "ne"}


class Refused(Exception):
    """Why a tag is refused, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be named at a place: the fields of the kind, and the row of every list that is being repeated."""

    fields: Mapping[str, Field]
    rows: Mapping[str, Field]


def value_read(code: str, scope: Scope) -> list[str]:
    """The fields that `{{ code }}` names; raises `Refused`."""
    tree = _parsed(f"{{{{ {code} }}}}", code)
    output = tree.body[0] if tree.body else None
    if not isinstance(output, nodes.Output) or len(tree.body) != 1 or len(output.nodes) != 1:
        raise Refused(_("写法有误，请对照字段说明改正。"))
    found = output.nodes[0]
    named = _spoken(found, scope)
    if isinstance(found, nodes.Name) and (_form(found.name, scope) == "list" or found.name in scope.rows):
        raise Refused(_("“%(name)s”是列表，要逐项写：{%% for 某项 in %(name)s %%}。") % {"name": found.name})
    if not isinstance(found, nodes.Name) and any(_form(name, scope) == "place" for name in named):
        raise Refused(_("这个字段要单独写，不能再加工。"))
    return named


def block_read(code: str, scope: Scope) -> tuple[str, Field | None]:
    """What `{% code %}` opens: the name and the list of a `for`, nothing of an `if`; raises `Refused`."""
    word = code.split(maxsplit=1)[0] if code.split() else ""
    if word not in {"if", "for"}:
        raise Refused(_("不支持“%(word)s”：只可以用 if、elif、else、for。") % {"word": word[:30]})
    tree = _parsed(f"{{% {code} %}}{{% end{word} %}}", code)
    found = tree.body[0] if len(tree.body) == 1 else None
    if isinstance(found, nodes.If):
        for name in _spoken(found.test, scope):
            if _form(name, scope) == "place":
                raise Refused(_("这个字段要单独写，不能再加工。"))
        return "", None
    if not isinstance(found, nodes.For) or not isinstance(found.target, nodes.Name) or found.test or found.recursive:
        raise Refused(_("循环写作：{%% for 某项 in 列表 %%}。") % {})
    if not isinstance(found.iter, nodes.Name):
        raise Refused(_("循环只能用于列表字段，不能用函数或计算。"))
    name, target = found.iter.name, found.target.name
    of = scope.fields.get(name)
    if of is None:
        raise Refused(_unknown(name, scope))
    if of.form != "list":
        raise Refused(_("“%(name)s”不是列表，不能循环。") % {"name": name})
    if scope.rows:
        raise Refused(_("循环里不能再套循环。"))
    if target in scope.fields or target == "loop":
        raise Refused(_("“%(name)s”是字段名，循环请换一个名称。") % {"name": target})
    return target, of


def _parsed(source: str, code: str) -> nodes.Template:
    if len(code) > LONGEST_TAG:
        raise Refused(_("标签太长。"))
    try:
        return environment().parse(source)
    except (TemplateSyntaxError, RecursionError, ValueError, MemoryError):
        raise Refused(_("写法有误，请对照字段说明改正。")) from None


def _form(name: str, scope: Scope) -> str:
    found = scope.fields.get(name)
    return found.form if found else ""


def _spoken(node: nodes.Node, scope: Scope) -> list[str]:
    """The fields that an expression names, every part of it allowed; raises `Refused`."""
    if isinstance(node, nodes.Getattr):
        return _member(node, scope)
    if isinstance(node, nodes.Name):
        if node.name not in scope.fields and node.name not in scope.rows:
            raise Refused(_unknown(node.name, scope))
        return [node.name]
    _allowed(node)
    return [name for child in node.iter_child_nodes() for name in _spoken(child, scope)]


def _allowed(node: nodes.Node) -> None:
    kind = type(node).__name__
    if not isinstance(node, _SPOKEN):
        raise Refused(_("不支持这种写法（%(kind)s）：只可以写字段、条件和列表。") % {"kind": _NAMES.get(kind, kind)})
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise Refused(_("没有“%(name)s”这个过滤器。") % {"name": node.name})
    if isinstance(node, nodes.Operand) and node.op not in _OPERATORS:
        raise Refused(_("比较只可以用 == 和 !=。"))


def _member(node: nodes.Getattr, scope: Scope) -> list[str]:
    if not isinstance(node.node, nodes.Name):
        raise Refused(_("只可以写到“某项.字段”这一层。"))
    name = node.node.name
    if name == "loop" and scope.rows:
        known = list(LOOP)
    elif name in scope.rows:
        known = list(scope.rows[name].members or {})
    elif name in scope.fields:
        raise Refused(_("“%(name)s”没有下级字段。") % {"name": name})
    else:
        raise Refused(_unknown(name, scope))
    if node.attr not in known:
        near = get_close_matches(node.attr, known, 1)
        words = _("“%(row)s”没有“%(name)s”这个字段。") % {"row": name, "name": node.attr[:60]}
        raise Refused(words + (_("是不是“%(near)s”？") % {"near": near[0]} if near else ""))
    return []


def _unknown(name: str, scope: Scope) -> str:
    near = get_close_matches(name, [*scope.fields, *scope.rows], 1)
    words = _("没有“%(name)s”这个字段。") % {"name": name[:60]}
    return words + (_("是不是“%(near)s”？") % {"near": near[0]} if near else "")


def sources_check(data: bytes, kind: TemplateKind) -> list[Fault]:
    """The same question asked of what will be run, as `docxtpl` puts it together: nothing else may have come of it."""
    made = DocxTemplate(io.BytesIO(data))
    made.render_init()
    sources = [(_("正文"), made.get_xml())]
    for uri, label in ((made.HEADER_URI, _("页眉")), (made.FOOTER_URI, _("页脚"))):
        sources += [(label, made.get_part_xml(part)) for _key, part in made.get_headers_footers(uri)]
    known = {field.name: field for field in FIELDS[kind]}
    found = []
    for label, source in sources:
        try:
            _all_spoken(environment().parse(made.patch_xml(source)), Scope(known, {}))
        except Refused as refused:
            found.append(Fault(label, "", str(refused)))
        except (TemplateSyntaxError, KeyError):
            found.append(Fault(label, "", _("写法有误，请对照字段说明改正。")))
    return found


def _all_spoken(tree: nodes.Node, scope: Scope) -> None:
    """Every node under `tree` allowed; the row of a loop is known within it only."""
    for child in tree.iter_child_nodes():
        if isinstance(child, nodes.For):
            _all_spoken(child, _within(child, scope))
        elif isinstance(child, _PLAIN):
            _all_spoken(child, scope)
        elif not (isinstance(child, nodes.Name) and child.ctx == "store"):
            _spoken(child, scope)


def _within(loop: nodes.For, scope: Scope) -> Scope:
    if not isinstance(loop.target, nodes.Name) or not isinstance(loop.iter, nodes.Name) or scope.rows:
        raise Refused(_("循环里不能再套循环。"))
    return Scope(scope.fields, {loop.target.name: scope.fields[loop.iter.name]})
