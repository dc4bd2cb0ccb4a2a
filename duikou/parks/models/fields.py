"""Fields of the two columns: each gives its own type and stores nothing else."""

from __future__ import annotations

from typing import Any

from duikou.kernel.money import Money, MoneyField
from duikou.parks.rules.amounts import Agreed, Official


class OfficialField(MoneyField):
    """An official 在地 amount: 分 in the database, `Official` in Python; refuses every other type of money."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """分 in the database to an official amount."""
        return None if value is None else Official(Money.from_cents(int(value)))

    def to_python(self, value: Any) -> Any:
        """Only official amounts pass."""
        if value is None or isinstance(value, Official):
            return value
        raise TypeError(f"an official figure cannot be made of {type(value).__name__}")

    def get_prep_value(self, value: Any) -> int | None:
        """An official amount to 分."""
        if hasattr(value, "resolve_expression"):
            return value  # type: ignore[no-any-return]
        found = self.to_python(value)
        return None if found is None else found.money.cents


class AgreedField(MoneyField):
    """An amount of an agreed split: 分 in the database, `Agreed` in Python; refuses every other type of money."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """分 in the database to an agreed amount."""
        return None if value is None else Agreed(Money.from_cents(int(value)))

    def to_python(self, value: Any) -> Any:
        """Only agreed amounts pass."""
        if value is None or isinstance(value, Agreed):
            return value
        raise TypeError(f"an agreed share cannot be made of {type(value).__name__}")

    def get_prep_value(self, value: Any) -> int | None:
        """An agreed amount to 分."""
        if hasattr(value, "resolve_expression"):
            return value  # type: ignore[no-any-return]
        found = self.to_python(value)
        return None if found is None else found.money.cents
