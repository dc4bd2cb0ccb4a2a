"""Taking in, and taking away, files that prove something."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid, NotFound, TooLarge
from duikou.kernel.facts import announce
from duikou.records import policies
from duikou.records.models import Blob, Evidence
from duikou.records.rules import extension_of, safe_name, storable
from duikou.records.services.audit import SubjectRef, record, subject_of
from duikou.records.services.content import kind_of, scan
from duikou.records.services.exif import PhotoFacts, photo_facts
from duikou.records.services.pictures import pictures_forget

KEEP_UNLINKED = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Received:
    path: Path
    digest: str
    size: int


def evidence_add(
    *, actor: Actor, subject: models.Model | SubjectRef, file: UploadedFile[Any], note: str = ""
) -> Evidence:
    """Keep `file` as evidence of `subject` and return its link.

    Raises `NotFound`/`Forbidden` by the owning room's policy, `TooLarge` beyond `EVIDENCE_MAX_BYTES`, `Invalid` when
    the subject has `EVIDENCE_MAX_FILES` already, the same bytes are there, the content is not what the name says, or
    the scanner objects. The same bytes are stored once, whoever brings them, and never changed; what a photo says of
    itself is read once, now.
    """
    ref = subject if isinstance(subject, SubjectRef) else subject_of(subject)
    if not policies.may_see(actor, ref.kind, ref.id):
        raise NotFound
    policies.may_write(actor, ref.kind, ref.id).or_raise()
    name = safe_name(str(file.name or ""))
    with _received(file) as received:
        if received.size == 0:
            raise Invalid(_("文件是空的。"))
        kind = kind_of(received.path, extension_of(name))
        scan(received.path)
        facts = photo_facts(received.path, kind.picture) if kind.picture else PhotoFacts()
        with transaction.atomic():
            _check_room(ref, received.digest)
            link, is_new = Evidence.objects.get_or_create(
                blob=_blob(received, kind.code),
                subject_kind=ref.kind,
                subject_id=ref.id,
                defaults={
                    "subject_label": storable(ref.label)[:300],
                    "name": name,
                    "note": storable(note).strip()[:500],
                    "account_id": actor.account_id,
                    "actor_name": actor.name[:150],
                    "organisation_name": actor.organisation_name[:200],
                    "created_at": now(),
                    **asdict(facts),
                },
            )
            if not is_new:
                raise _twice()
            record(
                actor=actor,
                action="records.evidence.add",
                subject=ref,
                after={"file": name, "size": received.size, "sha256": received.digest, "note": link.note},
            )
            announce("records.evidence.added", evidence_id=link.pk)
    return link


def evidence_remove(*, actor: Actor, evidence: Evidence, reason: str = "") -> None:
    """Take the file away from its subject; the trail keeps its name and digest, the bytes go when no link is left."""
    if not policies.may_see(actor, evidence.subject_kind, evidence.subject_id):
        raise NotFound
    policies.may_write(actor, evidence.subject_kind, evidence.subject_id).or_raise()
    with transaction.atomic():
        if not Evidence.objects.filter(pk=evidence.pk).delete()[0]:
            raise NotFound
        record(
            actor=actor,
            action="records.evidence.remove",
            subject=SubjectRef(evidence.subject_kind, evidence.subject_id, evidence.subject_label),
            before={"file": evidence.name, "size": evidence.blob.size, "sha256": evidence.blob.digest},
            reason=reason,
        )


def evidence_move(*, actor: Actor, source: models.Model | SubjectRef, target: models.Model | SubjectRef) -> int:
    """Hand all files of `source` over to `target` (merged into it, say), in the caller's transaction; returns how many.

    A file that `target` has already is folded into that one. The caller's policy has judged both; no count limit.
    """
    old, new = (ref if isinstance(ref, SubjectRef) else subject_of(ref) for ref in (source, target))
    links = Evidence.objects.filter(subject_kind=old.kind, subject_id=old.id)
    names = list(links.order_by("pk").values_list("name", flat=True))
    if not names:
        return 0
    there = Evidence.objects.filter(subject_kind=new.kind, subject_id=new.id).values("blob_id")
    links.filter(blob_id__in=there).delete()
    links.update(subject_kind=new.kind, subject_id=new.id, subject_label=storable(new.label)[:300])
    moved = {"files": names}
    record(actor=actor, action="records.evidence.moved", subject=old, before=moved, after={"files": []})
    record(actor=actor, action="records.evidence.moved", subject=new, after=moved)
    return len(names)


def blobs_purge(*, actor: Actor) -> int:
    """Delete bytes that nothing links to for a day; returns how many files went. Safe to run twice."""
    gone = 0
    stale = Blob.objects.filter(links=None, created_at__lt=now() - KEEP_UNLINKED).values_list("pk", flat=True)
    for pk in list(stale[:1000]):
        with transaction.atomic():
            blob = Blob.objects.select_for_update().filter(pk=pk).first()
            if blob is None or blob.links.exists():
                continue
            record(actor=actor, action="records.blob.purge", subject=SubjectRef("records.blob", blob.digest))
            blob.delete()
            default_storage.delete(blob.path)
            pictures_forget(digest=blob.digest)
            gone += 1
    return gone


def _check_room(ref: SubjectRef, digest: str) -> None:
    links = Evidence.objects.filter(subject_kind=ref.kind, subject_id=ref.id)
    if links.filter(blob__digest=digest).exists():
        raise _twice()
    limit = int(getattr(settings, "EVIDENCE_MAX_FILES", 100))
    if links.count() >= limit:
        raise Invalid(_("每个对象最多上传%(limit)d份材料。") % {"limit": limit})


def _blob(received: _Received, kind: str) -> Blob:
    """The blob of these bytes, stored now if it is not yet; its row is locked, so a purge cannot take it meanwhile."""
    Blob.objects.bulk_create(
        [Blob(digest=received.digest, size=received.size, kind=kind, created_at=now())], ignore_conflicts=True
    )
    blob = Blob.objects.select_for_update().filter(digest=received.digest).first()
    if blob is None:
        return _blob(received, kind)
    present = default_storage.exists(blob.path)
    if present and default_storage.size(blob.path) != blob.size:
        default_storage.delete(blob.path)
        present = False
    if not present:
        with received.path.open("rb") as source:
            default_storage.save(blob.path, File(source))
    return blob


@contextmanager
def _received(file: UploadedFile[Any]) -> Iterator[_Received]:
    """The upload on disk under a name of ours, hashed on the way; gone afterwards."""
    limit = int(getattr(settings, "EVIDENCE_MAX_BYTES", 50 * 1024 * 1024))
    if (file.size or 0) > limit:
        raise _too_large(limit)
    folder = Path(settings.HOME) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix="evidence-", delete=False) as target:
        path = Path(target.name)
    try:
        yield _written(file.chunks(), path, limit)
    finally:
        path.unlink(missing_ok=True)


def _written(chunks: Iterable[bytes], path: Path, limit: int) -> _Received:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as target:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return _Received(path, digest.hexdigest(), size)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(_("单个文件不能超过%(limit)d MB。") % {"limit": limit // (1024 * 1024)})


def _twice() -> Invalid:
    return Invalid(_("这份文件已经在材料清单中。"))
