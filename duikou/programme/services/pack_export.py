"""A loaded programme as plain data."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from duikou.programme import selectors
from duikou.programme.models import Clause, ClauseText, Programme


def programme_export(programme: Programme) -> dict[str, Any]:
    """Everything a pack brings, in reading order; `text` is a clause's whole text, heading first."""
    return {
        "programme": _head(programme),
        "clauses": [_clause(clause) for clause in _clauses(programme)],
        "pairings": [_pairing(pairing) for pairing in selectors.pairings_of(programme)],
        "targets": [
            {**_titles(row), "clause": row.clause.code, "quote": row.quote, "due_on": row.due_on}
            for row in selectors.targets_of(programme)
        ],
        "bodies": [
            {
                "code": row.code,
                "name": row.name,
                "name_en": row.name_en,
                "part": row.part,
                "part_en": row.part_en,
                "clauses": sorted(clause.code for clause in row.clauses.all()),
            }
            for row in selectors.bodies_of(programme)
        ],
        "duties": [_duty(row) for row in selectors.duties_of(programme)],
        "indicators": [
            {
                **_titles(row),
                "clause": row.clause.code,
                "unit": row.unit,
                "unit_en": row.unit_en,
                "direction": row.direction,
                "note": row.note,
            }
            for row in selectors.indicators_of(programme)
        ],
        "kinds": [
            {
                **_titles(row),
                "clauses": sorted(clause.code for clause in row.clauses.all()),
                "fields": row.fields,
                "record_words": row.record_words,
                "gates": row.gates,
            }
            for row in selectors.kinds_of(programme)
        ],
        "routes": [
            {**_titles(row), "clause": row.clause.code, **row.definition} for row in selectors.routes_of(programme)
        ],
        "blockers": [
            {**_titles(row), "working_days": row.working_days, "basis": row.basis, "basis_en": row.basis_en}
            for row in selectors.blocker_kinds_of(programme)
        ],
        "topics": [
            {**_titles(row), "clauses": sorted(clause.code for clause in row.clauses.all())}
            for row in selectors.topics_of(programme)
        ],
    }


def _head(programme: Programme) -> dict[str, Any]:
    names = (
        "code", "version", "title", "title_en", "short_title", "short_title_en", "number", "issuer", "issuer_en",
        "issued_on", "source", "illustrative", "first_side_label", "first_side_label_en", "second_side_label",
        "second_side_label_en",
    )  # fmt: skip
    digest = programme.current.digest if programme.current else ""
    return {**{name: getattr(programme, name) for name in names}, "digest": digest}


def _clauses(programme: Programme) -> list[Clause]:
    texts = Prefetch("texts", queryset=ClauseText.objects.filter(version=programme.current), to_attr="current_texts")
    return list(selectors.clauses_of(programme).select_related("parent").prefetch_related(texts))


def _clause(clause: Clause) -> dict[str, Any]:
    texts: list[ClauseText] = getattr(clause, "current_texts", [])
    return {
        "code": clause.code,
        "title": clause.title,
        "title_en": clause.title_en,
        "kind": clause.kind,
        "numeral": clause.numeral,
        "parent": clause.parent.code if clause.parent else None,
        "text": texts[0].text if texts else "",
    }


def _titles(row: Any) -> dict[str, Any]:
    return {"code": row.code, "title": row.title, "title_en": row.title_en}


def _pairing(row: Any) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "level": row.level,
        "first": row.first_region.adcode,
        "first_name": row.first_region.name,
        "second": row.second_region.adcode if row.second_region else None,
        "second_name": row.second_region.name if row.second_region else row.second_note,
        "parent": row.parent.code if row.parent else None,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "source": row.source,
    }


def _duty(row: Any) -> dict[str, Any]:
    return {
        **_titles(row),
        "kind": row.kind,
        "clause": row.clause.code,
        "quote": row.quote,
        "owed_by": [body.code for body in row.owed_by.all()],
        "owed_to": [body.code for body in row.owed_to.all()],
        "joint": row.joint,
        "cadence": row.cadence,
        "due": row.due,
        "due_is_official": False,
        "basis": row.basis,
    }
