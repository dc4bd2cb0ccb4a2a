"""Lifecycles as tables one can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict

State = TypeVar("State", bound=StrEnum)


@dataclass(frozen=True)
class Machine(Generic[State]):
    """`table[state][verb]` is the state that `verb` leads to; what is not in the table is refused."""

    table: Mapping[State, Mapping[str, State]]

    def go(self, state: State, verb: str) -> State:
        """The state after `verb`; raises `Conflict` when the table has no such step."""
        try:
            return self.table[state][verb]
        except KeyError:
            raise Conflict(_("当前状态不允许这一步操作。"), state=str(state), verb=verb) from None

    def allows(self, state: State, verb: str) -> bool:
        """Whether `verb` is a step from `state`."""
        return verb in self.table.get(state, {})

    def verbs(self, state: State) -> tuple[str, ...]:
        """Steps that leave `state`, in the order of the table."""
        return tuple(self.table.get(state, {}))
