"""The numbers of the clock: what the coordinator set, else the pack's and the platform's defaults."""

from __future__ import annotations

from dataclasses import dataclass

from duikou.greenchannel.models import Parameter
from duikou.greenchannel.states import PARAMETERS
from duikou.programme.models import BlockerKind, Programme
from duikou.programme.selectors import blocker_kinds_of


@dataclass(frozen=True, slots=True)
class Set:
    """One number as it holds: `name` is what a form calls it, `row` what somebody set, if anybody did."""

    name: str
    label: str
    days: int
    usual: int
    least: int
    most: int
    basis: str
    row: Parameter | None = None
    kind: BlockerKind | None = None


def terms_of(programme: Programme) -> list[Set]:
    """The term of each kind in force (two queries)."""
    rows = {row.kind_id: row for row in Parameter.objects.filter(programme=programme, name="term")}
    found = []
    for kind in blocker_kinds_of(programme):
        row = rows.get(kind.pk)
        days, basis = (row.days, row.basis) if row else (kind.working_days, kind.basis_label)
        found.append(Set(f"term-{kind.pk}", kind.label, days, kind.working_days, 1, 250, basis, row, kind))
    return found


def term_of(kind: BlockerKind) -> int:
    """Working days for a request of this kind (one query)."""
    row = Parameter.objects.filter(programme_id=kind.programme_id, name="term", kind=kind).first()
    return row.days if row else kind.working_days


def numbers_of(programme: Programme) -> list[Set]:
    """Reminders and escalations (one query)."""
    rows = {row.name: row for row in Parameter.objects.filter(programme=programme, kind=None)}
    return [
        Set(
            name,
            str(label),
            row.days if (row := rows.get(name)) else usual,
            usual,
            least,
            most,
            row.basis if row else "",
            row,
        )
        for name, (usual, least, most, label) in PARAMETERS.items()
    ]


def numbers(programme_id: int) -> dict[str, int]:
    """Name → working days, as it holds (one query)."""
    rows = dict(Parameter.objects.filter(programme_id=programme_id, kind=None).values_list("name", "days"))
    return {name: rows.get(name, usual) for name, (usual, _least, _most, _label) in PARAMETERS.items()}
