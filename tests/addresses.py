"""Every address of the house, found by walking the resolver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One named address: its full name, the parameters it takes and the view behind it."""

    name: str
    parameters: tuple[str, ...]
    view: Any
    route: str

    @property
    def view_class(self) -> Any:
        """The class behind the address, or None for a plain function."""
        return getattr(self.view, "view_class", None)


def walk(
    resolver: URLResolver | None = None, prefix: str = "", outer: tuple[str, ...] = (), above: str = "/"
) -> Iterator[Address]:
    """Addresses in the order of the resolver; an unnamed one is called by its pattern."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        here = outer + tuple(entry.pattern.regex.groupindex)
        route = above + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from walk(entry, inner, here, route)
        elif isinstance(entry, URLPattern):
            yield Address(prefix + (entry.name or f"({route})"), here, entry.callback, route)
