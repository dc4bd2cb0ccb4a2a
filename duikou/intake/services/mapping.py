"""Guessing which column of a file fills which field."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from duikou.intake.models import ColumnMemory
from duikou.intake.services.kinds import Column
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid
from duikou.kernel.sheets import column_letter
from duikou.kernel.text import near_key

ENOUGH = 78.0
"""Likeness of two names from which a guess is worth showing."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A field for one column of the file ("" = none), and why it was guessed."""

    column: int
    key: str
    why: str


def signature_of(headers: Sequence[Sequence[str]]) -> str:
    """What makes two files' headers the same: their names, spacing and width aside."""
    text = "\n".join("\t".join(near_key(name) for name in names) for names in headers)
    return hashlib.sha256(text.encode()).hexdigest()


def guesses(columns: Sequence[Column], headers: Sequence[str], samples: Sequence[Sequence[str]]) -> list[Guess]:
    """A field for each column: by exact name or alias, then by likeness of names, then by what the cells hold.

    Every field is given away once; the surest match goes first.
    """
    scored: list[tuple[float, int, str, str]] = []
    for at, header in enumerate(headers):
        texts = [row[at] for row in samples if at < len(row) and row[at]]
        for column in columns:
            score, why = _likeness(column, header, texts)
            if score:
                scored.append((score, at, column.key, why))
    taken_columns: set[int] = set()
    taken_keys: set[str] = set()
    found: dict[int, Guess] = {}
    for _score, at, key, why in sorted(scored, key=lambda item: (-item[0], item[1])):
        if at not in taken_columns and key not in taken_keys:
            taken_columns.add(at)
            taken_keys.add(key)
            found[at] = Guess(at, key, why)
    return [found.get(at, Guess(at, "", "")) for at in range(len(headers))]


def _likeness(column: Column, header: str, texts: Sequence[str]) -> tuple[float, str]:
    name = near_key(header)
    names = [near_key(known) for known in (column.label, *column.aliases)]
    if name:
        if name in names:
            return 200.0 - names.index(name) * 0.01, _("列名一致")
        last = near_key(header.rsplit("/", 1)[-1])
        if last and last in names:
            return 150.0, _("列名一致")
        best = max((fuzz.ratio(name, known) for known in names if known), default=0.0)
        part = max((len(known) for known in names if len(known) > 1 and known in name), default=0)
        if part:
            best = max(best, 80.0 + min(part, 10))
        if best >= ENOUGH:
            return best, _("列名相近")
    if column.fits is not None and len(texts) >= 2 and not (name and len(name) > 1):
        share = sum(1 for text in texts if column.fits(text)) / len(texts)
        if share >= 0.8:
            return 40.0 + share, _("按内容推测")
    return 0.0, ""


Settled = dict[str, dict[str, str]]
"""By table (number as text): column (number as text) → field."""


def remembered(kind: str, actor: Actor, signature: str) -> Settled | None:
    """How the actor's organisation mapped the same header last time, or None."""
    found = _memory(kind, actor, signature).first()
    return dict(found.mapping) if found else None


def remember(kind: str, actor: Actor, signature: str, mapping: Settled) -> None:
    """Keep a mapping for the organisation's next file with the same header."""
    if not _memory(kind, actor, signature).update(mapping=mapping, updated_at=now()):
        ColumnMemory.objects.create(
            kind=kind, organisation_id=actor.organisation_id, signature=signature, mapping=mapping, updated_at=now()
        )


def _memory(kind: str, actor: Actor, signature: str) -> QuerySet[ColumnMemory]:
    found = ColumnMemory.objects.filter(kind=kind, signature=signature)
    if actor.organisation_id is None:
        return found.filter(organisation__isnull=True)
    return found.filter(organisation_id=actor.organisation_id)


def checked_mapping(columns: Sequence[Column], mapping: Mapping[str, str], width: int) -> dict[str, str]:
    """The mapping (column number as text → field) with blanks left out.

    Raises `Invalid` when a field is used twice, unknown, or a required one has no column.
    """
    by_key = {column.key: column for column in columns}
    used: dict[str, str] = {}
    for at, key in mapping.items():
        if not key:
            continue
        if key not in by_key or not at.isdecimal() or int(at) >= width:
            raise Invalid(_("列对应里有不认识的列或字段。"))
        if key in used:
            raise Invalid(
                _("字段“%(field)s”同时对应了 %(first)s 列和 %(second)s 列，请只保留一列。")
                % {
                    "field": by_key[key].label,
                    "first": column_letter(int(used[key])),
                    "second": column_letter(int(at)),
                }
            )
        used[key] = at
    missing = [column.label for column in columns if column.required and column.key not in used]
    if missing:
        raise Invalid(_("必填字段没有对应的列：%(fields)s。") % {"fields": _("、").join(missing)})
    return {at: key for key, at in used.items()}
