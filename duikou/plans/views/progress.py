"""How far promises in force are, and the tasks of their units."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Invalid
from duikou.plans import policies, selectors
from duikou.plans.forms import ProgressForm, TaskForm
from duikou.plans.selectors import lists
from duikou.plans.selectors.chain import chain_up
from duikou.plans.services import progress
from duikou.plans.views.form import FormPage, whole


class EntryProgressPage(FormPage):
    """How far a promise in force is."""

    def get(self, request: HttpRequest, plan_id: int, uid: uuid.UUID) -> HttpResponse:
        """What was said last."""
        plan, row = selectors.plan_visible(actor=self.actor, plan_id=plan_id), None
        policies.report(self.actor, plan).or_raise()
        row = lists.progress_of(plan).get(str(uid))
        names = ("state", "note", "value", "on")
        form = ProgressForm(initial={name: getattr(row, name) for name in names} if row else {})
        return self.show(form, _("填报进展"), plan=plan, revision=row.version if row else 0)

    def post(self, request: HttpRequest, plan_id: int, uid: uuid.UUID) -> HttpResponse:
        """Say it."""
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        form, seen = ProgressForm(request.POST), whole(request.POST.get("revision"))
        if form.is_valid():
            try:
                progress.entry_progress_set(
                    actor=self.actor, plan_id=plan_id, uid=uid, version=seen, **form.cleaned_data
                )
                return redirect("plans:plan", plan_id)
            except Invalid as bad:
                form.add_faults(bad.fields)
        return self.show(form, _("填报进展"), plan=plan, revision=seen)


class TaskNew(FormPage):
    """Give a unit a task."""

    def _form(self, plan_id: int, uid: uuid.UUID, data: Any = None) -> TaskForm:
        rows = lists.bodies_of_entry(plan_id=plan_id, uid=uid)
        return TaskForm(data, bodies=rows)

    def get(self, request: HttpRequest, plan_id: int, uid: uuid.UUID) -> HttpResponse:
        """The empty form."""
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        policies.report(self.actor, plan).or_raise()
        return self.show(self._form(plan_id, uid), _("下达单位任务"), plan=plan)

    def post(self, request: HttpRequest, plan_id: int, uid: uuid.UUID) -> HttpResponse:
        """Give it."""
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        form = self._form(plan_id, uid, request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                progress.unit_task_add(
                    actor=self.actor,
                    plan_id=plan_id,
                    uid=uid,
                    organisation_id=data["organisation"],
                    title=data["title"],
                    due_on=data["due_on"],
                )
                return redirect("plans:plan", plan_id)
            except Invalid as bad:
                form.add_faults(bad.fields)
        return self.show(form, _("下达单位任务"), plan=plan)


class TaskSet(FormPage):
    """A unit says how far its task is."""

    needs = "plans.progress.write"

    def get(self, request: HttpRequest, plan_id: int, task_id: int) -> HttpResponse:
        """What was said last."""
        plan, task = self._task(plan_id, task_id)
        form = ProgressForm(initial={"state": task.state, "note": task.state_note})
        return self._shown(_without_figures(form), task, plan=plan, revision=task.version)

    def post(self, request: HttpRequest, plan_id: int, task_id: int) -> HttpResponse:
        """Say it."""
        plan, task = self._task(plan_id, task_id)
        form, seen = _without_figures(ProgressForm(request.POST)), whole(request.POST.get("revision"))
        if form.is_valid():
            try:
                progress.unit_task_set(actor=self.actor, task_id=task_id, version=seen, **form.cleaned_data)
                return redirect("plans:plan", plan_id)
            except Invalid as bad:
                form.add_faults(bad.fields)
        return self._shown(form, task, plan=plan, revision=seen)

    def _shown(self, form: ProgressForm, task: Any, **more: Any) -> HttpResponse:
        chain = chain_up(actor=self.actor, plan_id=task.plan_id, uid=task.entry_uid)
        return self.show(form, task.title, chain=chain, task=task, **more)

    def _task(self, plan_id: int, task_id: int) -> tuple[Any, Any]:
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        task = lists.task_of(plan=plan, task_id=task_id)
        policies.work(self.actor, task).or_raise()
        return plan, task


def _without_figures(form: ProgressForm) -> ProgressForm:
    for name in ("value", "on"):
        del form.fields[name]
    return form
