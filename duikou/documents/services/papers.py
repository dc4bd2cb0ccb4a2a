"""A paper of a plan made on demand: composed, set or written, and noted in the trail."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from duikou.documents.rules.paper import Paper, opening
from duikou.documents.services.compose import Dress, notice_paper, plan_paper, table_paper
from duikou.documents.services.typesetter import pdf, pictures
from duikou.documents.services.word import docx
from duikou.documents.states import PaperForm, PaperKind
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid
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
    """The first pages as PNG, whether the paper goes on, and characters of them that cannot be drawn here."""

    pictures: tuple[bytes, ...]
    goes_on: bool
    missing: tuple[str, ...]


def paper_of(version: PlanVersion, kind: PaperKind, dress: Dress, *, check_address: str) -> Paper:
    """What stands on the paper."""
    return COMPOSERS[kind](version, dress, check_address=check_address)


def paper_make(
    *, actor: Actor, version_id: int, kind: PaperKind, form: PaperForm, dress: Dress, check_address: str
) -> Made:
    """The paper as a file, noted in the trail; raises `NotFound` where the actor may not see the version.

    Only a table comes as a workbook: `Invalid` for others.
    """
    version = version_visible(actor=actor, version_id=version_id)
    if form is PaperForm.EXCEL and kind is not PaperKind.TABLE:
        raise Invalid(_("只有事项表可以生成Excel。"))
    paper = paper_of(version, kind, dress, check_address=check_address)
    data = workbook(version) if form is PaperForm.EXCEL else WRITERS[form](paper)
    with transaction.atomic():
        after = {"paper": kind.value, "form": form.value, "sha256": hashlib.sha256(data).hexdigest()}
        record(actor=actor, action="documents.paper.made", subject=version, after=after)
    return Made(f"{paper.title}-第{version.number}版.{form.value}", MEDIA[form], data)


def preview(version: PlanVersion, kind: PaperKind, dress: Dress, *, check_address: str) -> Preview:
    """The beginning of the paper as it is printed."""
    shown, is_cut = opening(paper_of(version, kind, dress, check_address=check_address))
    found, missing = pictures(shown)
    return Preview(tuple(found), is_cut, missing)


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
WRITERS: Mapping[PaperForm, Callable[[Paper], bytes]] = {
    PaperForm.PDF: lambda paper: pdf(paper).data,
    PaperForm.WORD: docx,
}
