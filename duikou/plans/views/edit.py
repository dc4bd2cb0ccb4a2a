"""Forms: plans, sections, entries, progress; one shape for all of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.access.selectors.organisations import organisations_visible
from duikou.kernel.errors import Conflict, Invalid, Stale
from duikou.plans import policies, selectors
from duikou.plans.forms import (
    EntryForm,
    PlanForm,
    ProgressForm,
    ReasonForm,
    SectionForm,
    TaskForm,
    entry_initial,
    organisations_named,
)
from duikou.plans.models import PlanVersion
from duikou.plans.selectors import lists
from duikou.plans.selectors.chain import chain_up
from duikou.plans.services import decomposition, progress, signing
from duikou.plans.services.entries import entry_add, entry_content, entry_move, entry_remove, entry_save
from duikou.plans.services.merge import refused_keep
from duikou.plans.services.plans import amendment_open, plan_create, plan_update, unserved_set, version_abandon
from duikou.plans.services.route import version_submit
from duikou.plans.services.sections import (
    section_add,
    section_content,
    section_move,
    section_of,
    section_remove,
    section_save,
)
from duikou.plans.views.lists import PlanView


class FormPage(PlanView):
    """A form about a plan: refused with the reason, sent back with faults at their fields, or done."""

    needs = "plans.plan.write"
    template = "plans/form.html"

    def show(self, form: Any, title: str, *, version: PlanVersion | None = None, **more: Any) -> HttpResponse:
        """The form on its page."""
        status = more.pop("status", 400 if form.errors else 200)
        return self.render(self.template, {"form": form, "title": title, "version": version, **more}, status=status)

    def back(self, version: PlanVersion, anchor: str = "") -> HttpResponse:
        """To the plan's page, at the place."""
        response = redirect("plans:version", version.plan.pk, version.number)
        if anchor:
            response["Location"] += f"#{anchor}"
        return response

    def keep(
        self, version: PlanVersion, subject: str, uid: uuid.UUID | None, seen: int, content: Mapping[str, Any]
    ) -> None:
        """What was refused as stale is kept all the same."""
        if uid is not None:
            refused_keep(actor=self.actor, version=version, subject=subject, uid=uid, seen=seen, content=content)

    def version(self, version_id: int) -> PlanVersion:
        """The visible version that this actor may write."""
        found = selectors.version_visible(actor=self.actor, version_id=version_id)
        policies.write(self.actor, found).or_raise()
        return found


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


class SectionEdit(FormPage):
    """Write a section, or add one."""

    def get(self, request: HttpRequest, version_id: int, uid: uuid.UUID | None = None) -> HttpResponse:
        """The words as they are."""
        version = self.version(version_id)
        initial, revision = {}, 0
        if uid is not None:
            section = section_of(version_id, uid)
            initial, revision = section_content(section), section.revision
        form = SectionForm(initial=initial, clauses=lists.clauses_of(version.plan.programme))
        return self.show(form, _("编写章节"), version=version, revision=revision)

    def post(self, request: HttpRequest, version_id: int, uid: uuid.UUID | None = None) -> HttpResponse:
        """Save them; a stale save shows both."""
        version = self.version(version_id)
        form = SectionForm(request.POST, clauses=lists.clauses_of(version.plan.programme))
        revision = _whole(request.POST.get("revision"))
        if form.is_valid():
            try:
                if uid is None:
                    saved = section_add(actor=self.actor, version_id=version_id, draft=form.draft())
                else:
                    saved = section_save(
                        actor=self.actor, version_id=version_id, uid=uid, revision=revision, draft=form.draft()
                    )
                return self.back(version, f"section-{saved.uid}")
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Stale as stale:
                content = {
                    name: list(value) if isinstance(value, tuple) else value
                    for name, value in asdict(form.draft()).items()
                }
                self.keep(version, "section", uid, revision, content)
                return self._both(form, version, stale)
        return self.show(form, _("编写章节"), version=version, revision=revision)

    def _both(self, form: SectionForm, version: PlanVersion, stale: Stale) -> HttpResponse:
        return self.show(form, _("编写章节"), version=version, status=409, **_both(form, stale, dict))


class EntryEdit(FormPage):
    """Write an entry, or add one."""

    def _form(self, version: PlanVersion, **given: Any) -> EntryForm:
        above = version.plan.parent and decomposition.source_of(version.plan.parent)
        return EntryForm(
            **given,
            content=selectors.content_of(version),
            clauses=lists.clauses_of(version.plan.programme),
            indicators=lists.indicators_of(version.plan.programme),
            above=selectors.content_of(above) if above else None,
        )

    def get(self, request: HttpRequest, version_id: int, uid: uuid.UUID | None = None) -> HttpResponse:
        """The entry as it is."""
        version = self.version(version_id)
        initial: dict[str, Any] = {"section": request.GET.get("section", "")}
        revision = 0
        if uid is not None:
            content, revision = entry_content(version=version, uid=uid)
            initial = entry_initial(content)
        return self.show(self._form(version, initial=initial), _("编写事项"), version=version, revision=revision)

    def post(self, request: HttpRequest, version_id: int, uid: uuid.UUID | None = None) -> HttpResponse:
        """Save it; a stale save shows both."""
        version, revision = self.version(version_id), _whole(request.POST.get("revision"))
        form = self._form(version, data=request.POST)
        if form.is_valid():
            known = organisations_named(form.unit_names(), organisations_visible(actor=self.actor))
            try:
                if uid is None:
                    saved = entry_add(actor=self.actor, version_id=version_id, draft=form.draft(known))
                else:
                    before = entry_content(version=version, uid=uid)[0]
                    draft = form.draft(known, before)
                    saved = entry_save(actor=self.actor, version_id=version_id, uid=uid, revision=revision, draft=draft)
                return self.back(version, f"entry-{saved.uid}")
            except Invalid as bad:
                form.add_faults(bad.fields)
            except Stale as stale:
                self.keep(version, "entry", uid, revision, draft.content(uid or uuid.UUID(int=0), 0))
                both = _both(form, stale, entry_initial)
                return self.show(form, _("编写事项"), version=version, status=409, **both)
        return self.show(form, _("编写事项"), version=version, revision=revision)


class PartAct(FormPage):
    """Move or remove a section or entry."""

    def post(self, request: HttpRequest, version_id: int, kind: str, uid: uuid.UUID, verb: str) -> HttpResponse:
        """`revision` is what the writer saw; up and down go past one neighbour."""
        version = self.version(version_id)
        at: dict[str, Any] = {
            "actor": self.actor,
            "version_id": version_id,
            "uid": uid,
            "revision": _whole(request.POST.get("revision")),
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


class VersionAct(FormPage):
    """Send for signing, copy down, carry over."""

    def post(self, request: HttpRequest, version_id: int, verb: str) -> HttpResponse:
        """Do it; an incomplete draft comes back with the list."""
        version = self.version(version_id)
        if verb == "submit":
            try:
                version_submit(actor=self.actor, version_id=version_id, revision=_whole(request.POST.get("revision")))
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
        form, seen = ProgressForm(request.POST), _whole(request.POST.get("revision"))
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
        form, seen = _without_figures(ProgressForm(request.POST)), _whole(request.POST.get("revision"))
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


def _both(form: Any, stale: Stale, shown: Any) -> dict[str, Any]:
    """What is there now beside what was filled in, field by field."""
    present: dict[str, Any] = shown(stale.data["present"])
    rows = []
    for name, field in form.fields.items():
        now, given = _said(present.get(name)), _said(form.data.getlist(name))
        if now.split() != given.split():
            rows.append((field.label, now, given))
    return {"both": rows, "message": stale.message, "revision": stale.data["revision"]}


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    return "" if value is None else str(value)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
