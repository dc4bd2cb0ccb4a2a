"""Finding industries of GB/T 4754."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from duikou.kernel.text import normalise
from duikou.programme.models import Industry


def industries_of_level(level: int) -> QuerySet[Industry]:
    """Entries of one level (1 section, 2 division, 3 group, 4 class)."""
    return Industry.objects.filter(level=level)


def industry_search(query: str, *, limit: int = 20) -> list[Industry]:
    """Entries by the start of their code or a part of their name, broad ones first (one query)."""
    plain = normalise(query)
    if not plain:
        return []
    match = Q(code__istartswith=plain) | Q(name__contains=plain)
    return list(Industry.objects.filter(match).select_related("parent").order_by("level", "code")[:limit])
