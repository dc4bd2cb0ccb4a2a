"""A plan in Word: brought, looked at as it was understood, settled, written."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.documents import policies
from duikou.documents.forms import BringForm, NewPlanForm
from duikou.documents.models import Reading
from duikou.documents.selectors import drafts_empty, reading_visible
from duikou.documents.services import readings
from duikou.documents.services.readings import Choice, Shown, Understood
from duikou.documents.states import ItemKind, ReadingState
from duikou.kernel.errors import Invalid
from duikou.kernel.web import Page
from duikou.plans.models import Part, PlanKind
from duikou.plans.selectors import lists


class Bring(Page):
    """Choose where the plan goes, and the file."""

    needs = "documents.reading.create"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; the address may choose the draft beforehand."""
        return self._page(self._form(initial={"target": request.GET.get("target", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read the file and show what was understood."""
        form = self._form(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, 400)
        file = form.cleaned_data["file"]
        pairing, version_id = form.chosen()
        try:
            reading = readings.reading_start(
                actor=self.actor, name=file.name, data=file.read(), pairing=pairing, version_id=version_id
            )
        except Invalid as bad:
            form.add_error("file", bad.message)
            return self._page(form, 400)
        return redirect("documents:reading", reading.uid)

    def _form(self, *data: Any, **kwargs: Any) -> BringForm:
        pairings = lists.pairings_writable(actor=self.actor, everywhere=False)
        return BringForm(*data, drafts=drafts_empty(actor=self.actor), pairings=pairings, **kwargs)

    def _page(self, form: BringForm, status: int = 200) -> HttpResponse:
        return self.render("documents/bring.html", {"form": form, "days": settings.READING_DAYS}, status=status)


class ReadingPage(Page):
    """What was understood of the file, to be settled item by item; nothing is written before that."""

    needs = "documents.reading.create"

    def get(self, request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
        """The preview."""
        reading = reading_visible(actor=self.actor, uid=uid)
        if reading.state != ReadingState.OPEN:
            return self.render("documents/reading_done.html", {"reading": reading})
        found = readings.read_again(reading)
        form = None if reading.version else NewPlanForm(initial=_facts(found))
        return self._page(reading, found, form)

    def post(self, request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
        """Write it, or say at which item it cannot be written."""
        reading = reading_visible(actor=self.actor, uid=uid)
        policies.work_on(self.actor, reading).or_raise()
        form = None if reading.version else NewPlanForm(request.POST)
        if form is not None and not form.is_valid():
            return self._page(reading, readings.read_again(reading), form, 400)
        try:
            version = readings.reading_commit(
                actor=self.actor,
                uid=uid,
                choices=_choices(request.POST),
                draft=form.draft(reading.pairing) if form else None,
            )
        except Invalid as bad:
            return self._page(reading, readings.read_again(reading), form, 400, bad)
        messages.success(request, _("已写入计划草案，可以继续编写。"))
        return redirect("plans:version", version.plan_id, version.number)

    def _page(
        self,
        reading: Reading,
        found: Understood,
        form: NewPlanForm | None,
        status: int = 200,
        refused: Invalid | None = None,
    ) -> HttpResponse:
        given = _choices(self.request.POST)
        if refused is not None and form is not None:
            for name, texts in refused.fields.items():
                for text in texts:
                    form.add_error(name if name in form.fields else None, text)
        context = {
            "reading": reading,
            "found": found,
            "form": form,
            "rows": [_row(at, one, given.get(at)) for at, one in enumerate(found.items)],
            "kinds": ItemKind.choices,
            "parts": Part.choices,
            "counts": {
                "sections": found.count(ItemKind.SECTION),
                "entries": found.count(ItemKind.ENTRY),
            },
            "refused": refused.message if refused is not None and not (form and form.errors) else "",
            "may": policies.work_on(self.actor, reading),
        }
        return self.render("documents/reading.html", context, status=status)


class ReadingDrop(Page):
    """Give the file up."""

    needs = "documents.reading.create"

    def post(self, request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
        """Nothing was written; the file goes."""
        readings.reading_drop(actor=self.actor, uid=uid)
        messages.success(request, _("已放弃这份文件，没有写入任何内容。"))
        return redirect("documents:bring")


def _facts(found: Understood) -> dict[str, Any]:
    """Title, kind and year as the file's title tells them."""
    year = re.search(r"(20\d\d)年", found.title)
    is_yearly = year is not None and re.search(r"年度|工作计划|工作要点|重点工作", found.title) is not None
    return {
        "title": found.title[:200],
        "kind": PlanKind.ANNUAL.value if is_yearly else PlanKind.PHASE.value,
        "year": int(year[1]) if year and is_yearly else None,
    }


def _choices(given: QueryDict) -> dict[int, Choice]:
    """What was settled, by item; what is not named stays as suggested."""
    found = {}
    for name, kind in given.items():
        if name.startswith("k-") and name[2:].isdecimal() and len(name) < 8 and str(kind) in ItemKind.values:
            at = name[2:]
            part = str(given.get(f"p-{at}", ""))
            part = part if part in Part.values else Part.OTHER.value
            found[int(at)] = Choice(str(kind), part, str(given.get(f"c-{at}", ""))[:200])
    return found


def _row(at: int, one: Shown, given: Choice | None) -> dict[str, Any]:
    settled = given or Choice(one.kind, one.part, one.clauses)
    return {"at": at, "one": one, "item": one.item, "settled": settled}
