"""The two columns of a park's figures, as types that cannot meet.

Official 在地 figures and the split that both sides agreed on for their own assessment are kept twice and never mixed
(practice.md, *Fund, land, sharing*). `Official` and `Agreed` hold the same money, but neither is a number: adding one
to the other is refused by the type checker and raises `TypeError`; so does adding plain money.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from duikou.kernel.money import Money, share


@dataclass(frozen=True, slots=True, order=True)
class Official:
    """An amount of the official 在地 column, exact to the 分."""

    money: Money

    def __add__(self, other: Official) -> Official:
        if type(other) is not Official:
            return NotImplemented
        return Official(self.money + other.money)

    def __sub__(self, other: Official) -> Official:
        if type(other) is not Official:
            return NotImplemented
        return Official(self.money - other.money)

    def __str__(self) -> str:
        return str(self.money)

    @classmethod
    def total(cls, amounts: Iterable[Official]) -> Official:
        """The sum of official amounts only; raises `TypeError` for anything else."""
        whole = cls(Money(0))
        for amount in amounts:
            whole = whole + amount
        return whole


@dataclass(frozen=True, slots=True, order=True)
class Agreed:
    """An amount of the agreed column: what a side counts as its own under an agreement, exact to the 分."""

    money: Money

    def __add__(self, other: Agreed) -> Agreed:
        if type(other) is not Agreed:
            return NotImplemented
        return Agreed(self.money + other.money)

    def __sub__(self, other: Agreed) -> Agreed:
        if type(other) is not Agreed:
            return NotImplemented
        return Agreed(self.money - other.money)

    def __str__(self) -> str:
        return str(self.money)

    @classmethod
    def total(cls, amounts: Iterable[Agreed]) -> Agreed:
        """The sum of agreed amounts only; raises `TypeError` for anything else."""
        whole = cls(Money(0))
        for amount in amounts:
            whole = whole + amount
        return whole

    @classmethod
    def taken_from(cls, official: Official) -> Agreed:
        """What a split starts from: the one door from the official column to the agreed one, never back."""
        return cls(official.money)


def split(whole: Agreed, weights: Sequence[Decimal]) -> tuple[Agreed, ...]:
    """Each side's share of `whole` by `weights`; the shares add up to it, to the 分 (largest remainder)."""
    return tuple(Agreed(part) for part in share(whole.money, weights))
