"""Moving clauses to other codes, so that every link to them goes along."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from duikou.programme.models import Clause, ClauseFormerCode, Programme, ProgrammeVersion
from duikou.programme.services.pack_read import Problem, Row


def move_clauses(programme: Programme, version: ProgrammeVersion, rows: Sequence[Row]) -> list[Problem]:
    """Give moved clauses their new codes; returns the moves that cannot be made (then the caller rolls back)."""
    known = {clause.code: clause for clause in Clause.objects.filter(programme=programme)}
    former = set(ClauseFormerCode.objects.filter(clause__programme=programme).values_list("clause__code", "code"))
    moves = {row["code"]: row for row in rows if row["moved_from"] and (row["code"], row["moved_from"]) not in former}
    leaving = {row["moved_from"] for row in moves.values()}
    problems = []
    for code, row in moves.items():
        source = known.get(row["moved_from"])
        if source is None or source.retired_in_id is not None:
            reason = _("已装载的版本中没有条款“%(code)s”。") % {"code": row["moved_from"]}
            problems.append(Problem(row.file, row.line("moved_from"), reason))
        elif code in known and code not in leaving:
            reason = _("代码“%(code)s”已属于另一条款，请说明那一条移到了何处。") % {"code": code}
            problems.append(Problem(row.file, row.line("code"), reason))
    if problems or not moves:
        return problems
    clauses = {code: known[row["moved_from"]] for code, row in moves.items()}
    ClauseFormerCode.objects.bulk_create(
        [ClauseFormerCode(clause=clause, code=clause.code, moved_in=version) for clause in clauses.values()],
        ignore_conflicts=True,
    )
    for clause in clauses.values():
        Clause.objects.filter(pk=clause.pk).update(code=f"~{clause.pk}")  # frees the codes for those that swap
    for code, clause in clauses.items():
        Clause.objects.filter(pk=clause.pk).update(code=code)
    return []
