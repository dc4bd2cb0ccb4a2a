"""An answer to "may I?" that can say why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duikou.kernel.errors import Forbidden

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Verdict:
    """Truthy when allowed; otherwise `reason` is a sentence for the person who asked."""

    allowed: bool
    reason: str | _StrPromise = ""

    @classmethod
    def yes(cls) -> Verdict:
        """Allowed."""
        return cls(allowed=True)

    @classmethod
    def no(cls, reason: str | _StrPromise) -> Verdict:
        """Refused, with a translated sentence."""
        return cls(allowed=False, reason=reason)

    def __bool__(self) -> bool:
        return self.allowed

    def or_raise(self) -> None:
        """Raise `Forbidden` with the reason unless allowed."""
        if not self.allowed:
            raise Forbidden(str(self.reason))
