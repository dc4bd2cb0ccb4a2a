"""A text that could not be saved, beside what is there now and what both began with: chosen, mended, saved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.plans.models import PlanVersion, RefusedText
from duikou.plans.services.entries import entry_add, entry_save
from duikou.plans.services.merge import content_seen, refused_keep, refused_of, refused_settle
from duikou.plans.services.sections import section_add, section_save
from duikou.plans.views.form import PartForm, whole, why_refused
from duikou.plans.views.merging import composed, merge_page, present_of
from duikou.plans.views.part_forms import entry_draft, section_words


class Refused(PartForm):
    """One kept text of the actor: look at both writings, choose, save."""

    def get(self, request: HttpRequest, version_id: int, refused_id: int) -> HttpResponse:
        """Both writings."""
        version, kept = self._kept(version_id, refused_id)
        return merge_page(self, version, kept)

    def post(self, request: HttpRequest, version_id: int, refused_id: int) -> HttpResponse:
        """Save what was chosen; who was overtaken again is shown both again."""
        version, kept = self._kept(version_id, refused_id)
        self.subject = kept.subject
        revision = whole(request.POST.get("revision"))
        form = composed(version, kept, request.POST, revision)
        if not form.is_valid():
            return merge_page(self, version, kept, form=form, status=400)
        content, save = self._writing(version, kept, form, revision)
        try:
            saved = save()
        except Invalid as bad:
            form.add_faults(bad.fields)
            return merge_page(self, version, kept, form=form, status=400)
        except (Conflict, NotFound) as error:
            again = refused_keep(
                actor=self.actor,
                version=version,
                subject=kept.subject,
                uid=kept.uid,
                seen=revision,
                content=content,
                replaces=kept.pk,
            )
            return merge_page(self, version, again, message=why_refused(error), status=409)
        refused_settle(actor=self.actor, version_id=version_id, refused_id=refused_id)
        messages.success(request, _("已保存合并后的内容。"))
        return self.back(version, f"{kept.subject}-{saved.uid}")

    def _kept(self, version_id: int, refused_id: int) -> tuple[PlanVersion, RefusedText]:
        version = self.author(version_id)
        return version, refused_of(actor=self.actor, version_id=version_id, refused_id=refused_id)

    def _writing(self, version: PlanVersion, kept: RefusedText, form: Any, revision: int) -> tuple[Any, Any]:
        """What is to be saved, and how: anew where the part is gone."""
        at: dict[str, Any] = {"actor": self.actor, "version_id": version.pk, "uid": kept.uid}
        add: Any
        save: Any
        gone = present_of(version, kept)[0] is None
        if kept.subject == "section":
            words: Any = form.draft()
            content, add, save = section_words(words), section_add, section_save
        else:
            words = entry_draft(self.actor, form, content_seen(version_id=version.pk, uid=kept.uid, revision=revision))
            content, add, save = words.content(kept.uid, 0), entry_add, entry_save
        if gone:
            return content, lambda: add(**at, draft=words)
        return content, lambda: save(**at, draft=words, revision=revision)


class RefusedDrop(PartForm):
    """The writer lets a kept text go; it stays among what was kept."""

    def post(self, request: HttpRequest, version_id: int, refused_id: int) -> HttpResponse:
        """Settle it."""
        version = self.author(version_id)
        kept = refused_of(actor=self.actor, version_id=version_id, refused_id=refused_id)
        refused_settle(actor=self.actor, version_id=version_id, refused_id=refused_id)
        messages.success(request, _("已不再提示这段文字，内容仍然保留。"))
        return self.back(version, f"{kept.subject}-{kept.uid}")
