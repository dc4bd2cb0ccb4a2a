"""Changing a schedule: every form works without scripts, keeps what was typed and says what is wrong at its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Invalid, NotFound, Stale
from duikou.projects.models import Project
from duikou.projects.selectors import project_visible
from duikou.schedule import policies, selectors
from duikou.schedule.forms import DoneForm, LinkForm, MilestoneForm, ReasonForm, TypicalForm, milestone_initial
from duikou.schedule.models import Baseline, Milestone, MilestoneLink
from duikou.schedule.services import baselines, links
from duikou.schedule.services import milestones as services
from duikou.schedule.services.draft import plan_field
from duikou.schedule.states import TYPICAL
from duikou.schedule.views.milestone import ScheduleView


class Acting(ScheduleView):
    """A change: a stranger gets 404, a colleague 403 with the reason."""

    needs = "schedule.milestone.write"

    def project(self, project_id: int) -> Project:
        """The project, if the actor may know of it and change its schedule."""
        project = project_visible(actor=self.actor, project_id=project_id)
        policies.edit(self.actor, project).or_raise()
        return project

    def milestone(self, milestone_id: int) -> Milestone:
        """The milestone, if the actor may know of it and change it."""
        row = selectors.milestone_visible(actor=self.actor, milestone_id=milestone_id)
        policies.edit(self.actor, row.project).or_raise()
        return row

    def show(self, form: Any, title: str, project: Project, *, status: int | None = None, **more: Any) -> HttpResponse:
        """The form."""
        context = {"form": form, "title": title, "project": project, "typical": TYPICAL, "back": back(project), **more}
        return self.render("schedule/form.html", context, status=status or (400 if form.errors else 200))

    def tried(self, form: Any, do: Callable[[], object], done: str, target: str) -> HttpResponse | None:
        """The way on after `do`; None when a fault stands in the form now. `Stale` is the caller's."""
        if not form.is_valid():
            return None
        try:
            do()
        except Invalid as bad:
            form.add_faults(bad.fields or {"": [bad.message]})
            return None
        messages.success(self.request, done)
        return redirect(target)


def back(project: Project) -> str:
    """The milestones on the project's page."""
    return reverse("projects:project", args=[project.pk]) + "#milestones"


def whole(text: str | None) -> int:
    """The whole number that a form sent; -1 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1


class MilestoneNew(Acting):
    """Add one."""

    def get(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """The empty form."""
        project = self.project(project_id)
        return self.show(MilestoneForm(project=project), _("增加里程碑"), project)

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Add it."""
        project = self.project(project_id)
        form = MilestoneForm(request.POST, project=project)

        def do() -> None:
            services.milestone_add(actor=self.actor, project_id=project.pk, draft=form.draft())

        return self.tried(form, do, _("已增加里程碑。"), back(project)) or self.show(form, _("增加里程碑"), project)


class MilestoneEdit(Acting):
    """Change one; a stale save shows both texts."""

    def get(self, request: HttpRequest, milestone_id: int) -> HttpResponse:
        """The form as it stands."""
        row = self.milestone(milestone_id)
        form = MilestoneForm(initial=milestone_initial(row), project=row.project)
        return self.show(form, _("修改里程碑"), row.project, version=row.version)

    def post(self, request: HttpRequest, milestone_id: int) -> HttpResponse:
        """Change it."""
        row = self.milestone(milestone_id)
        form, seen = MilestoneForm(request.POST, project=row.project), whole(request.POST.get("version"))

        def do() -> None:
            services.milestone_change(actor=self.actor, milestone_id=row.pk, version=seen, draft=form.draft())

        try:
            done = self.tried(form, do, _("已修改里程碑。"), back(row.project))
        except Stale as stale:
            row = self.milestone(milestone_id)
            both = both_of(form, milestone_initial(row))
            more = {"both": both, "message": stale.message, "version": row.version}
            return self.show(form, _("修改里程碑"), row.project, status=409, **more)
        return done or self.show(form, _("修改里程碑"), row.project, version=seen)


class _Step(Acting):
    """A small form about one milestone that must not have changed in between."""

    def form(self, row: Milestone, data: Any = None) -> Any:
        """The form."""
        return ReasonForm(data)

    def do(self, row: Milestone, version: int, form: Any) -> None:
        """Call the service."""
        raise NotImplementedError

    def get(self, request: HttpRequest, milestone_id: int) -> HttpResponse:
        """The form."""
        row = self.milestone(milestone_id)
        return self.show(self.form(row), self.words(), row.project, row=row, version=row.version)

    def post(self, request: HttpRequest, milestone_id: int) -> HttpResponse:
        """Do it; what somebody else did meanwhile is said, and the form keeps what was typed."""
        row = self.milestone(milestone_id)
        form, version = self.form(row, request.POST), whole(request.POST.get("version"))
        try:
            done = self.tried(form, lambda: self.do(row, version, form), _("已保存。"), back(row.project))
        except (Stale, Conflict) as refused:
            form.add_error(None, refused.message)
            row = self.milestone(milestone_id)
            return self.show(form, self.words(), row.project, row=row, version=row.version, status=409)
        return done or self.show(form, self.words(), row.project, row=row, version=version)

    def words(self) -> str:
        """The page's title."""
        raise NotImplementedError


class MilestoneDone(_Step):
    """It happened."""

    def words(self) -> str:
        return _("里程碑完成")

    def form(self, row: Milestone, data: Any = None) -> Any:
        return DoneForm(data, initial={"on": today(), "note": row.note})

    def do(self, row: Milestone, version: int, form: Any) -> None:
        data = form.cleaned_data
        try:
            services.milestone_done(
                actor=self.actor, milestone_id=row.pk, version=version, on=data["on"], note=data["note"]
            )
        except Invalid as bad:
            raise Invalid(
                fields={"on" if name == "done_on" else name: bad.fields[name] for name in bad.fields}
            ) from None


class MilestoneReopen(_Step):
    """It did not happen after all."""

    def words(self) -> str:
        return _("重新打开里程碑")

    def do(self, row: Milestone, version: int, form: Any) -> None:
        reason = form.cleaned_data["reason"]
        services.milestone_reopen(actor=self.actor, milestone_id=row.pk, version=version, reason=reason)


class MilestoneRemove(_Step):
    """Take it out of the plan."""

    def words(self) -> str:
        return _("删除里程碑")

    def do(self, row: Milestone, version: int, form: Any) -> None:
        reason = form.cleaned_data["reason"]
        services.milestone_remove(actor=self.actor, milestone_id=row.pk, version=version, reason=reason)


class MilestoneLinkNew(_Step):
    """Let it wait for another."""

    def words(self) -> str:
        return _("关联前置里程碑")

    def form(self, row: Milestone, data: Any = None) -> Any:
        return LinkForm(data, offered=selectors.offered_before(actor=self.actor, row=row))

    def do(self, row: Milestone, version: int, form: Any) -> None:
        data = form.cleaned_data
        links.milestone_link(actor=self.actor, before_id=data["before"], after_id=row.pk, lag=data["lag"])


class MilestoneUnlink(Acting):
    """Let it wait no more."""

    def post(self, request: HttpRequest, link_id: int) -> HttpResponse:
        """Unlink; a link that is gone already is gone."""
        link = MilestoneLink.objects.filter(pk=link_id).first()
        if link is None:
            raise NotFound
        row = self.milestone(link.after_id)
        links.milestone_unlink(actor=self.actor, link_id=link_id)
        messages.success(request, _("已解除关联。"))
        return redirect("schedule:milestone", row.pk)


class Typical(Acting):
    """The nodes that most projects have, at once."""

    def form(self, project: Project, data: Any = None) -> TypicalForm:
        """Those that the project has not."""
        present = Milestone.objects.filter(project=project).values_list("title", flat=True)
        initial = {}
        form = TypicalForm(data, present=present)
        for number, title in enumerate(form.titles):
            field = plan_field(TYPICAL[title][0].value)
            if field and getattr(project, field):
                initial[f"day_{number}"] = getattr(project, field)
        form.initial = initial
        return form

    def get(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """The form."""
        project = self.project(project_id)
        return self.show(self.form(project), _("按常用节点编排"), project)

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Add what was given a day: all or none."""
        project = self.project(project_id)
        form = self.form(project, request.POST)
        done = self.tried(form, lambda: self._add(project, form), _("已增加里程碑。"), back(project))
        return done or self.show(form, _("按常用节点编排"), project)

    def _add(self, project: Project, form: TypicalForm) -> None:
        drafts = form.drafts()
        if not drafts:
            raise Invalid(_("请至少填写一个日期。"))
        with transaction.atomic():
            for field, draft in drafts:
                try:
                    services.milestone_add(actor=self.actor, project_id=project.pk, draft=draft)
                except Invalid as bad:
                    raise Invalid(fields={field: [text for texts in bad.fields.values() for text in texts]}) from None


class BaselineSet(ScheduleView):
    """Promise the planned days from now on."""

    needs = "schedule.baseline.set"

    def get(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """What will be promised beside what was."""
        return self._show(self._project(project_id), ReasonForm())

    def post(self, request: HttpRequest, project_id: int) -> HttpResponse:
        """Promise it."""
        project = self._project(project_id)
        form = ReasonForm(request.POST)
        if form.is_valid():
            number, reason = whole(request.POST.get("number")), form.cleaned_data["reason"]
            try:
                made = baselines.baseline_set(actor=self.actor, project_id=project.pk, number=number, reason=reason)
            except Invalid as bad:
                form.add_faults(bad.fields)
            else:
                messages.success(request, _("已设定%(baseline)s。") % {"baseline": made})
                return redirect(back(project))
        return self._show(project, form, status=400)

    def _project(self, project_id: int) -> Project:
        project = project_visible(actor=self.actor, project_id=project_id)
        policies.set_baseline(self.actor, project).or_raise()
        return project

    def _show(self, project: Project, form: ReasonForm, status: int = 200) -> HttpResponse:
        kept = list(Baseline.objects.filter(project=project).prefetch_related("dates").order_by("-number"))
        context = {
            "project": project,
            "form": form,
            "kept": kept,
            "number": kept[0].number + 1 if kept else 1,
            "rows": list(Milestone.objects.filter(project=project).order_by("expected_on", "id")),
            "back": back(project),
        }
        return self.render("schedule/baseline.html", context, status=status)


def both_of(form: Any, present: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What is there now beside what was filled in, field by field where they differ."""
    rows = []
    for name, field in form.fields.items():
        labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
        now, given = (str(value if value is not None else "") for value in (present.get(name), form.data.get(name)))
        if now.split() != given.split():
            rows.append((str(field.label), labels.get(now, now), labels.get(given, given)))
    return rows
