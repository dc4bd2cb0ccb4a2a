"""Saved views: keeping one from a list, and all of them on one page."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.flow import policies
from duikou.flow.forms import ViewForm
from duikou.flow.models import SavedView
from duikou.flow.selectors.views import address_of, view_for, views_visible
from duikou.flow.services.views import view_change, view_delete, view_move, view_save, view_usual
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.kernel.lists import canonical, list_named
from duikou.kernel.web import Page


class Views(Page):
    """Mine, and what my office shares, by list."""

    needs = "flow.view.write"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        found = groupby(views_visible(actor=self.actor), key=lambda view: view.list)
        return self.render("flow/views.html", {"groups": [self._group(list(views)) for _list, views in found]})

    def _group(self, views: list[SavedView]) -> tuple[Any, list[dict[str, Any]]]:
        own = [view.pk for view in views if view.owner_id == self.actor.account_id]
        rows = [
            {
                "view": view,
                "url": address_of(view),
                "change": policies.may_change_view(self.actor, view),
                "is_first": own[:1] == [view.pk],
                "is_last": own[-1:] == [view.pk],
            }
            for view in views
        ]
        return views[0].list_label or _("这个列表已不存在"), rows


class _Form(Page):
    """A form for one view; what was typed stays when it is refused."""

    needs = "flow.view.write"

    def form_page(
        self, form: ViewForm, list_name: str, back: str, view: SavedView | None = None, **more: Any
    ) -> HttpResponse:
        """The page; 400 or 409 when something was refused."""
        page = list_named(list_name)
        context = {"form": form, "view": view, "back_url": back, "list_label": page.label if page else "", **more}
        status = 409 if more.get("stale") else 400 if form.errors else 200
        return self.render("flow/view_form.html", context, status=status)


class ViewNew(_Form):
    """Keep what a list shows."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it and go on with it open."""
        name_of_list, query = request.POST.get("list", ""), canonical(request.POST.get("query", ""))
        if list_named(name_of_list) is None:
            raise NotFound
        form = ViewForm(request.POST, share=policies.may_share_view(self.actor))
        back = f"{reverse(name_of_list)}?{query or 'view=0'}"
        if form.is_valid():
            data = form.cleaned_data
            try:
                view = view_save(
                    actor=self.actor,
                    name_of_list=name_of_list,
                    query=query,
                    name=data["name"],
                    is_shared=bool(data.get("is_shared")),
                )
                if data["is_usual"]:
                    view_usual(actor=self.actor, view_id=view.pk, is_usual=True)
                messages.success(request, _("视图“%(name)s”已保存。") % {"name": view.name})
                return HttpResponseRedirect(address_of(view))
            except (Invalid, Conflict) as refused:
                form.refuse(refused)
        return self.form_page(form, name_of_list, back)


class ViewEdit(_Form):
    """Rename it, share it, open the list with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form."""
        view = self._view(pk)
        return self.form_page(self._form(view), view.list, address_of(view) or reverse("flow:views"), view)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep it."""
        view = self._view(pk)
        form = self._form(view, request.POST)
        more: dict[str, Any] = {}
        if form.is_valid():
            data = form.cleaned_data
            shared = data.get("is_shared")
            try:
                view_change(
                    actor=self.actor, view_id=pk, version=data["version"] or 0, name=data["name"], is_shared=shared
                )
                view_usual(actor=self.actor, view_id=pk, is_usual=data["is_usual"])
                messages.success(request, _("视图已保存。"))
                return HttpResponseRedirect(reverse("flow:views"))
            except Stale as stale:
                form = self._form(view, {**request.POST.dict(), "version": view.version})
                more = {"stale": stale.message, "present": _("现在的名称：%(name)s") % {"name": view.name}}
            except Invalid as refused:
                form.refuse(refused)
        return self.form_page(form, view.list, address_of(view) or reverse("flow:views"), view, **more)

    def _view(self, pk: int) -> SavedView:
        view = view_for(actor=self.actor, pk=pk)
        policies.may_change_view(self.actor, view).or_raise()
        return view

    def _form(self, view: SavedView, data: Any = None) -> ViewForm:
        initial = {
            "name": view.name,
            "is_shared": view.is_shared,
            "is_usual": getattr(view, "is_usual", False),
            "version": view.version,
        }
        share = policies.may_share_view(self.actor)
        return ViewForm(data, initial=initial, share=share)


class ViewUpdate(Page):
    """Let the open view ask for what its list shows now."""

    needs = "flow.view.write"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep it."""
        version = request.POST.get("version", "")
        known = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        view = view_change(actor=self.actor, view_id=pk, version=known, query=request.POST.get("query", ""))
        messages.success(request, _("视图“%(name)s”已更新。") % {"name": view.name})
        return HttpResponseRedirect(address_of(view) or reverse("flow:views"))


class ViewDelete(Page):
    """Forget it."""

    needs = "flow.view.write"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """At once."""
        name = view_delete(actor=self.actor, view_id=pk)
        messages.success(request, _("视图“%(name)s”已删除。") % {"name": name})
        return HttpResponseRedirect(reverse("flow:views"))


class ViewMove(Page):
    """One place up or down."""

    needs = "flow.view.write"

    def post(self, request: HttpRequest, pk: int, way: str) -> HttpResponse:
        """Move it."""
        if way not in {"up", "down"}:
            raise NotFound
        view_move(actor=self.actor, view_id=pk, up=way == "up")
        return HttpResponseRedirect(reverse("flow:views"))


class ViewUsual(Page):
    """Whether its list opens with it."""

    needs = "flow.view.write"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set it."""
        view_usual(actor=self.actor, view_id=pk, is_usual=request.POST.get("is_usual") == "1")
        return HttpResponseRedirect(reverse("flow:views"))
