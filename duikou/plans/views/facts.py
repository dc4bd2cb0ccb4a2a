"""The facts of a plan, and the acts on a version as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid
from duikou.plans import policies, selectors
from duikou.plans.forms import PlanForm, ReasonForm
from duikou.plans.selectors import lists
from duikou.plans.services import decomposition, signing
from duikou.plans.services.plans import amendment_open, plan_create, plan_update, unserved_set, version_abandon
from duikou.plans.services.route import version_submit
from duikou.plans.views.form import FormPage, whole


class PlanNew(FormPage):
    """Begin a plan."""

    def _form(self, data: Any = None, initial: Mapping[str, Any] | None = None) -> PlanForm:
        pairings = lists.pairings_writable(actor=self.actor, everywhere=False)
        clauses = lists.clauses_of(pairings[0].programme) if pairings else []
        parents = list(selectors.plans_visible(actor=self.actor).filter(pairing__in=[one.pk for one in pairings]))
        return PlanForm(data, initial=initial, pairings=pairings, clauses=clauses, parents=parents)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        initial = {name: request.GET[name] for name in ("pairing", "kind", "parent", "year") if name in request.GET}
        return self.show(self._form(initial=initial), _("新建计划"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin it."""
        form = self._form(request.POST)
        if form.is_valid():
            try:
                version = plan_create(actor=self.actor, draft=form.draft())
                return redirect("plans:plan", version.plan_id)
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Conflict as refused:
                form.add_error(None, refused.message)
        return self.show(form, _("新建计划"))


class PlanEdit(PlanNew):
    """Change the facts of a plan."""

    def get(self, request: HttpRequest, plan_id: int) -> HttpResponse:  # type: ignore[override]
        """The facts as they are."""
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        policies.create(self.actor, plan.pairing).or_raise()
        names = ("kind", "title", "year", "starts_on", "ends_on")
        ids = {"pairing": plan.pairing_id, "field": plan.field_id, "parent": plan.parent_id}
        initial = {**{name: getattr(plan, name) for name in names}, **ids}
        return self.show(self._form(initial=initial), _("修改计划信息"), plan=plan)

    def post(self, request: HttpRequest, plan_id: int) -> HttpResponse:  # type: ignore[override]
        """Change them."""
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        policies.create(self.actor, plan.pairing).or_raise()
        form = self._form(request.POST)
        if form.is_valid():
            try:
                plan_update(actor=self.actor, plan_id=plan.pk, draft=form.draft())
                return redirect("plans:plan", plan.pk)
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Conflict as refused:
                form.add_error(None, refused.message)
        return self.show(form, _("修改计划信息"), plan=plan)


class VersionAct(FormPage):
    """Send for signing, copy down, carry over."""

    def post(self, request: HttpRequest, version_id: int, verb: str) -> HttpResponse:
        """Do it; an incomplete draft comes back with the list."""
        version = self.version(version_id)
        if verb == "submit":
            try:
                version_submit(actor=self.actor, version_id=version_id, revision=whole(request.POST.get("revision")))
            except signing.Incomplete as refused:
                context = {"version": version, "missing": refused.missing, "refused": refused.message}
                return self.render("plans/incomplete.html", context, status=409)
            messages.success(request, _("已送签。"))
            return self.back(version)
        take = decomposition.entries_copy_down if verb == "copy-down" else decomposition.entries_carry_over
        added = take(actor=self.actor, version_id=version_id)
        messages.success(request, _("新增%(count)d个事项，已有的没有改动。") % {"count": len(added)})
        return self.back(version, "entries")


class Unserved(FormPage):
    """Why tasks are not served."""

    def post(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Save the reasons that were filled in."""
        version = self.version(version_id)
        marks = {
            name.removeprefix("task-"): str(text) for name, text in request.POST.items() if name.startswith("task-")
        }
        unserved_set(actor=self.actor, version_id=version_id, reasons=marks)
        return self.back(version, "coverage")


class Reasoned(FormPage):
    """Give a draft up, or open the next version: both say why."""

    def _title(self, verb: str) -> str:
        return _("作废本版") if verb == "abandon" else _("修订为新的一版")

    def get(self, request: HttpRequest, version_id: int, verb: str) -> HttpResponse:
        """Ask for the reason."""
        version = selectors.version_visible(actor=self.actor, version_id=version_id)
        policies.create(self.actor, version.plan.pairing).or_raise()
        return self.show(ReasonForm(), self._title(verb), version=version)

    def post(self, request: HttpRequest, version_id: int, verb: str) -> HttpResponse:
        """Do it."""
        version = selectors.version_visible(actor=self.actor, version_id=version_id)
        form = ReasonForm(request.POST)
        if form.is_valid():
            do = version_abandon if verb == "abandon" else amendment_open
            try:
                return self.back(do(actor=self.actor, version_id=version_id, reason=form.cleaned_data["reason"]))
            except Conflict as refused:
                form.add_error(None, refused.message)
        return self.show(form, self._title(verb), version=version)
