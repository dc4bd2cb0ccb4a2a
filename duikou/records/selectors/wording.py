"""Codes and stored values of the trail in words, in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from duikou.kernel.clock import SHANGHAI

_actions: dict[str, Promise | str] = {}
_kinds: dict[str, Promise | str] = {}
_fields: dict[tuple[str, str], Promise | str] = {}
_values: dict[tuple[str, str], Mapping[str, Promise | str]] = {}
_roles: dict[str, Promise | str] = {}
_rows: dict[str, str] = {}
_codes: dict[str, str] = {}

_NUMBERS = frozenset({"id", "uid", "revision", "sequence"})
BOOKKEEPING = _NUMBERS | {"created_at", "created_by", "changed_at", "changed_by", "updated_at"}
"""Fields that tell a reader of an object's history nothing; the trail itself shows them."""

Stored = tuple[str, Any, Any]
"""The kind of subject of an event, and what it was before and after."""

Names = Mapping[tuple[str, Any], str]
"""(kind of row, its number or code) → its name."""


def register_words(
    room: str,
    *,
    actions: Mapping[str, Promise | str],
    kinds: Mapping[str, Promise | str] | None = None,
    fields: Mapping[str, Promise | str] | None = None,
    roles: Mapping[str, Promise | str] | None = None,
    rows: Mapping[str, str] | None = None,
    codes: Mapping[str, str] | None = None,
    values: Mapping[str, Mapping[str, Promise | str]] | None = None,
) -> None:
    """Tell the trail what a room's action codes are called, and what no model names: subjects, fields, roles.

    `fields` and `values` (field → stored value → words) hold for what happens to this room's subjects, also inside
    of lists and mappings; another room may call the same field otherwise, and borrows what it does not name itself.
    `rows`: of what kind the row is whose number a value holds that is no field of the subject ("membership").
    `codes`: by which field a kind of row is meant where the trail holds text and not a number ("adcode" of a region).
    Called once by each room in its `apps.py`, so that this room need know none above it.
    """
    _actions.update(actions)
    _kinds.update(kinds or {})
    for name, label in (fields or {}).items():
        _fields[room, name] = label
        _fields.setdefault(("", name), label)
    _values.update({(room, name): words for name, words in (values or {}).items()})
    _roles.update(roles or {})
    _rows.update(rows or {})
    _codes.update(codes or {})


def kind_label(kind: str) -> str:
    """What a subject is called ("projects.project" → 合作项目)."""
    if kind in _kinds:
        return str(_kinds[kind])
    model = model_of(kind)
    return str(model._meta.verbose_name) if model else kind


def role_label(role: str) -> str:
    """The post in words."""
    return str(_roles.get(role, role))


def action_label(action: str) -> str:
    """What was done, in words; an action that no room has named (of an older release) stays as it is."""
    return str(_actions.get(action, action))


def names_of(events: Iterable[Stored]) -> Names:
    """The names of the rows that events point at by number or code, one query for each kind of row.

    Rows that are gone keep their number; names written with the event (`{"id", "label"}`) need no looking up.
    """
    wanted: dict[str, set[Any]] = {}
    for kind, value in _pointers(events):
        wanted.setdefault(kind, set()).add(value)
    found: dict[tuple[str, Any], str] = {}
    for kind, values in wanted.items():
        model = model_of(kind)
        if model is None:
            continue
        rows = model._base_manager.select_related()
        numbers = [value for value in values if isinstance(value, int) and 0 < value < 2**63]
        found.update({(kind, pk): str(row) for pk, row in rows.in_bulk(numbers).items()})
        if kind in _codes:
            texts = [value for value in values if isinstance(value, str)]
            by_code = rows.filter(**{f"{_codes[kind]}__in": texts}) if texts else ()
            found.update({(kind, str(getattr(row, _codes[kind]))): str(row) for row in by_code})
    return found


def _pointers(events: Iterable[Stored]) -> Iterator[tuple[str, Any]]:
    for kind, *sides in events:
        fields = _fields_of(kind)
        for side in sides:
            for name, value in side.items() if isinstance(side, Mapping) else ():
                target = _target(name, fields.get(name))
                for one in value if isinstance(value, list) else [value]:
                    if target and _is_key(one):
                        yield target, one


def _target(name: str, field: Any) -> str:
    """The kind of row that a value names, "" where it names none."""
    if field is None:
        return _rows.get(name, "")
    return str(field.related_model._meta.label_lower) if field.is_relation else ""


def changes_in_words(
    kind: str, before: Any, after: Any, names: Names | None = None, *, brief: bool = False
) -> list[tuple[str, str | None, str | None]]:
    """`(field, before, after)` with translated labels and values; `names` as `names_of` found them for a page.

    `brief` leaves out what the event itself says (who and when) and numbers that only the platform needs.
    """
    known = names_of([(kind, before, after)]) if names is None else names
    old = before if isinstance(before, Mapping) else {"": before} if before is not None else {}
    new = after if isinstance(after, Mapping) else {"": after} if after is not None else {}
    fields, room = _fields_of(kind), kind.partition(".")[0]
    return [
        (
            _name(room, name, fields.get(name)),
            _named(room, name, fields.get(name), old[name], known) if name in old else None,
            _named(room, name, fields.get(name), new[name], known) if name in new else None,
        )
        for name in {**old, **new}
        if not (_is_empty(old.get(name)) and _is_empty(new.get(name)))
        and not (brief and name in BOOKKEEPING and (name in fields or name in _NUMBERS))
    ]


def _is_empty(value: Any) -> bool:
    """Whether a value says nothing: a field that says nothing before and after has no line."""
    return value is None or value in ("", [], {})


@lru_cache(maxsize=512)
def model_of(kind: str) -> type[models.Model] | None:
    """The model that a kind of subject names, if there is one."""
    app, _dot, name = kind.partition(".")
    try:
        return apps.get_model(app, name)
    except (LookupError, ValueError):
        return None


def _fields_of(kind: str) -> dict[str, Any]:
    model = model_of(kind)
    if model is None:
        return {}
    found = {field.name: field for field in model._meta.concrete_fields}
    return found | {field.attname: field for field in model._meta.concrete_fields}


def _name(room: str, name: str, field: Any) -> str:
    if field is not None:
        return str(field.verbose_name)
    return str(_field(room, name) or name)


def _field(room: str, name: str) -> Promise | str:
    """What a room calls a field, or else what the first room calls it that has named it."""
    return _fields.get((room, name)) or _fields.get(("", name), "")


def _named(room: str, name: str, field: Any, value: Any, names: Names) -> str:
    """A value that points at a row by that row's name, any other in words."""
    target = _target(name, field)
    choices = _choices(room, name, field)
    if isinstance(field, models.DateTimeField) and isinstance(value, str):
        return _moment(value)
    if not target:
        return _value(room, choices, value)
    rows = value if isinstance(value, list) else [value]
    known = [(names.get((target, one), "") if _is_key(one) else "") for one in rows]
    return _("、").join(name or _value(room, choices, one) for name, one in zip(known, rows, strict=True))


def _choices(room: str, name: str, field: Any) -> Mapping[Any, Promise | str]:
    """What a field's stored values are called, by its model or by its room."""
    if field is not None and getattr(field, "choices", None):
        return dict(field.flatchoices)
    return _values.get((room, name), {})


def _moment(text: str) -> str:
    """A stored moment to the minute, as pages say it."""
    try:
        return f"{dt.datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    except ValueError:
        return text


def _is_key(value: Any) -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool)


def _value(room: str, choices: Mapping[Any, Promise | str], value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, Mapping):
        label = value.get("label")
        said = ((key, inner) for key, inner in value.items() if not _is_empty(inner))
        return str(label) if label else _("；").join(_pair(room, key, inner) for key, inner in said)
    if isinstance(value, list):
        between = " / " if any(isinstance(inner, Mapping) for inner in value) else _("、")
        return between.join(_value(room, choices, inner) for inner in value)
    return str(choices.get(value, value))


def _pair(room: str, key: str, inner: Any) -> str:
    """One entry of a mapping: a counted kind, also with its foreign key, goes by its name; what is unknown stays."""
    kind = ".".join(key.split(".")[:2])
    name = str(_field(room, key) or _actions.get(key) or (kind_label(kind) if model_of(kind) else key))
    return _("%(name)s：%(value)s") % {"name": name, "value": _value(room, _choices(room, key, None), inner)}
