"""Sections and entries as parts of a draft: moved, removed, shown as they stand now."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse

from duikou.kernel.errors import NotFound
from duikou.plans import selectors
from duikou.plans.services.entries import entry_move, entry_remove
from duikou.plans.services.sections import section_move, section_remove
from duikou.plans.views.form import FormPage, whole
from duikou.plans.views.lists import PlanView
from duikou.plans.views.page import CHUNK, entry_rows, page_acts, section_rows


class PartAct(FormPage):
    """Move or remove a section or entry."""

    def post(self, request: HttpRequest, version_id: int, kind: str, uid: uuid.UUID, verb: str) -> HttpResponse:
        """`revision` is what the writer saw; up and down go past one neighbour."""
        version = self.version(version_id)
        at: dict[str, Any] = {
            "actor": self.actor,
            "version_id": version_id,
            "uid": uid,
            "revision": whole(request.POST.get("revision")),
        }
        content = selectors.content_of(version)
        parts: Any = content.sections if kind == "section" else content.entries
        uids = [part.uid for part in parts]
        if str(uid) not in uids:
            return self.back(version)
        if verb == "remove":
            (section_remove if kind == "section" else entry_remove)(**at)
            return self.back(version, "sections" if kind == "section" else "entries")
        place = uids.index(str(uid))
        target = place - 2 if verb == "up" else place + 1
        if (place == 0 and verb == "up") or target >= len(uids):
            return self.back(version, f"{kind}-{uid}")
        after = uuid.UUID(uids[target]) if target >= 0 else None
        if kind == "section":
            section_move(**at, after=after)
        else:
            held = parts[place].section
            entry_move(**at, after=after, section=uuid.UUID(held) if held else None)
        return self.back(version, f"{kind}-{uid}")


class Part(PlanView):
    """One section or entry as it stands on the plan's page, for a page that is already open."""

    def get(self, request: HttpRequest, version_id: int, kind: str, uid: uuid.UUID) -> HttpResponse:
        """The fragment; 404 when the part is gone."""
        version = selectors.version_visible(actor=self.actor, version_id=version_id)
        content = selectors.content_of(version)
        context = {**page_acts(self.actor, version), "content": content}
        rows = (section_rows if kind == "section" else entry_rows)(self.actor, version, content)
        found = next((one for one in rows if one[kind].uid == str(uid)), None)
        if found is None:
            raise NotFound
        return self.render(f"plans/parts/{kind}.html", {**context, **found, "row": found})


class EntryRows(PlanView):
    """A stretch of the table of entries, whole."""

    def get(self, request: HttpRequest, version_id: int, start: int) -> HttpResponse:
        """The rows from place `start` on."""
        version = selectors.version_visible(actor=self.actor, version_id=version_id)
        content = selectors.content_of(version)
        rows = entry_rows(self.actor, version, content)[start : start + CHUNK]
        context = {**page_acts(self.actor, version), "content": content, "chunk": {"rows": rows, "whole": True}}
        return self.render("plans/parts/entry_rows.html", context)
