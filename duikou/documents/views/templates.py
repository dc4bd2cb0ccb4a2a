"""An office's own Word templates: what it uses, its versions, the fields there are, a trial before one is used."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from duikou.documents import policies
from duikou.documents.forms import TemplateForm
from duikou.documents.selectors.templates import template_visible, templates_current, templates_of_kind
from duikou.documents.services import templates as keeping
from duikou.documents.services.papers import MEDIA
from duikou.documents.services.template_fields import FILTERS, LOOP, fields_workbook, rows_of_kind
from duikou.documents.services.template_trial import judged, trial_made
from duikou.documents.services.word_look import look_at
from duikou.documents.services.word_styles import built_in
from duikou.documents.states import PaperForm, TemplateKind
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.web import Page
from duikou.programme.models import Region


class TemplatePage(Page):
    """A page about the templates of the viewer's own office."""

    needs = "documents.template.use"

    def kind(self, code: str) -> TemplateKind:
        """The kind of paper; raises `NotFound` for one that there is not."""
        if code not in TemplateKind.values:
            raise NotFound
        return TemplateKind(code)

    def file(self, data: bytes, name: str, form: PaperForm = PaperForm.WORD) -> FileResponse:
        """A file to keep."""
        return FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=MEDIA[form])


class Templates(TemplatePage):
    """Every kind of paper and what the office uses for it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        current = templates_current(actor=self.actor)
        rows = [{"kind": kind, "current": current.get(kind.value)} for kind in TemplateKind]
        return self.render("documents/templates.html", {"rows": rows, "may": policies.keep_templates(self.actor)})


class TemplateOfKind(TemplatePage):
    """The versions of one kind, and a way to bring the next."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The versions."""
        return self._page(self.kind(kind), TemplateForm())

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Take a file in, or say every place where it cannot be a template."""
        policies.keep_templates(self.actor).or_raise()
        form, code = TemplateForm(request.POST, request.FILES), self.kind(kind)
        if not form.is_valid():
            return self._page(code, form, 400)
        file = form.cleaned_data["file"]
        try:
            row = keeping.template_add(
                actor=self.actor, kind=code, name=file.name, data=file.read(), note=form.cleaned_data["note"]
            )
        except keeping.TemplateRefused as refused:
            form.add_error("file", refused.message)
            return self._page(code, form, 400, faults=refused.faults)
        except Invalid as bad:
            form.add_error("file", bad.message)
            return self._page(code, form, 400)
        messages.success(request, _("试排成功。请看过试样再启用。"))
        return redirect("documents:template-version", row.pk)

    def _page(self, kind: TemplateKind, form: TemplateForm, status: int = 200, **more: Any) -> HttpResponse:
        versions = templates_of_kind(actor=self.actor, kind=kind)
        region = Region.objects.filter(pk=self.actor.region_id or 0).first()
        context = {
            "kind": kind,
            "form": form,
            "versions": versions,
            "current": next((row for row in versions if row.is_current), None),
            "may": policies.keep_templates(self.actor),
            "subject": keeping.template_subject(region, kind) if region else None,
            **more,
        }
        return self.render("documents/template.html", context, status=status)


class Shipped(TemplatePage):
    """The template that the platform brings, to start one's own from."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The file."""
        code = self.kind(kind)
        return self.file(built_in(code.value), f"{_('平台模板')}-{code.label}.docx")


class Fields(TemplatePage):
    """The fields of one kind with meanings and examples, as the code knows them."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The list."""
        code = self.kind(kind)
        context = {"kind": code, "rows": rows_of_kind(code), "filters": FILTERS, "loop": LOOP}
        return self.render("documents/template_fields.html", context)


class FieldsFile(TemplatePage):
    """The same list to take along."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """As a workbook."""
        code = self.kind(kind)
        return self.file(fields_workbook(code), f"{_('模板字段')}-{code.label}.xlsx", PaperForm.EXCEL)


class Withdraw(TemplatePage):
    """Back to the shipped template."""

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Do it; the versions stay."""
        code = self.kind(kind)
        keeping.template_withdraw(actor=self.actor, kind=code)
        messages.success(request, _("已改用平台模板；各版本仍然保留。"))
        return redirect("documents:template", code.value)


class Version(TemplatePage):
    """One version: a trial paper in the page, and a way to put it to use."""

    def get(self, request: HttpRequest, template_id: int) -> HttpResponse:
        """The trial, made anew with example data."""
        row = template_visible(actor=self.actor, template_id=template_id)
        kind = TemplateKind(row.kind)
        data = keeping.template_bytes(row)
        faults = judged(data, kind, row.name)
        context = {
            "row": row,
            "kind": kind,
            "faults": faults,
            "look": None if faults else look_at(trial_made(data, kind)),
            "may": policies.keep_templates(self.actor),
        }
        return self.render("documents/template_version.html", context)


class VersionFile(TemplatePage):
    """The template itself."""

    def get(self, request: HttpRequest, template_id: int) -> HttpResponseBase:
        """The file as it was taken in."""
        row = template_visible(actor=self.actor, template_id=template_id)
        return self.file(keeping.template_bytes(row), row.name)


class Trial(TemplatePage):
    """The trial paper to open in Word."""

    def get(self, request: HttpRequest, template_id: int) -> HttpResponseBase:
        """Made anew with example data."""
        row = template_visible(actor=self.actor, template_id=template_id)
        kind, data = TemplateKind(row.kind), keeping.template_bytes(row)
        if faults := judged(data, kind, row.name):
            raise keeping.TemplateRefused(faults)
        return self.file(trial_made(data, kind), f"{_('试样')}-{row.number}.docx")


class Use(TemplatePage):
    """Make Word papers with this version."""

    def post(self, request: HttpRequest, template_id: int) -> HttpResponse:
        """Do it, a newer or a former one."""
        row = keeping.template_use(actor=self.actor, template_id=template_id)
        messages.success(request, _("已启用第%(n)d版；本办公室生成的Word公文从现在起使用它。") % {"n": row.number})
        return redirect("documents:template", row.kind)
