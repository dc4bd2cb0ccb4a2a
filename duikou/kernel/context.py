"""What the layout knows on every page, computed only when it asks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from duikou.kernel import shell
from duikou.kernel.actor import Actor


class Shell:
    """Lazy view of the frame: `nav`, and every value that rooms registered with `shell.add_frame`."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._known: dict[str, Any] = {}
        self.actor: Actor = getattr(request, "actor", Actor.anonymous())
        self.version = settings.VERSION
        self.demonstration = settings.DEMONSTRATION
        self.map_review_number = settings.MAP_REVIEW_NUMBER

    @property
    def nav(self) -> list[dict[str, Any]]:
        """Navigation entries for the role, the current one marked; what stands under one only while it is open."""
        entries = shell.nav_for(self.actor)
        below: dict[str, list[dict[str, Any]]] = {}
        inside = [entry for entry in entries if entry.under]
        nearest = max((len(entry.prefix) for entry in inside if self._is_at(entry)), default=0)
        for entry in inside:
            shown = self._entry(entry)
            shown["active"] = shown["active"] and len(entry.prefix) == nearest
            below.setdefault(entry.under, []).append(shown)
        found = []
        for entry in entries:
            if not entry.under:
                shown, inner = self._entry(entry), below.get(entry.url_name, [])
                is_open = shown["active"] or any(one["active"] for one in inner)
                found.append({**shown, "inner": inner if is_open else []})
        return found

    def _entry(self, entry: shell.NavEntry) -> dict[str, Any]:
        return {
            "label": entry.label,
            "url": reverse(entry.url_name),
            "icon": entry.icon,
            "active": self._is_at(entry),
        }

    def _is_at(self, entry: shell.NavEntry) -> bool:
        path = self._request.path
        return path.startswith(entry.prefix) if entry.prefix != "/" else path == "/"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._known:
            value = shell.frames().get(name)
            if value is None:
                raise AttributeError(name)
            self._known[name] = value(self._request, self.actor)
        return self._known[name]


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` and `actor`."""
    frame = Shell(request)
    return {"shell": frame, "actor": frame.actor}
