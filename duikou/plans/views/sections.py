"""Writing a section: on a page of its own, or in place."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.plans.forms import section_initial
from duikou.plans.services.sections import SectionDraft, section_add, section_content, section_of, section_save
from duikou.plans.views.form import PartForm, whole
from duikou.plans.views.part_forms import section_form, section_words


class SectionEdit(PartForm):
    """Write a section, or add one."""

    subject = "section"
    template = "plans/section_edit.html"

    def get(self, request: HttpRequest, version_id: int, uid: uuid.UUID | None = None) -> HttpResponse:
        """The words as they are; `?in-place=1`: the form alone, for the plan's page."""
        version = self.version(version_id)
        initial, revision = {}, 0
        if uid is not None:
            section = section_of(version_id, uid)
            initial, revision = section_initial(section_content(section)), section.revision
        form = section_form(version, initial=initial)
        if request.GET.get("in-place"):
            context = {"form": form, "version": version, "revision": revision, "uid": uid, "in_place": True}
            return self.render("plans/parts/section_form.html", context)
        return self.show(form, _("编写章节"), version=version, revision=revision, uid=uid)

    def post(self, request: HttpRequest, version_id: int, uid: uuid.UUID | None = None) -> HttpResponse:
        """Save them; what cannot be saved is kept and shown beside what is there now."""
        version = self.author(version_id)
        form = section_form(version, request.POST)
        revision = whole(request.POST.get("revision"))
        if form.is_valid():
            draft = form.draft()
            try:
                return self.saved(version, self._save(version_id, uid, revision, draft))
            except Invalid as bad:
                form.add_faults(bad.fields)
            except (Conflict, NotFound) as error:
                return self.refused(version, uid or uuid.uuid4(), revision, section_words(draft), error)
        answer = self.faults(form)
        return answer or self.show(form, _("编写章节"), version=version, revision=revision, uid=uid)

    def _save(self, version_id: int, uid: uuid.UUID | None, revision: int, draft: SectionDraft) -> Any:
        if uid is None:
            return section_add(actor=self.actor, version_id=version_id, draft=draft)
        return section_save(actor=self.actor, version_id=version_id, uid=uid, revision=revision, draft=draft)
