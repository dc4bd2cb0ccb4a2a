"""Every change of a version: who wrote what when, any two moments beside each other, an earlier text brought back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duikou.kernel.errors import NotFound
from duikou.kernel.keyset import Order, keyset_page
from duikou.plans import policies, selectors
from duikou.plans.models import PlanVersion, Revision
from duikou.plans.selectors import lists, writing
from duikou.plans.services.compare import authorship, compare, state_at
from duikou.plans.services.entries import EntryDraft, entry_add, entry_save
from duikou.plans.services.merge import restored
from duikou.plans.services.present import part_names, part_now
from duikou.plans.services.sections import SectionDraft, section_add, section_save
from duikou.plans.views.compare import comparison_shown
from duikou.plans.views.form import FormPage, whole
from duikou.plans.views.lists import PlanView


class VersionPage(PlanView):
    """A page about how a version came to be, for those whose work it is."""

    def version(self, plan_id: int, number: int) -> PlanVersion:
        """The version, when the viewer may know how it came to be."""
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        found = next((one for one in lists.versions_of(actor=self.actor, plan=plan) if one.number == number), None)
        if found is None:
            raise NotFound
        policies.discuss(self.actor, found).or_raise()
        return found


class History(VersionPage):
    """The changes of a version, or of one part of it, with who last wrote each paragraph."""

    def get(self, request: HttpRequest, plan_id: int, number: int) -> HttpResponse:
        """One page of changes, the latest first."""
        version = self.version(plan_id, number)
        uid = _uid(request.GET.get("part", ""))
        rows = writing.revisions_of(version, uid=uid)
        page = keyset_page(rows, Order("number", descending=True), request.GET.get("cursor", ""))
        part = part_now(version, uid) if uid else None
        names = part_names(version)
        context = {
            "version": version,
            "plan": version.plan,
            "uid": uid,
            "part": part,
            "title": names.get(str(uid)) if uid else "",
            "rows": [(row, names.get(str(row.uid)) or _name(row)) for row in page.rows],
            "pager_page": {"previous": page.previous, "next": page.next, "total": rows.count()},
            "authors": authorship(version_id=version.pk, uid=uid) if uid and part and part.kind == "section" else [],
            "write": policies.write(self.actor, version),
        }
        return self.render("plans/history.html", context)


class HistoryCompare(VersionPage):
    """Any two moments of one version beside each other."""

    def get(self, request: HttpRequest, plan_id: int, number: int) -> HttpResponse:
        """`from` and `to` are revisions of the version (0: before the first); `part`: of one part only."""
        version = self.version(plan_id, number)
        ends = sorted(max(0, min(whole(request.GET.get(name)), version.revision)) for name in ("from", "to"))
        found = compare(state_at(version, ends[0]), state_at(version, ends[1]))
        only = str(_uid(request.GET.get("part", "")) or "")
        heading = _("第%(old)s次与第%(new)s次修改比较") % {"old": ends[0], "new": ends[1]}
        context = {**comparison_shown(found, only), "plan": version.plan, "version": version, "heading": heading}
        return self.render("plans/compare.html", context)


class Restore(FormPage):
    """Bring an earlier text of a part back, as a new change."""

    def post(self, request: HttpRequest, version_id: int, uid: uuid.UUID, number: int) -> HttpResponse:
        """Save it anew; a removed part comes back under its own uid."""
        version = self.version(version_id)
        content = restored(version_id=version_id, number=number, uid=uid)
        now = part_now(version, uid)
        at: dict[str, Any] = {"actor": self.actor, "version_id": version_id, "uid": uid}
        kind = "section" if "heading" in content else "entry"
        if kind == "section":
            words = SectionDraft.of(content)
            section_save(**at, draft=words, revision=now.revision) if now else section_add(**at, draft=words)
        else:
            promise = EntryDraft.of(content)
            if str(promise.section) not in part_names(version):
                promise = replace(promise, section=None)
            entry_save(**at, draft=promise, revision=now.revision) if now else entry_add(**at, draft=promise)
        messages.success(request, _("已恢复为当时的内容，作为一次新的修改。"))
        return self.back(version, f"{kind}-{uid}")


def _name(row: Revision) -> str:
    content = row.content or {}
    return str(content.get("heading") or content.get("title") or _("已删除的部分"))


def _uid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
