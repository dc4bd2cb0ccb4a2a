"""Projects as cards in columns by state."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.keyset import KeysetPage, Order, keyset_page
from duikou.kernel.verdict import Verdict
from duikou.programme.models import Pairing, Programme
from duikou.projects import policies
from duikou.projects.models import Project
from duikou.projects.selectors import ListFilter, Totals, totals_by_state
from duikou.projects.selectors.moves import Move, moves_of, states_named
from duikou.schedule.models import Milestone

SIZE = 20
"""Cards a page of a column."""
ORDER = Order("id", descending=True)


@dataclass(frozen=True, slots=True)
class Card:
    """One project: where it may go from here, whether this viewer may move it, and how many milestones are late."""

    project: Project
    moves: list[Move]
    verdict: Verdict
    late: int


@dataclass(frozen=True, slots=True)
class Column:
    """One state: a page of its cards, and its sums where the kept ones can say (else None)."""

    state: str
    label: str
    cards: list[Card]
    page: KeysetPage[Project]
    totals: Totals | None

    @property
    def parameter(self) -> str:
        """The name of the column's cursor in the address."""
        return f"at_{self.state}"


def columns_of(
    *,
    actor: Actor,
    programme: Programme,
    pairings: list[Pairing],
    wanted: ListFilter,
    rows: QuerySet[Project],
    cursors: dict[str, str],
) -> list[Column]:
    """The board in the order of the lifecycle: one query a column (two on later pages), one for the sums, one for what
    is late."""
    kept = None
    if not wanted.rest() and not wanted.years():
        condition = wanted.cell(pairings)
        kept = totals_by_state(actor=actor, programme=programme, pairings=pairings, condition=condition)
    pages = {
        state: keyset_page(rows.filter(state=state), ORDER, cursors.get(f"at_{state}", ""), size=SIZE)
        for state, _label in states_named()
    }
    late = _late([project.pk for page in pages.values() for project in page.rows])
    return [
        Column(
            state,
            label,
            [_card(actor, project, late) for project in pages[state].rows],
            pages[state],
            kept.get(state, Totals()) if kept is not None else None,
        )
        for state, label in states_named()
    ]


def _card(actor: Actor, project: Project, late: dict[int, int]) -> Card:
    return Card(project, moves_of(project), policies.edit(actor, project), late.get(project.pk, 0))


def _late(ids: list[int]) -> dict[int, int]:
    """Overdue milestones by project."""
    rows = Milestone.objects.filter(Q(project_id__in=ids), done_on=None, planned_on__lt=today())
    return dict(rows.order_by().values_list("project_id").annotate(n=Count("id")))
