"""Changing many projects at once: choose, fill in, see what it makes of each, then all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.templatetags.look import or_dash
from duikou.kernel.web import Page
from duikou.programme.models import ProjectKind
from duikou.projects import policies, selectors
from duikou.projects.forms import BulkForm
from duikou.projects.models import Project
from duikou.projects.services.bulk import MOST, BulkRefused, bulk_commit, bulk_preview
from duikou.projects.services.bulk_plan import RowPlan
from duikou.projects.views.lists import Listing
from duikou.records.selectors.wording import changes_in_words, names_of


class ProjectBulk(Page):
    """The bulk edit, in three pages at one address."""

    needs = "projects.project.write"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form for what was chosen: ticked rows, or all that match the filters."""
        policies.browse(self.actor).or_raise()
        try:
            ids = self._all(request) if request.GET.get("all") else _numbers(request.GET.getlist("pk"))
            _bounded(ids)
        except Invalid as refused:
            return self.render("projects/bulk.html", {"problem": refused.message}, status=400)
        return self._form(ids)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Preview, commit, or back to the form with what was typed."""
        policies.browse(self.actor).or_raise()
        ids = _numbers(request.POST.get("ids", "").split(","))
        _bounded(ids)
        form = self._bound(ids, request.POST)
        if not form.is_valid():
            return self._form(ids, form, status=400)
        act = request.POST.get("act")
        if act == "commit":
            return self._commit(ids, form)
        return self._form(ids, form) if act == "edit" else self._preview(ids, form)

    def _all(self, request: HttpRequest) -> list[int]:
        found = Listing.of(request, self.actor)
        if found is None or found.wanted is None:
            raise Invalid(_("筛选条件有误，请先在列表中改正。"))
        return list(found.query.order_by("-id").values_list("pk", flat=True)[: MOST + 1])

    def _chosen(self, ids: Iterable[int]) -> list[Project]:
        """The chosen projects that the viewer may know of."""
        rows = selectors.projects_visible(actor=self.actor).filter(pk__in=list(ids))
        return list(rows.select_related("programme", "kind").only("name", "programme", "kind").order_by("-id"))

    def _bound(self, ids: list[int], data: Any = None) -> BulkForm:
        rows = self._chosen(ids)
        if not rows:
            raise NotFound
        kinds: set[ProjectKind | None] = {row.kind for row in rows}
        if len({row.programme_id for row in rows}) > 1:
            raise Invalid(_("所选项目属于不同的方案，请分别修改。"))
        return BulkForm(data, programme=rows[0].programme, kind=kinds.pop() if len(kinds) == 1 else None)

    def _form(self, ids: list[int], form: BulkForm | None = None, status: int = 200) -> HttpResponse:
        rows = self._chosen(ids)
        form = form or (self._bound(ids) if rows else None)
        context = {"form": form, "rows": rows[:20], "number": len(rows), "ids": ",".join(str(row.pk) for row in rows)}
        return self.render("projects/bulk.html", context, status=status)

    def _preview(self, ids: list[int], form: BulkForm, problem: str = "", status: int = 200) -> HttpResponse:
        try:
            plans = bulk_preview(actor=self.actor, ids=ids, change=form.change())
        except Invalid as refused:
            form.refuse(refused)
            return self._form(ids, form, status=400)
        ready = [plan for plan in plans if not plan.refused and not plan.is_same]
        context = {
            "form": form,
            "ids": ",".join(map(str, ids)),
            "problem": problem,
            "refused": [plan for plan in plans if plan.refused],
            "same": sum(plan.is_same for plan in plans),
            "ready": list(zip(ready, _words(ready), strict=True)),
            "seen": ",".join(f"{plan.project.pk}:{plan.project.version}" for plan in ready),
        }
        return self.render("projects/bulk_preview.html", context, status=status)

    def _commit(self, ids: list[int], form: BulkForm) -> HttpResponse:
        seen = _seen(self.request.POST.get("seen", ""))
        try:
            number = bulk_commit(actor=self.actor, seen=seen, change=form.change(), reason=form.cleaned_data["reason"])
        except BulkRefused as refused:
            return self._preview(ids, form, refused.message, status=409)
        messages.success(self.request, _("已修改%(number)d个项目。") % {"number": number})
        return HttpResponseRedirect(f"{reverse('projects:list')}?sort=-changed&view=0")


def _words(plans: list[RowPlan]) -> list[list[tuple[Any, Any, Any]]]:
    """Field, before, after of each in the reader's words."""
    kind = "projects.project"
    sides = [[side for side in (plan.edits, plan.step) if side] for plan in plans]
    names = names_of((kind, *side) for many in sides for side in many)
    return [
        [
            (label, or_dash(old), or_dash(new))
            for before, after in many
            for label, old, new in changes_in_words(kind, before, after, names)
        ]
        for many in sides
    ]


def _numbers(texts: Iterable[str]) -> list[int]:
    """Ids as written, each once; what is none falls away."""
    return list(dict.fromkeys(int(one) for one in texts if one.isascii() and one.isdigit() and len(one) <= 18))


def _seen(text: str) -> dict[int, int]:
    """Id → version as the preview wrote them."""
    pairs = (pair.partition(":") for pair in text.split(","))
    return {int(pk): int(version) for pk, _colon, version in pairs if (pk + version).isdigit() and pk and version}


def _bounded(ids: list[int]) -> None:
    if len(ids) > MOST:
        raise Invalid(_("一次最多修改%(most)d个项目。请缩小范围；更多的请用导入。") % {"most": MOST})
