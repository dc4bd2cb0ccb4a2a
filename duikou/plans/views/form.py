"""What every form about a plan has in common, and how a save answers a page, a script and a stale writer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.kernel.errors import Conflict, DomainError, NotFound, Stale
from duikou.kernel.web.errors import wants_json
from duikou.plans import policies, selectors
from duikou.plans.models import PlanVersion, RefusedText
from duikou.plans.services.merge import refused_keep
from duikou.plans.views.lists import PlanView
from duikou.plans.views.merging import merge_page


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

    def version(self, version_id: int) -> PlanVersion:
        """The visible version that this actor may write."""
        found = selectors.version_visible(actor=self.actor, version_id=version_id)
        policies.write(self.actor, found).or_raise()
        return found


class PartForm(FormPage):
    """A form that writes a section or an entry: what cannot be saved is kept, whatever the reason."""

    subject = ""

    def author(self, version_id: int) -> PlanVersion:
        """The visible version of which this actor is an author, open or not: a closed one keeps the words too."""
        found = selectors.version_visible(actor=self.actor, version_id=version_id)
        policies.create(self.actor, found.plan.pairing).or_raise()
        given = self.request.POST.get("account", "")
        if given and given != str(self.actor.account_id):
            raise Conflict(_("这个浏览器现在登录的是另一个账号，文字没有保存；请用原来的账号登录后再保存。"))
        return found

    def saved(self, version: PlanVersion, part: Any) -> HttpResponse:
        """To the plan's page; a script learns the revision that it has seen now."""
        place = self.back(version, f"{self.subject}-{part.uid}")
        if wants_json(self.request):
            return JsonResponse({"revision": part.revision, "by": part.changed_by, "place": place["Location"]})
        return place

    def faults(self, form: Any) -> HttpResponse | None:
        """What is wrong, by field, for a script; a page shows its form instead (None)."""
        if not wants_json(self.request):
            return None
        named = {form.fields[name].label if name in form.fields else "": texts for name, texts in form.errors.items()}
        words = " ".join(f"{label}：{' '.join(texts)}" if label else " ".join(texts) for label, texts in named.items())
        return JsonResponse({"detail": words, "errors": form.errors}, status=400)

    def refused(
        self, version: PlanVersion, uid: uuid.UUID, seen: int, content: Mapping[str, Any], error: DomainError
    ) -> HttpResponse:
        """Keep what could not be saved, and say where it waits: 409 with both texts, for a page or for a script."""
        replaces = whole(self.request.POST.get("refused"))
        kept = refused_keep(
            actor=self.actor,
            version=version,
            subject=self.subject,
            uid=uid,
            seen=seen,
            content=content,
            replaces=replaces if replaces > 0 else None,
        )
        message = why_refused(error)
        if not wants_json(self.request):
            return merge_page(self, version, kept, message=message, status=409)
        told = {"code": error.code, "detail": message, "refused": kept.pk, "merge": address_of(kept)}
        return JsonResponse(told, status=409)


def why_refused(error: DomainError) -> str:
    """Why something could not be saved, in a sentence for its writer."""
    if isinstance(error, NotFound):
        return _("这一部分已被删除。您的文字已保留，可以作为新的一部分加回。")
    if isinstance(error, Stale):
        return error.message
    return _("%(reason)s您的文字已保留。") % {"reason": error.message}


def address_of(kept: RefusedText) -> str:
    """Where a kept text is merged."""
    return reverse("plans:refused", args=[kept.version_id, kept.pk])


def whole(text: str | None) -> int:
    """A whole number as a form gives it; -1 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else -1
