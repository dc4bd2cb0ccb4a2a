"""Writing an entry."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.plans.forms import entry_initial
from duikou.plans.services.entries import EntryDraft, entry_add, entry_content, entry_save
from duikou.plans.services.merge import content_seen
from duikou.plans.views.form import PartForm, whole
from duikou.plans.views.part_forms import entry_draft, entry_form


class EntryEdit(PartForm):
    """Write an entry, or add one."""

    subject = "entry"
    template = "plans/entry_edit.html"

    def get(self, request: HttpRequest, version_id: int, uid: uuid.UUID | None = None) -> HttpResponse:
        """The entry as it is."""
        version = self.version(version_id)
        initial: dict[str, Any] = {"section": request.GET.get("section", "")}
        revision = 0
        if uid is not None:
            content, revision = entry_content(version=version, uid=uid)
            initial = entry_initial(content)
        form = entry_form(version, initial=initial)
        return self.show(form, _("编写事项"), version=version, revision=revision, uid=uid)

    def post(self, request: HttpRequest, version_id: int, uid: uuid.UUID | None = None) -> HttpResponse:
        """Save it; what cannot be saved is kept and shown beside what is there now."""
        version, revision = self.author(version_id), whole(request.POST.get("revision"))
        form = entry_form(version, data=request.POST)
        if form.is_valid():
            before = content_seen(version_id=version_id, uid=uid, revision=revision) if uid else None
            draft = entry_draft(self.actor, form, before)
            try:
                return self.saved(version, self._save(version_id, uid, revision, draft))
            except Invalid as bad:
                form.add_faults(bad.fields)
            except (Conflict, NotFound) as error:
                kept = uid or uuid.uuid4()
                return self.refused(version, kept, revision, draft.content(kept, 0), error)
        answer = self.faults(form)
        return answer or self.show(form, _("编写事项"), version=version, revision=revision, uid=uid)

    def _save(self, version_id: int, uid: uuid.UUID | None, revision: int, draft: EntryDraft) -> Any:
        if uid is None:
            return entry_add(actor=self.actor, version_id=version_id, draft=draft)
        return entry_save(actor=self.actor, version_id=version_id, uid=uid, revision=revision, draft=draft)
