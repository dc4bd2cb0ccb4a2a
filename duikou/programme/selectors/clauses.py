"""Reading the instrument's text. Clauses are public: these need no actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from duikou.programme.models import Clause, ClauseFormerCode, ClauseText, Programme, ProgrammeVersion
from duikou.programme.rules.clause_codes import read
from duikou.programme.rules.near import nearest


@dataclass(frozen=True, slots=True)
class ClauseMatch:
    """What a written clause resolves to: one clause, or none and the candidates a person must choose from.

    `how` is code, former, name or none.
    """

    clause: Clause | None
    candidates: tuple[Clause, ...] = ()
    how: str = "none"

    @property
    def is_ambiguous(self) -> bool:
        """Whether several clauses could be meant."""
        return self.clause is None and len(self.candidates) > 1


class ClauseIndex:
    """All clauses of a programme in memory, for resolving many written clauses with two queries in all."""

    def __init__(self, clauses: Sequence[Clause], former: Sequence[tuple[str, int]] = ()) -> None:
        self._by_code = {clause.code: clause for clause in clauses}
        by_pk = {clause.pk: clause for clause in clauses}
        self._former = {code: by_pk[pk] for code, pk in former if pk in by_pk}
        live = [clause for clause in clauses if clause.retired_in_id is None]
        self._titles = {clause.code: clause.title for clause in live}
        self._english = {clause.code: clause.title_en for clause in live}

    def resolve(self, text: str) -> ClauseMatch:
        """The clause that `text` writes, by code, numeral, name or near name."""
        written = read(text)
        if written.code is not None:
            return self._by_written_code(written.code)
        for titles in (self._titles, self._english):
            keys = nearest(written.words, titles)
            if keys:
                found = tuple(self._by_code[key] for key in keys)
                return ClauseMatch(found[0] if len(found) == 1 else None, found, "name")
        return ClauseMatch(None)

    def _by_written_code(self, code: str) -> ClauseMatch:
        clause = self._by_code.get(code)
        if clause is not None:
            return ClauseMatch(clause, (clause,), "code")
        clause = self._former.get(code)
        return ClauseMatch(clause, (clause,), "former") if clause else ClauseMatch(None)


def clauses_of(programme: Programme, *, with_retired: bool = False) -> QuerySet[Clause]:
    """Clauses of a programme in reading order; retired ones only when asked for."""
    clauses = Clause.objects.filter(programme=programme).order_by("order", "code")
    return clauses if with_retired else clauses.filter(retired_in__isnull=True)


def tasks_of(programme: Programme) -> QuerySet[Clause]:
    """The key tasks of a programme in reading order."""
    return clauses_of(programme).filter(is_task=True)


def clause_index(programme: Programme) -> ClauseIndex:
    """An index for resolving many written clauses."""
    former = ClauseFormerCode.objects.filter(clause__programme=programme).order_by("pk")
    return ClauseIndex(list(clauses_of(programme, with_retired=True)), list(former.values_list("code", "clause_id")))


def clause_resolve(programme: Programme, text: str) -> ClauseMatch:
    """The clause that one written text means; for many texts take `clause_index`."""
    return clause_index(programme).resolve(text)


def clause_at(programme: Programme, code: str) -> Clause | None:
    """The clause at a permanent address: by its code, or by a code it once had."""
    clauses = clauses_of(programme, with_retired=True).select_related("parent", "retired_in")
    here = clauses.filter(code=code).first()
    return here or clauses.filter(former_codes__code=code).order_by("-former_codes__pk").first()


def texts_of(version: ProgrammeVersion) -> QuerySet[ClauseText]:
    """What one edition says, in its reading order."""
    return ClauseText.objects.filter(version=version).select_related("clause").order_by("order")


def clauses_with_text(programme: Programme) -> QuerySet[Clause]:
    """Live clauses with their present text under `current_texts` (two queries)."""
    texts = ClauseText.objects.filter(version=programme.current)
    return clauses_of(programme).prefetch_related(Prefetch("texts", queryset=texts, to_attr="current_texts"))


def children_by_parent(clauses: Sequence[Clause]) -> dict[int | None, list[Clause]]:
    """Clauses grouped by their parent's id, order kept (no query)."""
    grouped: dict[int | None, list[Clause]] = defaultdict(list)
    for clause in clauses:
        grouped[clause.parent_id].append(clause)
    return grouped
