"""The table of permissions: each room declares its own in `policies.py`; what is not declared is refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import Actor, ActorKind, Role
from duikou.kernel.verdict import Verdict

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Permission:
    """One named right: which roles hold it, and the sentence for those who do not."""

    code: str
    roles: frozenset[Role]
    reason: str | _StrPromise


_table: dict[str, Permission] = {}


def declare(code: str, *, roles: Collection[Role], reason: str | _StrPromise = "") -> Permission:
    """Add a permission `room.noun.verb` to the table; twice with different roles is a programming error."""
    permission = Permission(code, frozenset(roles), reason or _("您的岗位没有这项权限。"))
    known = _table.get(code)
    if known is not None and known.roles != permission.roles:
        raise ValueError(f"permission {code} is declared twice with different roles")
    _table[code] = permission
    return permission


def check(actor: Actor, code: str) -> Verdict:
    """May an actor in this role do `code` at all? Rows are judged by the room's policies and selectors."""
    permission = _table.get(code)
    if permission is None:
        raise LookupError(f"permission {code} is not declared")
    if actor.kind in (ActorKind.JOB, ActorKind.COMMAND) or actor.role in permission.roles:
        return Verdict.yes()
    return Verdict.no(permission.reason)


def table() -> dict[str, Permission]:
    """Every declared permission by code (documentation and tests)."""
    return dict(_table)
