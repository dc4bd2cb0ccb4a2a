"""Is this file the paper of what both sides signed? By its bytes, by the digest in its footer, by its paragraphs."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain

from duikou.documents.rules.paper import Paper
from duikou.documents.selectors import minutes_with_digest
from duikou.documents.services.compose import Dress
from duikou.documents.services.compose_minutes import MinutesDress, minutes_paper
from duikou.documents.services.papers import paper_of
from duikou.documents.services.read_back import squeezed, text_of
from duikou.documents.states import PaperKind
from duikou.kernel.actor import Actor
from duikou.meetings.models import MinutesVersion
from duikou.meetings.services.signing import is_intact as minutes_intact
from duikou.plans.models import PlanVersion
from duikou.plans.selectors import version_with_digest
from duikou.plans.services.content import is_intact
from duikou.records.models import AuditEvent
from duikou.records.services.audit import subject_of

DIGEST = re.compile(r"SHA-256）([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of a file: `version` None where it bears no digest that the reader may know of.

    `made_at`: when Duikou made exactly this file, None where it did not. `missing`: paragraphs of the signed text that
    the file lacks or changed; `more`: what a Word file says besides. Both are empty for a file that Duikou made.
    """

    digest: str
    version: PlanVersion | MinutesVersion | None = None
    is_intact: bool = False
    made_at: dt.datetime | None = None
    paragraphs: int = 0
    missing: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    skips_tables: bool = False
    """A PDF gives the cells of a table in no order: they were not compared."""


def paper_compare(*, actor: Actor, data: bytes) -> Compared:
    """Compare a PDF or Word file with what was signed; raises `Invalid` at `file` for what cannot be read."""
    body, feet = text_of(data)
    found = DIGEST.search(feet) or DIGEST.search(body)
    if found is None:
        return Compared("")
    version = version_with_digest(actor=actor, digest=found[1])
    if version is None:
        return _minutes_compared(actor, found[1], data, body)
    known = Compared(found[1], version, is_intact(version))
    made_at = _made_at(version, hashlib.sha256(data).hexdigest())
    if made_at is not None:
        return replace(known, made_at=made_at)
    papers = {kind: paper_of(version, kind, Dress(), check_address="") for kind in PaperKind}
    return _compared(known, papers[_kind(papers, body)], body, is_word=data[:2] == b"PK")


def _minutes_compared(actor: Actor, digest: str, data: bytes, body: str) -> Compared:
    version = minutes_with_digest(actor=actor, digest=digest)
    if version is None:
        return Compared(digest)
    known = Compared(digest, version, minutes_intact(version), _made_at(version, hashlib.sha256(data).hexdigest()))
    if known.made_at is not None:
        return known
    paper = minutes_paper(version, MinutesDress(Dress()), check_address="")
    return _compared(known, paper, body, is_word=data[:2] == b"PK")


def _kind(papers: Mapping[PaperKind, Paper], body: str) -> PaperKind:
    """Which paper the file is: the notice by its title, the table where nothing else of the text is in it."""
    if squeezed(papers[PaperKind.NOTICE].title) in body:
        return PaperKind.NOTICE
    texts = [squeezed(block.text) for block in papers[PaperKind.TEXT].blocks if block.kind != "table"]
    return PaperKind.TEXT if any(text and text in body for text in texts) else PaperKind.TABLE


def _made_at(version: PlanVersion | MinutesVersion, sha256: str) -> dt.datetime | None:
    """When exactly this file was made; the trail notes every paper with the digest of its bytes."""
    ref = subject_of(version)
    events = AuditEvent.objects.filter(action="documents.paper.made", subject_kind=ref.kind, subject_id=ref.id)
    return events.filter(after__contains=sha256).order_by("id").values_list("at", flat=True).first()


def _compared(known: Compared, paper: Paper, body: str, *, is_word: bool) -> Compared:
    """Paragraph by paragraph; a PDF gives the cells of tables in no order, so only Word is compared by them."""
    texts = [paper.title, *(block.text for block in paper.blocks if block.kind != "table")]
    texts += [line for names in paper.lists for line in names.lines]
    cells = [cell.text for block in paper.blocks for row in block.rows for cell in row]
    for annex in paper.annexes:
        cells += [
            *(() if annex.is_inline else (annex.title,)),
            *(column.title for column in annex.columns),
            *chain.from_iterable(annex.rows),
        ]
    wanted = list(dict.fromkeys(text for text in (texts + cells if is_word else texts) if squeezed(text)))
    missing = tuple(text for text in wanted if squeezed(text) not in body)
    more: tuple[str, ...] = ()
    if is_word:
        rest = body
        for text in sorted(map(squeezed, wanted), key=len, reverse=True):
            rest = rest.replace(text, "\n")
        more = tuple(piece for piece in rest.split("\n") if len(piece) > 1)
    skips = bool(cells) and not is_word
    return replace(known, paragraphs=len(wanted), missing=missing, more=more, skips_tables=skips)
