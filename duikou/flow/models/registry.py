"""Kinds of things that wait for people or are told to them; rooms register theirs in `apps.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duikou.flow.states import MailMode

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind: its code `room.noun`, its label and icon. A duty cannot be switched off or set aside."""

    code: str
    label: _StrPromise | str
    icon: str = "inbox"
    is_duty: bool = False
    mail: MailMode = MailMode.DAILY


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind (once, in `apps.py`)."""
    _kinds[kind.code] = kind
    return kind


def kind_of(code: str) -> Kind:
    """The kind of a code; a code that nobody registered (any more) shows as itself."""
    return _kinds.get(code) or Kind(code, code)


def kinds() -> tuple[Kind, ...]:
    """All kinds, by code."""
    return tuple(_kinds[code] for code in sorted(_kinds))
