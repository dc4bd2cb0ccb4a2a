"""The instrument laid out for reading: passages, search, two editions, a clause with what hangs from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from duikou.programme.models import Clause, ClauseText, Pairing, Programme, ProgrammeVersion
from duikou.programme.rules.compare import Piece, compare
from duikou.programme.rules.hits import Stretch, marked, snippet, words_of
from duikou.programme.selectors.clauses import clauses_of, clauses_with_text, texts_of
from duikou.programme.selectors.programmes import pairings_of, programmes
from duikou.programme.states import ClauseKind


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A printed paragraph; `lead` are the words that introduce it, `role` is p, number, sign or note."""

    role: str
    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause as printed."""

    clause: Clause
    depth: int
    heading: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def rank(self) -> int:
        """The level of its heading on a page whose title is the first: 2 for chapters, 3 below them, 4 for items."""
        return 2 if self.clause.kind == ClauseKind.PREAMBLE else self.depth + 1


@dataclass(frozen=True, slots=True)
class Found:
    """A clause in which all words of a query stand."""

    clause: Clause
    title: list[Stretch]
    text: list[Stretch]


@dataclass(frozen=True, slots=True)
class Compared:
    """One clause in two editions; an empty side means that the clause is not there."""

    clause: Clause
    old_code: str
    new_code: str
    state: str
    old: list[Piece] = field(default_factory=list)
    new: list[Piece] = field(default_factory=list)


def paragraphs_of(text: ClauseText) -> tuple[Paragraph, ...]:
    """The paragraphs of a stored text, marks and leads joined to what they introduce."""
    found: list[Paragraph] = []
    lead = ""
    for piece in text.body:
        if piece["role"] in ("mark", "lead"):
            lead += piece["text"]
            continue
        found.append(Paragraph(piece["role"], piece["text"], lead))
        lead = ""
    return (*found, *([Paragraph("p", "", lead)] if lead else []))


def passage(clause: Clause, text: ClauseText | None) -> Passage:
    """A clause with its text, ready to print."""
    depth = min(clause.code.count(".") + 1, 4)
    if text is None:
        return Passage(clause, depth, clause.title, ())
    return Passage(clause, depth, text.heading, paragraphs_of(text))


def passages(programme: Programme) -> list[Passage]:
    """The whole present text in reading order (two queries)."""
    return [passage(clause, _text(clause)) for clause in clauses_with_text(programme)]


def _text(clause: Clause) -> ClauseText | None:
    texts: list[ClauseText] = getattr(clause, "current_texts", [])
    return texts[0] if texts else None


def search(programme: Programme, query: str) -> list[Found]:
    """Live clauses that hold every word of `query` in title, English title or text, in reading order (two queries)."""
    words = words_of(query)
    if not words:
        return []
    found = []
    for clause in clauses_with_text(programme):
        text = _text(clause)
        shown = snippet(text.text.replace("\n", ""), words) if text else []
        title = marked(clause.label, words)
        if shown or any(stretch.is_hit for stretch in title):
            found.append(Found(clause, title, shown))
    return found


def side_by_side(old: ProgrammeVersion, new: ProgrammeVersion, *, everything: bool = False) -> list[Compared]:
    """Clauses of two editions in the newer one's order; only what differs unless `everything` (two queries)."""
    before = {text.clause_id: text for text in texts_of(old)}
    after = {text.clause_id: text for text in texts_of(new)}
    order = [*after.values(), *(text for pk, text in before.items() if pk not in after)]
    rows = [_compared(text.clause, before.get(text.clause_id), after.get(text.clause_id)) for text in order]
    return rows if everything else [row for row in rows if row.state != "same"]


def _compared(clause: Clause, old: ClauseText | None, new: ClauseText | None) -> Compared:
    old_text, new_text = (old.text if old else ""), (new.text if new else "")
    pieces = compare(old_text, new_text)
    if old is None or new is None:
        state = "new" if old is None else "retired"
    elif old.code != new.code:
        state = "moved"
    else:
        state = "same" if old_text == new_text and old.title == new.title else "amended"
    return Compared(
        clause,
        old.code if old else "",
        new.code if new else "",
        state,
        [piece for piece in pieces if piece.kind != "new"],
        [piece for piece in pieces if piece.kind != "gone"],
    )


def clause_page(clause: Clause) -> dict[str, Any]:
    """One clause's text in its last edition, its place in the tree and what the pack hangs from it."""
    text = ClauseText.objects.filter(clause=clause).select_related("version").order_by("-version_id").first()
    siblings = list(clauses_of(clause.programme))
    codes = [other.code for other in siblings]
    at = codes.index(clause.code) if clause.code in codes else -1
    live = {"retired_in__isnull": True}
    return {
        "passage": passage(clause, text),
        "text": text,
        "former_codes": [former.code for former in clause.former_codes.all()],
        "children": [other for other in siblings if other.parent_id == clause.pk],
        "previous": siblings[at - 1] if at > 0 else None,
        "next": siblings[at + 1] if 0 <= at < len(siblings) - 1 else None,
        "targets": clause.targets.filter(**live),
        "bodies": clause.bodies.filter(**live),
        "duties": clause.duties.filter(**live).prefetch_related("owed_by", "owed_to"),
        "indicators": clause.indicators.filter(**live),
        "kinds": clause.project_kinds.filter(**live),
    }


def programme_cards() -> QuerySet[Programme]:
    """Every programme with how many clauses, tasks and pairings it has (one query)."""
    return programmes().annotate(
        clause_count=Count("clause", filter=Q(clause__retired_in__isnull=True), distinct=True),
        task_count=Count("clause", filter=Q(clause__is_task=True, clause__retired_in__isnull=True), distinct=True),
        pairing_count=Count("pairing", filter=Q(pairing__retired_in__isnull=True), distinct=True),
    )


def pairing_groups(programme: Programme) -> list[dict[str, Any]]:
    """Top pairings with those inside them, grouped by level in the instrument's order (one query)."""
    everything = list(pairings_of(programme))
    inside: dict[int, list[Pairing]] = {}
    for pairing in everything:
        if pairing.parent_id is not None:
            inside.setdefault(pairing.parent_id, []).append(pairing)
    groups: dict[str, dict[str, Any]] = {}
    for pairing in _top(everything):
        group = groups.setdefault(pairing.level, {"label": pairing.get_level_display(), "pairings": []})
        group["pairings"].append({"pairing": pairing, "subs": inside.get(pairing.pk, [])})
    return list(groups.values())


def _top(pairings: Iterable[Pairing]) -> list[Pairing]:
    return [pairing for pairing in pairings if pairing.parent_id is None]


__all__ = [
    "Compared",
    "Found",
    "Paragraph",
    "Passage",
    "clause_page",
    "pairing_groups",
    "paragraphs_of",
    "passages",
    "programme_cards",
    "search",
    "side_by_side",
]
