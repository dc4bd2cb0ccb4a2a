"""Rows of one table as drafts: read, parsed, and all said of them that each row says by itself.

A share of a large table may be drafted in another process; `frames` is what runs there. What it yields is plain:
lines for the stage, findings, and the briefs by which the checker judges the rows in order.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Drafted, Drafter, Fate, Incoming, Judged, Options, Problem, kind_of
from duikou.intake.services.parse import Plan
from duikou.intake.services.stage import line_of
from duikou.intake.states import Severity
from duikou.kernel.actor import Actor
from duikou.kernel.beside import Beside
from duikou.kernel.sheets import Block, Order, Row, RowKind, opened, text_of

TURNS = {2: (1, 0, 1, 0, 1), 3: (1, 2, 0, 1, 2), 4: (1, 2, 3, 1, 2, 3, 0, 1, 2, 3)}
"""Whose turn it is, by how many share: share 0 also judges all rows, about a fifth of the work, and drafts less."""


class Share(NamedTuple):
    """Which rows of which table are drafted, for whom, as what.

    Blocks are dealt out in turn; the first `lead` belong to share 0, for the others begin later.
    """

    kind: str
    actor: Actor
    options: Options
    table: Order
    mapping: dict[str, str]
    base: int
    number: int = 0
    shares: int = 1
    lead: int = 0


class Found(NamedTuple):
    """A finding before it has a row: column letter and header, severity, code, reason, what stands there."""

    letter: str
    header: str
    severity: str
    code: str
    reason: str
    shown: str


class Frame(NamedTuple):
    """One block of rows as drafted; lists run side by side, `found` goes by position, `skipped` are no data rows."""

    looked_at: int
    last: int
    sheet: str
    places: list[int]
    fates: list[str]
    lines: list[bytes]
    briefs: list[Any]
    found: dict[int, list[Found]]
    texts: dict[str, list[str]]
    skipped: list[tuple[int, bytes]]


def owner(index: int, lead: int, shares: int) -> int:
    """Whose block it is."""
    turns = TURNS[shares]
    return 0 if index < lead else turns[(index - lead) % len(turns)]


def frames(share: Share) -> Iterator[Frame]:
    """The blocks of one share, in order; raises `BadFile` and whatever the kind refuses."""
    return _frames(share, lambda index: owner(index, share.lead, share.shares) == share.number)


def _frames(share: Share, mine: Callable[[int], bool]) -> Generator[Frame, None, None]:
    kind = kind_of(share.kind)
    plan = Plan(kind.columns(share.options), share.mapping, share.table.header.columns)
    drafter: Drafter = kind.drafter(share.actor, share.options) if kind.drafter else _as_it_came
    fields = kind.judged_fields if kind.drafter else tuple(plan.positions)
    with opened(share.table) as table:
        for block in table.blocks(mine):
            yield _frame(block, plan, drafter, share.base, fields)


def _as_it_came(batch: Sequence[Incoming]) -> list[Drafted]:
    """For kinds that say all they have to say in the checker."""
    return [Drafted(Judged(Fate.NEW, ""), row) for row in batch]


def _frame(block: Block, plan: Plan, drafter: Drafter, base: int, judged_fields: Sequence[str]) -> Frame:
    incoming, problems = plan.parse(block, base)
    fates, lines, briefs = [], [], []
    found: dict[int, list[Found]] = {}
    for at, (row, (judged, brief)) in enumerate(zip(incoming, drafter(incoming), strict=True)):
        fate, notes = judged.fate.value, judged.notes
        if judged.problems or at in problems:
            every = combined(problems.get(at, ()), judged.problems)
            found[at] = [
                Found(
                    *plan.place_of(p.key), p.severity.value, p.code[:40], p.reason[:300], plan.shown(block, p.key, at)
                )
                for p in every
            ]
            notes = [*(problem.reason for problem in every), *notes]
            if any(problem.severity is Severity.ERROR for problem in every):
                fate = Fate.ERROR.value
        fates.append(fate)
        lines.append(line_of(row.index, row.sheet, row.row, fate, judged.label, judged.payload, notes))
        briefs.append(brief)
    texts = {key: [plan.shown(block, key, at) for at in range(len(lines))] for key in judged_fields}
    skipped = [_skipped(base, kind, row) for kind, row in block.others]
    places = [row.index for row in incoming]
    return Frame(block.count, block.last, block.sheet, places, fates, lines, briefs, found, texts, skipped)


def combined(wrong: Sequence[Problem], judged: Sequence[Problem]) -> list[Problem]:
    """What is wrong with the cells, and what else the room says: nothing more of a cell that could not be read."""
    keys = {problem.key for problem in wrong if problem.key}
    return [*wrong, *(problem for problem in judged if problem.key not in keys)]


def _skipped(base: int, kind: RowKind, row: Row) -> tuple[int, bytes]:
    label = next((text for cell in row.cells if (text := text_of(cell))), "")
    why = _("合计行，不导入") if kind == "total" else _("小标题行，不导入")
    place = base + row.number
    return place, line_of(place, row.sheet, row.number, Fate.SKIPPED.value, label, None, [why])


class _Dealer:
    """Deals blocks out: all to this process until the others are ready, then in turn."""

    def __init__(self, share: Share, shares: int) -> None:
        self.share = share
        self.helpers = [Beside(frames) for _helper in range(shares - 1)]
        self.lead: int | None = None

    def deal(self, index: int) -> int:
        """Whose block it is, asked for each in order: the first one after the others got ready begins the turns."""
        if self.lead is None and self.helpers and all(helper.is_ready() for helper in self.helpers):
            self.lead = index
            shares = len(self.helpers) + 1
            for number, helper in enumerate(self.helpers, 1):
                helper.start(self.share._replace(number=number, shares=shares, lead=index))
        return self.owner(index)

    def owner(self, index: int) -> int:
        """Whose block it is, as things stand."""
        return 0 if self.lead is None else owner(index, self.lead, len(self.helpers) + 1)


def in_order(share: Share, shares: int) -> Iterator[Frame]:
    """The frames of a table in the order of its file, drafted by this process and `shares` - 1 others."""
    with ExitStack() as stack:
        dealer = _Dealer(share, shares)
        for helper in dealer.helpers:
            stack.enter_context(helper)
        own = _frames(share, lambda index: dealer.owner(index) == 0)
        stack.callback(own.close)
        for index in itertools.count():
            number = dealer.deal(index)
            frame = next(own if number == 0 else dealer.helpers[number - 1], None)
            if frame is None:
                return
            yield frame
