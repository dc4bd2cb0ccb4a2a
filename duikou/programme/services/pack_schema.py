"""What a pack's files may hold, as a table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from duikou.programme.states import (
    GATED,
    Cadence,
    ClauseKind,
    Direction,
    DutyKind,
    PairingLevel,
    StepAct,
    StepParty,
    StepRole,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One key: Python types it may have, whether it must be there, allowed values, greatest length, type of items."""

    types: tuple[type, ...]
    required: bool = False
    choices: tuple[str, ...] = ()
    longest: int = 0
    default: Any = None
    items: type = str


@dataclass(frozen=True, slots=True)
class Section:
    """One file of rows under one key.

    `later`: packs of before do not know it; where it is empty it is no part of the digest, so that theirs stays.
    """

    file: str
    key: str
    fields: dict[str, Field] = field(default_factory=dict)
    required: bool = False
    later: bool = False


def text(longest: int, *, required: bool = True, choices: tuple[str, ...] = ()) -> Field:
    """A string of at most `longest` characters."""
    return Field((str,), required, choices, longest, "")


CODE = text(60)
CLAUSE = text(60)
DATE = Field((dt.date, type(None)))
NAMES = Field((list,), default=[])
PARTS = Field((list,), default=[], items=dict)

HEAD: dict[str, Field] = {
    "code": CODE, "version": text(20), "note": text(300, required=False), "title": text(200), "title_en": text(300),
    "short_title": text(80), "short_title_en": text(120), "number": text(60, required=False), "issuer": text(120),
    "issuer_en": text(200, required=False), "issued_on": DATE, "illustrative": Field((bool,), default=False),
    "source": text(2000), "first_side_label": text(40), "first_side_label_en": text(60),
    "second_side_label": text(40), "second_side_label_en": text(60), "source_text": text(100, required=False),
}  # fmt: skip

PIECE: dict[str, Field] = {
    "at": Field((int,), required=False),
    "role": text(10, required=False, choices=("p", "mark", "lead", "number", "sign", "note")),
    "text": text(20_000),
}

PROJECT_FIELD: dict[str, Field] = {
    "key": text(40), "label": text(60), "label_en": text(80),
    "type": text(10, choices=("text", "int", "decimal", "money", "area", "date", "choice", "bool")),
    "unit": text(20, required=False), "unit_en": text(40, required=False),
    "required": Field((bool,), default=False), "choices": PARTS,
    "min": Field((int, float)), "max": Field((int, float)),
}  # fmt: skip

RECORD_WORD: dict[str, Field] = {
    "word": text(20), "at": text(10, choices=("bracket", "name")), "clauses": NAMES, "unless": NAMES,
    "sets": Field((dict,), default={}),
}  # fmt: skip

GATE: dict[str, Field] = {
    "verb": text(8, choices=GATED), "field": text(40, required=False),
    "file": text(60, required=False), "file_en": text(80, required=False), "words": NAMES,
}  # fmt: skip

STEP: dict[str, Field] = {
    "code": CODE, "title": text(80), "title_en": text(120),
    "party": text(6, choices=tuple(StepParty.values)), "role": text(20, choices=tuple(StepRole.values)),
    "act": text(8, choices=tuple(StepAct.values)),
    "working_days": Field((int,), default=0), "remind_before": Field((int,), default=0),
    "escalate_to": Field((dict, type(None))), "distinct_from": NAMES, "return_to": Field((list, type(None))),
    "records_consent": Field((bool,), default=False), "evidence": Field((bool,), default=False),
    "optional": Field((bool,), default=False), "asks": PARTS,
}  # fmt: skip

ASK: dict[str, Field] = {
    "code": text(40), "label": text(60), "label_en": text(80),
    "type": text(6, choices=("text", "date", "int", "choice")), "required": Field((bool,), default=True),
    "longest": Field((int,), default=200),
    "pattern": text(200, required=False), "example": text(60, required=False),
    "not_before": text(40, required=False), "not_after": text(40, required=False), "choices": PARTS,
}  # fmt: skip

STAGE: dict[str, Field] = {"code": CODE, "title": text(80), "title_en": text(120), "steps": PARTS}

CHOICE: dict[str, Field] = {"value": text(40), "label": text(60), "label_en": text(80)}

LATER: dict[str, Any] = {"gates": [], "park": False}
"""Keys that packs of before do not know: where they say nothing they are no part of the digest; theirs stays."""

SECTIONS: tuple[Section, ...] = (
    Section("clauses.yaml", "clauses", {
        "code": CLAUSE, "kind": text(12, choices=tuple(ClauseKind.values)), "title": text(200),
        "title_en": text(200), "heading": PARTS, "body": PARTS, "moved_from": text(60, required=False),
    }, required=True),
    Section("pairings.yaml", "pairings", {
        "code": CODE, "level": text(12, choices=tuple(PairingLevel.values)), "parent": text(60, required=False),
        "first": text(6), "second": Field((str, type(None))), "second_note": text(120, required=False),
        "second_note_en": text(160, required=False), "name": text(120), "name_en": text(160),
        "valid_from": DATE, "valid_to": DATE, "source": text(300),
    }, required=True),
    Section("targets.yaml", "targets", {
        "code": CODE, "clause": CLAUSE, "due_on": DATE, "title": text(200), "title_en": text(200), "quote": text(2000),
    }),
    Section("bodies.yaml", "bodies", {
        "code": CODE, "name": text(120), "name_en": text(160), "named": text(120), "part": text(200),
        "part_en": text(300), "clauses": NAMES,
    }),
    Section("duties.yaml", "duties", {
        "code": CODE, "kind": text(12, choices=tuple(DutyKind.values)), "clause": CLAUSE, "title": text(120),
        "title_en": text(160), "quote": text(2000), "owed_by": NAMES, "owed_to": NAMES,
        "joint": Field((bool,), default=False), "cadence": text(20, choices=tuple(Cadence.values)),
        "due": Field((dict,), default={"rule": "none"}), "basis": text(300, required=False),
        "basis_en": text(300, required=False),
    }),
    Section("indicators.yaml", "indicators", {
        "code": CODE, "clause": CLAUSE, "title": text(120), "title_en": text(160), "unit": text(20),
        "unit_en": text(40), "direction": text(4, choices=tuple(Direction.values)),
        "note": text(300, required=False), "note_en": text(300, required=False),
    }),
    Section("kinds.yaml", "kinds", {
        "code": CODE, "title": text(80), "title_en": text(120), "clauses": NAMES, "fields": PARTS,
        "record_words": PARTS, "gates": PARTS, "park": Field((bool,), default=False),
    }),
    Section("routes.yaml", "routes", {
        "code": CODE, "title": text(120), "title_en": text(160), "clause": CLAUSE, "stages": PARTS,
        "withdrawable": Field((bool,), default=True), "return_to": NAMES,
    }, later=True),
    Section("blockers.yaml", "blockers", {
        "code": CODE, "title": text(40), "title_en": text(60), "working_days": Field((int,)),
        "basis": text(300, required=False), "basis_en": text(300, required=False),
    }, later=True),
    Section("topics.yaml", "topics", {
        "code": CODE, "title": text(80), "title_en": text(120), "clauses": NAMES,
    }, later=True),
)  # fmt: skip
