"""Evidence of a subject."""

from __future__ import annotations

from duikou.records.models import Evidence


def evidence_of(*, kind: str, subject_id: str) -> list[Evidence]:
    """The files of one subject, newest first (one query). The caller has asked `policies.may_read`."""
    links = Evidence.objects.filter(subject_kind=kind, subject_id=subject_id)
    return list(links.select_related("blob").order_by("-id"))


def evidence_found(*, pk: int) -> Evidence | None:
    """One file's link with its blob. The caller asks `policies.may_see` and `may_read` of its subject."""
    return Evidence.objects.select_related("blob").filter(pk=pk).first()
