"""The door to what a version says, and to its digest."""

from __future__ import annotations

import json

from duikou.kernel.canonical import digest
from duikou.plans.models import PlanVersion
from duikou.plans.rules.content import (
    ClauseRef,
    EntryContent,
    LinkContent,
    MoneyContent,
    PlanContent,
    SectionContent,
    UnitContent,
    canonical,
    renamed,
)
from duikou.plans.selectors.content import content_of
from duikou.programme.models.clause import ClauseFormerCode

__all__ = [
    "ClauseRef",
    "EntryContent",
    "LinkContent",
    "MoneyContent",
    "PlanContent",
    "SectionContent",
    "UnitContent",
    "canonical",
    "content_of",
    "digest_of",
    "is_intact",
]


def digest_of(version: PlanVersion) -> str:
    """The SHA-256 of what the version says: as signed, once it is; of the present content before."""
    return version.digest or digest(canonical(content_of(version)))


def is_intact(version: PlanVersion) -> bool:
    """Whether a signed version still says what was signed: the kept text has the digest, the tables say the same.

    Clause codes are compared as they are called today.
    """
    if digest(version.sealed.encode()) != version.digest:
        return False
    codes = dict(
        ClauseFormerCode.objects.filter(clause__programme=version.plan.programme_id).values_list("code", "clause__code")
    )
    present = json.loads(canonical(content_of(version)))
    signed: object = json.loads(version.sealed)
    return bool(renamed(present, codes) == renamed(signed, codes))
