"""An office's own Word templates: taken in, put to use, taken out of use; every version stays."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.documents import policies
from duikou.documents.models import PaperTemplate
from duikou.documents.selectors.templates import template_visible, templates_visible
from duikou.documents.services.template_package import Fault
from duikou.documents.services.template_trial import judged
from duikou.documents.states import TemplateKind
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid
from duikou.programme.models import Region
from duikou.records.models import Blob
from duikou.records.services.audit import SubjectRef, record
from duikou.records.services.evidence import evidence_add


class TemplateRefused(Invalid):
    """The file is no template; `faults` says where and why."""

    code = "template_refused"

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        first = faults[0]
        words = _("模板有%(n)d处问题，没有保存。第一处：%(place)s：%(reason)s") % {
            "n": len(faults),
            "place": first.place,
            "reason": first.reason,
        }
        super().__init__(fields={"file": [words]})


def template_add(*, actor: Actor, kind: TemplateKind, name: str, data: bytes, note: str = "") -> PaperTemplate:
    """Keep a file as the next version of the office's template, not yet in use; tried with example papers before.

    Raises `Forbidden`; `TemplateRefused` with every place; `Invalid` for the same bytes as an earlier version.
    """
    policies.keep_templates(actor).or_raise()
    name = Path(name.replace("\\", "/")).name[-200:] or "template.docx"
    if faults := judged(data, kind, name):
        raise TemplateRefused(faults)
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        region = _office(actor)
        known = PaperTemplate.objects.filter(region=region, kind=kind.value)
        if same := known.filter(digest=digest).first():
            raise Invalid(fields={"file": [_("这个文件与第%(n)d版相同。") % {"n": same.number}]})
        last = known.order_by("-number").values_list("number", flat=True).first() or 0
        row = PaperTemplate.objects.create(
            region=region,
            kind=kind.value,
            number=last + 1,
            name=name,
            size=len(data),
            note=note.strip()[:200],
            brought_by=actor.name[:150],
            created_at=now(),
        )
        file: Any = ContentFile(data, name=name)
        evidence_add(actor=actor, subject=row, file=file, note=_("公文模板"))
        row.digest = digest
        row.save(update_fields=["digest"])
        _record(actor, "uploaded", row, after=_said(row) | {"note": row.note})
    return row


def template_use(*, actor: Actor, template_id: int) -> PaperTemplate:
    """Make Word papers with this version from now on, a newer or a former one; once more it does nothing.

    It is tried again: what was fit once may name a field that is gone. Raises `TemplateRefused`.
    """
    policies.keep_templates(actor).or_raise()
    row = template_visible(actor=actor, template_id=template_id)
    if faults := judged(template_bytes(row), TemplateKind(row.kind), row.name):
        raise TemplateRefused(faults)
    with transaction.atomic():
        before = _locked(actor, TemplateKind(row.kind))
        if before is not None and before.pk == row.pk:
            return row
        PaperTemplate.objects.filter(region=row.region_id, kind=row.kind, is_current=True).update(is_current=False)
        row.is_current = True
        row.save(update_fields=["is_current"])
        _record(actor, "used", row, before=_said(before), after=_said(row))
    return row


@transaction.atomic
def template_withdraw(*, actor: Actor, kind: TemplateKind) -> None:
    """Go back to the shipped template; every version stays. Once more it does nothing."""
    policies.keep_templates(actor).or_raise()
    before = _locked(actor, kind)
    if before is None:
        return
    before.is_current = False
    before.save(update_fields=["is_current"])
    _record(actor, "withdrawn", before, before=_said(before), after=_said(None))


def template_bytes(row: PaperTemplate) -> bytes:
    """The file as it was taken in; raises `Conflict` when it is gone or is another."""
    try:
        with default_storage.open(Blob(digest=row.digest).path, "rb") as source:
            data: bytes = source.read()
    except FileNotFoundError:
        data = b""
    if hashlib.sha256(data).hexdigest() != row.digest:
        raise Conflict(_("模板文件已不在或被改动，请改用平台模板，并告诉系统管理员。"))
    return data


def template_subject(region: Region, kind: TemplateKind) -> SubjectRef:
    """What the trail calls the template of one office for one kind of paper, over all its versions."""
    return SubjectRef("documents.template", f"{region.adcode}-{kind.value}", f"{region.name} {kind.label}")


def _office(actor: Actor) -> Region:
    """The region whose office acts, locked: two people never give two versions one number, or put two to use."""
    return Region.objects.select_for_update().get(pk=actor.region_id or 0)


def _locked(actor: Actor, kind: TemplateKind) -> PaperTemplate | None:
    """What is in use, with the office locked."""
    _office(actor)
    return templates_visible(actor=actor).filter(kind=kind.value, is_current=True).first()


def _said(row: PaperTemplate | None) -> dict[str, Any]:
    """What the trail notes of a version; papers and their trail are Chinese."""
    if row is None:
        return {"template": "shipped"}
    return {"template": f"{row.region.name}第{row.number}版", "file": row.name, "sha256": row.digest}


def template_words(row: PaperTemplate) -> str:
    """Whose template it is, and which version, in the reader's language."""
    return _("%(region)s的模板第%(n)d版") % {"region": row.region.label, "n": row.number}


def said_of_paper(row: PaperTemplate | None) -> dict[str, str]:
    """What the trail's event of a paper says of its template."""
    said = _said(row)
    return {"template": said["template"], **({"template_sha256": said["sha256"]} if row else {})}


def _record(actor: Actor, verb: str, row: PaperTemplate, **said: Any) -> None:
    subject = template_subject(row.region, TemplateKind(row.kind))
    record(actor=actor, action=f"documents.template.{verb}", subject=subject, **said)
