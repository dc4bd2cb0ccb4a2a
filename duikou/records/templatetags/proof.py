"""What an object's page shows of proof: `{% load proof %}{% evidence project %}{% history project %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from duikou.kernel.actor import Actor
from duikou.records import policies, selectors
from duikou.records.services.audit import SubjectRef, subject_of
from duikou.records.states import BY_EXTENSION

register = template.Library()


@register.inclusion_tag("records/parts/evidence.html", takes_context=True)
def evidence(context: Context, subject: Any) -> dict[str, Any]:
    """The files of `subject` (a model instance or `SubjectRef`), photos in a gallery; a form for those who may add."""
    ref = subject if isinstance(subject, SubjectRef) else subject_of(subject)
    return _evidence(context, ref)


@register.inclusion_tag("records/parts/evidence.html", takes_context=True)
def evidence_by_id(context: Context, kind: str, subject_id: str, label: str) -> dict[str, Any]:
    """As `evidence`, for an answer that has only the reference."""
    return _evidence(context, SubjectRef(kind, subject_id, label))


def _evidence(context: Context, ref: SubjectRef) -> dict[str, Any]:
    actor = _actor(context)
    readable = policies.may_read(actor, ref.kind, ref.id)
    files = selectors.evidence_of(kind=ref.kind, subject_id=ref.id) if readable else []
    return {
        "pictures": [file for file in files if file.blob.is_picture],
        "papers": [file for file in files if not file.blob.is_picture],
        "verdict": policies.may_write(actor, ref.kind, ref.id),
        "ref": ref,
        "accept": ",".join(f".{extension}" for extension in sorted(BY_EXTENSION)),
        "next": context["request"].get_full_path() if "request" in context else "/",
        "csrf_token": context.get("csrf_token"),
        "alone": context.get("alone", False),
        "messages": context.get("messages"),
        "request": context.get("request"),
    }


@register.inclusion_tag("records/parts/history.html", takes_context=True)
def history(context: Context, subject: Any, limit: int = 30) -> dict[str, Any]:
    """What happened to `subject`, newest first, with before and after. The page has checked that it may be seen."""
    ref = subject if isinstance(subject, SubjectRef) else subject_of(subject)
    return {"entries": selectors.history(actor=_actor(context), kind=ref.kind, subject_id=ref.id, limit=limit)}


def _actor(context: Context) -> Actor:
    actor = context.get("actor")
    return actor if isinstance(actor, Actor) else Actor.anonymous()
