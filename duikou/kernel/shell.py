"""What frames every page: rooms register navigation entries and context from below, the layout shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duikou.kernel.actor import Actor, Role

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the left navigation; shown to `roles` in the order of `order`.

    `under` names the entry (by `url_name`) below which it stands, shown only while that part of the site is open: so
    the navigation keeps to eight entries. What `is_business` an operator meets only in the logged mode.
    """

    label: _StrPromise | str
    url_name: str
    icon: str
    order: int
    roles: frozenset[Role]
    prefix: str
    under: str = ""
    is_business: bool = False


_nav: dict[str, NavEntry] = {}
_frames: dict[str, Callable[[HttpRequest, Actor], Any]] = {}


def add_nav(entry: NavEntry) -> None:
    """Register a navigation entry (once, in `apps.py`)."""
    _nav[entry.url_name] = entry


def add_frame(name: str, value: Callable[[HttpRequest, Actor], Any]) -> None:
    """Give the layout a value `shell.<name>`, computed only when the template asks for it."""
    _frames[name] = value


def nav_for(actor: Actor) -> list[NavEntry]:
    """The entries that this actor's role shows, in order; none that would only be refused."""
    kept_out = actor.role is Role.OPERATOR and actor.admin_mode_id is None
    shown = (entry for entry in _nav.values() if actor.role in entry.roles and not (kept_out and entry.is_business))
    return sorted(shown, key=lambda entry: entry.order)


def frames() -> dict[str, Callable[[HttpRequest, Actor], Any]]:
    """Registered frame values by name."""
    return dict(_frames)
