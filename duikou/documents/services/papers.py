"""A paper of a plan made on demand: composed, set or written, and noted in the trail."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

from duikou.documents.models import PaperTemplate
from duikou.documents.rules.paper import Paper, opening
from duikou.documents.services.compose import Dress, notice_paper, plan_paper, table_paper
from duikou.documents.services.template_trial import BROKEN
from duikou.documents.services.templates import said_of_paper, template_bytes, template_words
from duikou.documents.services.typesetter import pdf, pictures
from duikou.documents.services.word import docx
from duikou.documents.services.word_look import Look, look_at
from duikou.documents.states import PaperForm, PaperKind
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.sheets import Out, write_xlsx
from duikou.plans.models import PlanVersion
from duikou.plans.selectors import version_visible
from duikou.plans.services.content import content_of
from duikou.plans.services.entry_table import names_of, written_cells, written_columns
from duikou.records.services.audit import record

COMPOSERS = {PaperKind.TEXT: plan_paper, PaperKind.TABLE: table_paper, PaperKind.NOTICE: notice_paper}
MEDIA = {
    PaperForm.PDF: "application/pdf",
    PaperForm.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PaperForm.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A paper as a file."""

    name: str
    media: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Preview:
    """The first pages as PNG, whether the paper goes on, and characters of them that cannot be drawn here.

    `look`: what the Word file says, where it is made with an office's template.
    """

    pictures: tuple[bytes, ...]
    goes_on: bool
    missing: tuple[str, ...]
    look: Look | None = None


def paper_of(version: PlanVersion, kind: PaperKind, dress: Dress, *, check_address: str) -> Paper:
    """What stands on the paper."""
    return COMPOSERS[kind](version, dress, check_address=check_address)


def paper_make(
    *,
    actor: Actor,
    version_id: int,
    kind: PaperKind,
    form: PaperForm,
    dress: Dress,
    check_address: str,
    template: PaperTemplate | None = None,
) -> Made:
    """The paper as a file, noted in the trail; raises `NotFound` where the actor may not see the version.

    `template`: for Word, one of `templates_usable`; None for the shipped one. The trail says which it was. Only a table
    comes as a workbook: `Invalid` for others.
    """
    version = version_visible(actor=actor, version_id=version_id)
    if form is PaperForm.EXCEL and kind is not PaperKind.TABLE:
        raise Invalid(_("只有事项表可以生成Excel。"))
    paper = paper_of(version, kind, dress, check_address=check_address)
    data = workbook(version) if form is PaperForm.EXCEL else written(paper, form, template)
    made_note(actor=actor, version=version, paper=kind.value, form=form, data=data, template=template)
    return Made(f"{paper.title}-第{version.number}版.{form.value}", MEDIA[form], data)


@transaction.atomic
def made_note(
    *, actor: Actor, version: Model, paper: str, form: PaperForm, data: bytes, template: PaperTemplate | None
) -> None:
    """Note in the trail which file was made of a version, and for Word with which template."""
    after = {"paper": paper, "form": form.value, "sha256": hashlib.sha256(data).hexdigest()}
    if form is PaperForm.WORD:
        after |= said_of_paper(template)
    record(actor=actor, action="documents.paper.made", subject=version, after=after)


def preview(paper: Paper, template: PaperTemplate | None = None) -> Preview:
    """The beginning of the paper as it is printed, and as its Word file reads where an office's template makes it."""
    shown, is_cut = opening(paper)
    found, missing = pictures(shown)
    look = look_at(written(shown, PaperForm.WORD, template)) if template else None
    return Preview(tuple(found), is_cut, missing, look)


def written(paper: Paper, form: PaperForm, template: PaperTemplate | None = None) -> bytes:
    """A paper as PDF, or as Word through an office's template or the shipped one."""
    if form is PaperForm.PDF:
        return pdf(paper).data
    if template is None:
        return docx(paper)
    try:
        return docx(paper, template_bytes(template))
    except BROKEN:
        words = {"whose": template_words(template)}
        raise Conflict(_("%(whose)s的模板已不能使用，请改用平台模板，或上传新的一版。") % words) from None


def workbook(version: PlanVersion) -> bytes:
    """The table of promises as .xlsx, with everything that an import reads back; texts are texts, never formulas."""
    with translation.override("zh-hans"):
        content, names = content_of(version), names_of(version)
        columns = written_columns(names)
        rows = (written_cells(entry, content, names) for entry in content.entries)
        out = io.BytesIO()
        titles = [Out(one.title, KINDS.get(one.key, "text"), one.width) for one in columns]
        write_xlsx(out, f"{content.title}事项表", titles, ([row.get(one.key) for one in columns] for row in rows))
        return out.getvalue()


KINDS: Mapping[str, Literal["integer", "number", "date"]] = {
    "number": "integer",
    "target_value": "number",
    "starts_on": "date",
    "due_on": "date",
}
