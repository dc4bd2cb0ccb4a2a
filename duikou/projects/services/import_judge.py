"""Judging drafted rows against what is recorded and against the file itself: same, alike, twice. Writes nothing."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.intake.services.kinds import OWN, Candidate, Fate, Judged, Options, Problem, Severity
from duikou.kernel.actor import Actor
from duikou.kernel.money import Money
from duikou.programme.selectors.pairing_names import pairing_index
from duikou.programme.selectors.programmes import programme_at
from duikou.projects.models import ReportedStatistic
from duikou.projects.models.summary import AMOUNTS
from duikou.projects.selectors import projects_visible
from duikou.projects.services.figures import amount_kept
from duikou.projects.services.near import ALIKE, Blocks, likeness, same_year
from duikou.projects.states import FIGURES, Side

SHOWN = 5
_AMOUNT_BITS, _SHEET_BITS = 20, 11
_AMOUNTS, _SHEETS = (1 << _AMOUNT_BITS) - 1, (1 << _SHEET_BITS) - 1
_KNOWN = (
    "id", "name", "near_key", "pairing_id", "first_region_id", "second_region_id", "year", "planned_amount",
    "reported_by_first_at", "reported_by_second_at", "planned_bound", "signed_amount", "signed_bound",
    "completed_amount", "completed_bound",
)  # fmt: skip


Stated = set[tuple[str, str, int, int | None, str]]


class Known(NamedTuple):
    """A recorded project as far as comparing needs it."""

    id: int
    name: str
    near_key: str
    pairing_id: int
    first_region_id: int
    second_region_id: int | None
    year: int | None
    planned_amount: Money | None
    reported_by_first_at: dt.datetime | None
    reported_by_second_at: dt.datetime | None
    planned_bound: str
    signed_amount: Money | None
    signed_bound: str
    completed_amount: Money | None
    completed_bound: str


class ProjectBrief(NamedTuple):
    """A drafted project as far as comparing needs it; travels as a plain tuple of twelve.

    `amounts`: planned, signed, completed as (分, bound), None where not stated.
    """

    sheet: str
    row: int
    name: str
    key: str
    root_id: int
    first_id: int | None
    pairing_first_id: int
    year: int | None
    amounts: tuple[tuple[int, str] | None, ...]
    side: str
    keys: Sequence[int]
    parent: int | None


class StatisticBrief(NamedTuple):
    """A drafted statistic: its figures as (measure, number); travels as a plain tuple of four."""

    key: str
    figures: Sequence[tuple[str, int]]
    year: int | None
    source: str


def differing(amounts: Sequence[Any], known: Any) -> dict[str, str]:
    """Amounts a row states (planned, signed, completed) where the project states others, as differences keep them.

    A signed amount that only repeats the planned one says nothing of its own.
    """
    found = {}
    for at, name in enumerate(AMOUNTS):
        stated, standing = amounts[at], getattr(known, f"{name}_amount")
        if stated is None or standing is None or (name == "signed" and stated == amounts[0]):
            continue
        value = amount_kept(Money.from_cents(stated[0]), stated[1])
        if value != amount_kept(standing, getattr(known, f"{name}_bound")):
            found[f"{name}_amount"] = value
    return found


class Marks:
    """What was first said under a mark: 16 bytes a slot, at most half of them taken (32 to 64 bytes a row)."""

    def __init__(self) -> None:
        self._make(1 << 12)

    def _make(self, slots: int) -> None:
        self._marks, self._values = array("Q", bytes(8 * slots)), array("Q", bytes(8 * slots))
        self._taken, self._mask = 0, slots - 1

    def first(self, mark: int, value: int) -> int:
        """The value that had `mark` before, 0 when `value` (not 0, 64 bits) is the first."""
        mark = mark & 0xFFFF_FFFF_FFFF_FFFF or 1
        marks, mask = self._marks, self._mask
        at = mark & mask
        while held := marks[at]:
            if held == mark:
                return self._values[at]
            at = (at + 1) & mask
        marks[at], self._values[at] = mark, value
        self._taken += 1
        if self._taken * 2 > mask:
            self._grow()
        return 0

    def _grow(self) -> None:
        marks, values = self._marks, self._values
        self._make(2 * len(marks))
        for mark, value in zip(marks, values, strict=True):
            if mark:
                self.first(mark, value)


class InFile:
    """Names of the file's own rows by near key; a key met too often says nothing and is passed over.

    Bounded by rows: three numbers and the name as bytes, about 100 bytes a row.
    """

    FEW = 6

    def __init__(self) -> None:
        self._by_key: dict[int, int | list[int] | None] = {}
        self._rows = array("q")
        self._names = bytearray()

    def meet(self, brief: ProjectBrief, sheet: int) -> list[tuple[int, int, int, str]]:
        """Earlier rows written alike (likeness, sheet, row, name), likest first; the row is kept for later ones."""
        keys, by_key, here = brief.keys, self._by_key, len(self._rows) // 4
        met: set[int] = set()
        for key in keys:
            known = by_key.get(key, -1)
            if known is None:
                continue
            if known.__class__ is list:
                met.update(known)
                known.append(here)
                if len(known) > self.FEW:
                    by_key[key] = None
            elif known == -1:
                by_key[key] = here
            else:
                met.add(known)  # type: ignore[arg-type]
                by_key[key] = [known, here]  # type: ignore[list-item]
        self._names += brief.name.encode()
        self._rows.extend((brief.row << _SHEET_BITS | sheet, len(self._names), brief.first_id or 0, brief.year or 0))
        found = []
        for at in met:
            place, end, first, year = self._rows[4 * at : 4 * at + 4]
            if first != (brief.first_id or 0) or not same_year(brief.year, year or None):
                continue
            name = self._names[self._rows[4 * at - 3] if at else 0 : end].decode()
            score = likeness(brief.name, name)
            if score >= ALIKE:
                found.append((score, place & _SHEETS, place >> _SHEET_BITS, name))
        return sorted(found, key=lambda one: (-one[0], one[2])) if found else found


class RecordJudge:
    """Judges briefs a batch at a time; keeps in mind what the file itself holds twice."""

    def __init__(self, actor: Actor, options: Options) -> None:
        programme = programme_at(options["programme"])
        assert programme is not None  # noqa: S101 - the option offers only what exists
        self.programme = programme
        pairings = pairing_index(programme).pairings
        self.roots = {pairing.pk: pairing.root.pk for pairing in pairings}
        self.by_pk = {pairing.pk: pairing for pairing in pairings}
        self.visible = projects_visible(actor=actor, pairings=list(pairings)).filter(programme=programme)
        self.is_empty = not self.visible.exists()
        self.blocks = Blocks()
        self.seen = Marks()
        """Where the file first had a project and with which amounts: row, sheet and a digest in one number."""
        self.sheets: dict[str, int] = {}
        self.in_file = InFile()
        self.parents: set[int] = set()

    def __call__(self, batch: Sequence[tuple[Any, ...] | None]) -> list[Judged | None]:
        """One verdict per row, None where nothing like it is known; six queries or fewer per batch."""
        projects = [ProjectBrief._make(brief) for brief in batch if brief and len(brief) == len(ProjectBrief._fields)]
        exact = {} if self.is_empty else self._exact(projects)
        near = {} if self.is_empty else self._near([brief for brief in projects if brief.key not in exact])
        named = {brief.parent for brief in projects if brief.parent}
        self.parents = set(self.visible.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
        statistics = [brief for brief in batch if brief and len(brief) == len(StatisticBrief._fields)]
        stated = self._stated({brief[0] for brief in statistics})
        following = iter(projects)
        return [
            None
            if brief is None
            else self._checked(next(following), exact, near)
            if len(brief) == len(ProjectBrief._fields)
            else self._statistic(StatisticBrief._make(brief), stated)
            for brief in batch
        ]

    # -- what is known ---------------------------------------------------------------------------------------------

    def _rows(self, **condition: Any) -> list[Known]:
        rows = self.visible.filter(**condition).order_by("id")
        return [Known(*row) for row in rows.values_list(*_KNOWN)]

    def _exact(self, briefs: Sequence[ProjectBrief]) -> Mapping[str, list[Known]]:
        found: dict[str, list[Known]] = defaultdict(list)
        keys = {brief.key for brief in briefs}
        if keys:
            for known in self._rows(near_key__in=keys):
                found[known.near_key].append(known)
        return found

    def _near(self, briefs: Sequence[ProjectBrief]) -> Mapping[int, list[Known]]:
        by_key = self.blocks.find(key for brief in briefs for key in brief.keys)
        ids = {pk for many in by_key.values() for pk in many}
        known = {row.id: row for row in self._rows(pk__in=ids)} if ids else {}
        return {key: [known[pk] for pk in many if pk in known] for key, many in by_key.items()}

    def _stated(self, keys: set[str]) -> Stated:
        if not keys:
            return set()
        rows = ReportedStatistic.objects.filter(programme=self.programme, near_key__in=keys)
        return set(rows.values_list("near_key", "measure", "figure", "year", "source_name"))

    # -- verdicts --------------------------------------------------------------------------------------------------

    def _statistic(self, brief: StatisticBrief, stated: Stated) -> Judged | None:
        keys = [(brief.key, measure, at, brief.year, brief.source) for measure, at in brief.figures]
        if all(key in stated for key in keys):
            return Judged(Fate.SAME, "", keep=True)
        stated.update(keys)
        return None

    def _checked(
        self, brief: ProjectBrief, exact: Mapping[str, list[Known]], near: Mapping[int, list[Known]]
    ) -> Judged | None:
        """The verdict on a project; where it names a parent, that must be one the actor may know of."""
        judged = self._project(brief, exact, near)
        if not brief.parent or brief.parent in self.parents:
            return judged
        judged = judged or Judged(Fate.NEW, "", keep=True)
        reason = _("没有找到所属项目 %(number)s；它须先登记，并且您可以看到。")
        found = Problem("parent", "parent", reason % {"number": f"XM{brief.parent:06d}"})
        judged.problems = [*judged.problems, found]
        return judged

    def _project(
        self, brief: ProjectBrief, exact: Mapping[str, list[Known]], near: Mapping[int, list[Known]]
    ) -> Judged | None:
        candidates: list[tuple[int, Known]] = []
        for known in exact.get(brief.key, ()):
            if self._same_place(brief, known):
                if same_year(brief.year, known.year):
                    return self._same(brief, known)
                candidates.append((100, known))
        repeated = self._repeated(brief)
        if repeated is not None:
            return repeated
        if near:
            for known in {k.id: k for key in brief.keys for k in near.get(key, ())}.values():
                if self._same_place(brief, known) and same_year(brief.year, known.year):
                    score = likeness(brief.name, known.name)
                    if score >= ALIKE:
                        candidates.append((score, known))
        own = self.in_file.meet(brief, self.sheets[brief.sheet]) if brief.keys else []
        if not candidates and not own:
            return None
        candidates.sort(key=lambda item: (-item[0], item[1].id))
        shown = [self._candidate(score, known) for score, known in candidates[:SHOWN]]
        shown += [self._own(*one) for one in own[:SHOWN]]
        return Judged(Fate.NEAR, "", candidates=shown, keep=True)

    def _repeated(self, brief: ProjectBrief) -> Judged | None:
        """A row the file already had: it is not written twice; one that states other amounts is pointed at."""
        sheet = self.sheets.setdefault(brief.sheet, min(len(self.sheets), _SHEETS))
        amounts = hash(brief.amounts) & _AMOUNTS
        here = ((brief.row << _SHEET_BITS) | sheet) << _AMOUNT_BITS | amounts
        before = self.seen.first(hash((brief.key, brief.root_id, brief.year)), here)
        if not before:
            return None
        first, stated = divmod(before, _AMOUNTS + 1)
        words = {"sheet": list(self.sheets)[first & _SHEETS], "row": first >> _SHEET_BITS}
        if stated == amounts:
            reason = _("与本文件“%(sheet)s”第 %(row)s 行相同，只登记一次。") % words
            found = Problem("", "twice", reason, Severity.NOTE)
        else:
            reason = _("与本文件“%(sheet)s”第 %(row)s 行是同一个项目，但金额不同；只登记那一行，请核对后更正。")
            found = Problem("planned", "twice", reason % words, Severity.WARNING)
        return Judged(Fate.SAME, "", None, [found])

    def _same(self, brief: ProjectBrief, known: Known) -> Judged:
        side = Side(brief.side)
        already, other = known.reported_by_first_at, known.reported_by_second_at
        if side is not Side.FIRST:
            already, other = other, already
        if side is not Side.NONE and other is not None and (differ := differing(brief.amounts, known)):
            names = _("、").join(str(FIGURES[figure]) for figure in differ)
            reason = _("与已登记的%(figures)s不同：登记的值不变，本文件的值记为本侧的说法，由双方商定。")
            told = {"tell": known.id, "side": side.value} if already is None else {}
            found = Problem("planned", "differs", reason % {"figures": names}, Severity.WARNING)
            return Judged(Fate.SAME, "", {"differ": differ, "id": known.id, **told}, [found])
        problems = []
        planned = brief.amounts[0]
        if planned and known.planned_amount is not None and known.planned_amount.cents != planned[0]:
            reason = _("与已登记的计划投资（%(amount)s 万元）不同；以已登记的为准，如需更正请在项目页修改。") % {
                "amount": f"{known.planned_amount.wan.normalize():f}"
            }
            problems.append(Problem("planned", "differs", reason, Severity.WARNING))
        tell = {"tell": known.id, "side": side.value} if side is not Side.NONE and already is None else None
        return Judged(Fate.SAME, "", tell, problems)

    def _same_place(self, brief: ProjectBrief, known: Known) -> bool:
        if self.roots.get(known.pairing_id) != brief.root_id:
            return False
        if known.first_region_id == brief.first_id:
            return True
        # one report names the city, another only the province
        wider = (self.by_pk[known.pairing_id].first_region_id, brief.pairing_first_id)
        return known.first_region_id in wider or brief.first_id in wider

    def _own(self, score: int, sheet: int, row: int, name: str) -> Candidate:
        """An earlier row of the same file."""
        words = {"sheet": list(self.sheets)[sheet], "row": row}
        return Candidate(f"{OWN}{sheet}-{row}", name, score, _("本文件“%(sheet)s”第 %(row)s 行") % words)

    def _candidate(self, score: int, known: Known) -> Candidate:
        detail = " · ".join(
            str(part) for part in (self.by_pk[known.pairing_id].name, known.year or _("年份不详")) if part
        )
        return Candidate(str(known.id), known.name, score, detail, reverse("projects:project", args=[known.id]))
