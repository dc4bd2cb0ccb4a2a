"""Codes and stored values of the trail in words, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

_actions: dict[str, Promise | str] = {}
_kinds: dict[str, Promise | str] = {}
_fields: dict[str, Promise | str] = {}
_roles: dict[str, Promise | str] = {}


def register_words(
    *,
    actions: Mapping[str, Promise | str],
    kinds: Mapping[str, Promise | str] | None = None,
    fields: Mapping[str, Promise | str] | None = None,
    roles: Mapping[str, Promise | str] | None = None,
) -> None:
    """Tell the trail what a room's action codes are called, and what no model names: subjects, fields, roles.

    Called once by each room in its `apps.py`, so that this room need know none above it.
    """
    _actions.update(actions)
    _kinds.update(kinds or {})
    _fields.update(fields or {})
    _roles.update(roles or {})


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


def changes_in_words(kind: str, before: Any, after: Any) -> list[tuple[str, str | None, str | None]]:
    """`(field, before, after)` with translated labels and values."""
    old = before if isinstance(before, Mapping) else {"": before} if before is not None else {}
    new = after if isinstance(after, Mapping) else {"": after} if after is not None else {}
    fields = _fields_of(kind)
    return [
        (
            _name(name, fields.get(name)),
            _value(fields.get(name), old[name]) if name in old else None,
            _value(fields.get(name), new[name]) if name in new else None,
        )
        for name in {**old, **new}
    ]


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


def _name(name: str, field: Any) -> str:
    if field is not None:
        return str(field.verbose_name)
    return str(_fields.get(name, name))


def _value(field: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, Mapping):
        label = value.get("label")
        return str(label) if label else _("；").join(_pair(key, inner) for key, inner in value.items())
    if isinstance(value, list):
        return _("、").join(_value(field, inner) for inner in value)
    choices = dict(field.flatchoices) if field is not None and getattr(field, "choices", None) else {}
    return str(choices.get(value, value))


def _pair(key: str, inner: Any) -> str:
    """One entry of a mapping: a counted kind, also with its foreign key, goes by its name; what is unknown stays."""
    kind = ".".join(key.split(".")[:2])
    name = str(_fields.get(key) or _actions.get(key) or (kind_label(kind) if model_of(kind) else key))
    return _("%(name)s：%(value)s") % {"name": name, "value": _value(None, inner) or "—"}
