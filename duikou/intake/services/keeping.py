"""The file that was brought, kept as evidence of its import."""

from __future__ import annotations

import logging

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.intake.models import ImportRun
from duikou.intake.services import stage
from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError
from duikou.records.services.evidence import evidence_add

log = logging.getLogger(__name__)


def source_keep(*, actor: Actor, run: ImportRun) -> None:
    """Keep the file of a run that is being written, stored once by digest, in the caller's transaction.

    A file that is no evidence (too large for it, a workbook with macros) stays beside the run only.
    """
    try:
        with stage.source_path(run.uid).open("rb") as source, transaction.atomic():
            file = File(source, name=run.file_name)
            evidence_add(actor=actor, subject=run, file=file, note=_("导入的原文件"))  # type: ignore[arg-type]
    except (DomainError, OSError) as error:
        log.warning("source not kept as evidence", extra={"run": run.pk, "why": type(error).__name__})
