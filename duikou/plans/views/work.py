"""A unit's task taken back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.kernel.errors import Invalid
from duikou.plans import policies, selectors
from duikou.plans.forms import ReasonForm
from duikou.plans.models import Plan, UnitTask
from duikou.plans.selectors import lists
from duikou.plans.services.progress import unit_task_remove
from duikou.plans.views.form import FormPage


class TaskRemove(FormPage):
    """Take a task back, with the reason."""

    def get(self, request: HttpRequest, plan_id: int, task_id: int) -> HttpResponse:
        """Ask for the reason."""
        plan, task = self._task(plan_id, task_id)
        return self.show(ReasonForm(), self._title(task), plan=plan)

    def post(self, request: HttpRequest, plan_id: int, task_id: int) -> HttpResponse:
        """Do it."""
        plan, task = self._task(plan_id, task_id)
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                unit_task_remove(actor=self.actor, task_id=task.pk, reason=form.cleaned_data["reason"])
                return redirect("plans:plan", plan.pk)
            except Invalid as bad:
                form.add_faults(bad.fields)
        return self.show(form, self._title(task), plan=plan)

    def _title(self, task: UnitTask) -> str:
        return _("撤销任务：%(task)s") % {"task": task.title}

    def _task(self, plan_id: int, task_id: int) -> tuple[Plan, UnitTask]:
        plan = selectors.plan_visible(actor=self.actor, plan_id=plan_id)
        task = lists.task_of(plan=plan, task_id=task_id)
        policies.report(self.actor, plan).or_raise()
        return plan, task
