"""Files in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError, Forbidden, Invalid, NotFound
from duikou.kernel.web import Page
from duikou.records import policies, selectors
from duikou.records.forms import EvidenceForm
from duikou.records.models import Evidence
from duikou.records.services.audit import SubjectRef
from duikou.records.services.evidence import evidence_add, evidence_remove
from duikou.records.services.pictures import picture_copy
from duikou.records.states import FILE_KINDS


def readable(actor: Actor, pk: int) -> Evidence:
    """One file that the actor may open; `NotFound` for a stranger, `Forbidden` with the reason for a colleague."""
    link = selectors.evidence_found(pk=pk)
    if link is None or not policies.may_see(actor, link.subject_kind, link.subject_id):
        raise NotFound
    policies.may_read(actor, link.subject_kind, link.subject_id).or_raise()
    return link


class Add(Page):
    """One or more files for a subject of any room."""

    needs = "records.evidence.write"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take in each file; what is refused is said, the others stay."""
        form = EvidenceForm(request.POST, request.FILES)
        if not form.is_valid():
            raise Invalid(fields={name: [str(text) for text in texts] for name, texts in form.errors.items()})
        data = form.cleaned_data
        subject = SubjectRef(data["kind"], data["subject"], data["label"])
        for file in cast("list[UploadedFile[Any]]", request.FILES.getlist("file")):
            try:
                evidence_add(actor=self.actor, subject=subject, file=file, note=data["note"])
            except (NotFound, Forbidden):
                raise
            except DomainError as error:
                messages.error(request, _("%(file)s：%(reason)s") % {"file": file.name, "reason": error.message})
            else:
                messages.success(request, _("已上传%(file)s。") % {"file": file.name})
        return self.panel(data["kind"], data["subject"], data["label"])

    def panel(self, kind: str, subject_id: str, label: str) -> HttpResponse:
        """The list of files anew for htmx, else back to the page it stands on."""
        if self.request.htmx:
            context = {"evidence_kind": kind, "evidence_id": subject_id, "evidence_label": label, "alone": True}
            return self.render("records/parts/evidence_answer.html", context)
        target = self.request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(target, {self.request.get_host()}, self.request.is_secure()):
            target = "/"
        return HttpResponseRedirect(target)


class Remove(Add):
    """Take a file away from its subject."""

    needs = "records.evidence.write"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]
        """With a reason if the form gives one."""
        link = readable(self.actor, pk)
        evidence_remove(actor=self.actor, evidence=link, reason=request.POST.get("reason", "")[:500])
        messages.success(request, _("已移除%(file)s。") % {"file": link.name})
        return self.panel(link.subject_kind, link.subject_id, link.subject_label)


class Download(Page):
    """The original bytes, for those whom the owning room lets read them; never run, never shown in place."""

    needs = "records.evidence.read"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """As an attachment under the name given."""
        link = readable(self.actor, pk)
        kind = FILE_KINDS.get(link.blob.kind)
        try:
            source = default_storage.open(link.blob.path)
        except FileNotFoundError:
            raise NotFound(_("文件已不在存储中，请联系管理员。")) from None
        media_type = kind.media_type if kind else "application/octet-stream"
        return guarded(FileResponse(source, as_attachment=True, filename=link.name, content_type=media_type))


class Picture(Page):
    """A copy of a picture without a word about itself, for those who may read the original."""

    needs = "records.evidence.read"
    size = "thumb"

    def get(self, request: HttpRequest, pk: int) -> FileResponse:
        """In place, as a JPEG."""
        link = readable(self.actor, pk)
        copy = picture_copy(blob=link.blob, size=self.size)
        name = f"{Path(link.name).stem}-{self.size}.jpg"
        return guarded(FileResponse(copy.open("rb"), filename=name, content_type="image/jpeg"))


def guarded(answer: FileResponse) -> FileResponse:
    """Nothing in the file runs, no other site shows it, nobody on the way keeps it."""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; frame-ancestors 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, noimageindex"
    answer["Cache-Control"] = "private, no-store"
    return answer
