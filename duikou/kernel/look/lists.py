"""Parts of a list: filters, columns, order, pages, tabs; all of it travels in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from duikou.kernel.lists import PASSING, PICKED, ListBar, canonical
from duikou.kernel.look.basics import get, icon, register


def _query(context: Context, **changes: Any) -> str:
    """The current address's query with `changes`; None removes a key. Always begins with "?"."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None
    if query is None:
        return "?"
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("kernel/parts/filter_bar.html", takes_context=True)
def filter_bar(context: Context, source: Any, *, unfolded: bool = False, main: str = "") -> dict[str, Any]:
    """The filters of a list as a GET form, so that the address can be shared, with a chip for each one in force.

    `source` is a django-filter FilterSet or a bound form; `main` names (comma separated) the fields always shown, the
    others fold away.
    """
    form = getattr(source, "form", source)
    first = [name.strip() for name in main.split(",") if name.strip()] or list(form.fields)[:4]
    chips = _chips(context, form)
    hidden = [field for field in form.visible_fields() if field.name not in first]
    request = context.get("request")
    kept = [(key, value) for key, values in request.GET.lists() for value in values] if request is not None else []
    known = {field.html_name for field in form} | PASSING - {PICKED}
    names = {name for field in form for name in _names(field)}
    bar = _bar(context, form, names)
    return {
        "first": [field for field in form.visible_fields() if field.name in first],
        "rest": hidden,
        "chips": chips,
        "kept": [(key, value) for key, value in kept if key not in known | names],
        "open": unfolded or any(chip["field"] in {field.name for field in hidden} for chip in chips),
        "path": request.path if request is not None else "",
        "errors": form.errors if form.is_bound else None,
        "bar": bar,
        "actor": context.get("actor"),
        "request": request,
    }


def _bar(context: Context, form: Any, names: set[str]) -> ListBar | None:
    """The list that this page is, for what hangs above its filters; None when it is none."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    page = getattr(getattr(match, "func", None), "view_class", None)
    listing = getattr(page, "list_page", None)
    if request is None or match is None or listing is None or match.kwargs:
        return None
    picked = request.GET.get(PICKED, "")
    chooser = context.get("chooser")
    return ListBar(
        match.view_name,
        request.path,
        listing,
        canonical(request.GET.urlencode()),
        int(picked) if picked.isascii() and picked.isdigit() and len(picked) < 18 else None,
        frozenset({*names, *listing.also, "sort", "columns"}),
        None if chooser is None else frozenset(one.name for one in chooser),
        frozenset(form.errors) if form.is_bound else frozenset(),
    )


def _names(field: Any) -> set[str]:
    """Names under which the field may stand in the address (ranges have two)."""
    suffixes = getattr(field.field.widget, "suffixes", None) or ()
    return {field.html_name, *(f"{field.html_name}_{suffix}" for suffix in suffixes)}


def _chips(context: Context, form: Any) -> list[dict[str, Any]]:
    request = context.get("request")
    if request is None or not form.is_bound:
        return []
    chips = []
    for field in form.visible_fields():
        for key in _names(field):
            for value in request.GET.getlist(key):
                if value:
                    query = request.GET.copy()
                    query.setlist(key, [other for other in query.getlist(key) if other != value])
                    for page in PASSING - {PICKED}:
                        query.pop(page, None)
                    text = _choice_label(field, value)
                    chips.append(
                        {"field": field.name, "label": field.label, "text": text, "url": f"?{query.urlencode()}"}
                    )
    return chips


def _choice_label(field: Any, value: str) -> str:
    for key, label in getattr(field.field, "choices", ()):
        if isinstance(label, (list, tuple)):
            found = next((str(text) for inner, text in label if str(inner) == value), None)
            if found is not None:
                return found
        elif str(key) == value:
            return str(label)
    return value


@register.inclusion_tag("kernel/parts/column_chooser.html", takes_context=True)
def column_chooser(context: Context, columns: Iterable[Any], parameter: str = "columns") -> dict[str, Any]:
    """Which columns a list shows: items with `name`, `label` and `chosen`; the choice travels in the address."""
    request = context.get("request")
    kept = [(key, value) for key, values in request.GET.lists() for value in values] if request is not None else []
    return {"columns": columns, "parameter": parameter, "kept": [pair for pair in kept if pair[0] != parameter]}


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, label: str, field: str, *, number: bool = False, parameter: str = "sort"
) -> SafeString:
    """A `<th>` whose link sorts by `field`, and by its reverse when it already does."""
    request = context.get("request")
    current = request.GET.get(parameter, "") if request is not None else ""
    direction = {"": "", field: "ascending", f"-{field}": "descending"}.get(current, "")
    target = f"-{field}" if current == field else field
    query = _query(context, **{parameter: target, "cursor": None, "page": None, "after": None, "before": None})
    arrow = {"ascending": "arrow-up", "descending": "arrow-down"}.get(direction)
    return format_html(
        '<th scope="col" class="{}"{}><a class="dk-sort" href="{}"{}>{}{}</a></th>',
        "dk-num" if number else "",
        format_html(' aria-sort="{}"', direction) if direction else "",
        query,
        mark_safe(' aria-current="true"') if direction else "",
        label,
        icon(arrow, "sm") if arrow else "",
    )


@register.inclusion_tag("kernel/parts/pager.html", takes_context=True)
def pager(context: Context, page: Any, parameter: str = "cursor") -> dict[str, Any]:
    """Keyset pages: `page` has `previous` and `next` (cursor texts or None) and may have `total` and `rows`."""
    previous, following = get(page, "previous"), get(page, "next")
    return {
        "previous": _query(context, **{parameter: previous}) if previous else "",
        "first": _query(context, **{parameter: None}) if previous else "",
        "next": _query(context, **{parameter: following}) if following else "",
        "total": get(page, "total"),
    }


@register.inclusion_tag("kernel/parts/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Any, parameter: str = "page") -> dict[str, Any]:
    """Numbered pages of a Django `Page`."""
    pages = [
        {
            "number": n,
            "url": _query(context, **{parameter: n}) if isinstance(n, int) else "",
            "here": n == page_obj.number,
        }
        for n in page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=2, on_ends=1)
    ]
    return {"pages": pages, "total": page_obj.paginator.count, "many": page_obj.paginator.num_pages > 1}


@register.inclusion_tag("kernel/parts/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: str = "") -> dict[str, Any]:
    """Views of one thing at their own addresses: items with `label`, `url`, `active` and maybe `count`."""
    return {"items": items, "label": label or _("分页签")}
