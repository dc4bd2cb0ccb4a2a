"""Judging rows of cooperation records against what is known: meaning, right, duplicates. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Candidate, Fate, Incoming, Judged, Options, Problem, Severity
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.money import Bound, BoundedMoney, Money
from duikou.kernel.text import clean, near_key
from duikou.programme.models import Clause, Industry, Pairing, Programme, ProjectKind, Region
from duikou.programme.selectors.clauses import clause_index
from duikou.programme.selectors.pairing_names import pairing_index
from duikou.programme.selectors.programmes import programme_at
from duikou.programme.selectors.regions import region_index
from duikou.projects import policies
from duikou.projects.models import ReportedStatistic
from duikou.projects.selectors import projects_visible
from duikou.projects.services import import_words as words
from duikou.projects.services.import_kinds import KindWords
from duikou.projects.services.import_write import import_visibility
from duikou.projects.services.near import ALIKE, Blocks, likeness, near_keys
from duikou.projects.services.wordings import wording_key, wording_states
from duikou.projects.states import SIGNED_OR_LATER, STATE_LABELS, ProjectState, Side, Visibility

WHOLE = frozenset({"全国", "全部", "整体"})
SHOWN = 5
_EXACT = Bound.EXACT.value
_AMOUNT_BITS, _SHEET_BITS = 20, 11
_AMOUNTS, _SHEETS = (1 << _AMOUNT_BITS) - 1, (1 << _SHEET_BITS) - 1
_KNOWN = (
    "id", "name", "near_key", "pairing_id", "first_region_id", "second_region_id", "year", "planned_amount",
    "reported_by_first_at", "reported_by_second_at",
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


@dataclass(slots=True)
class Place:
    """Where a row belongs, and what is wrong with it."""

    pairing: Pairing | None = None
    first: Region | None = None
    second: Region | None = None
    root_id: int = 0
    problems: tuple[Problem, ...] = ()
    allowed: str = ""
    side: Side = Side.NONE


@dataclass(slots=True)
class Draft:
    """One row on its way to a verdict."""

    row: Incoming
    name: str
    key: str
    payload: dict[str, Any]
    place: Place
    problems: list[Problem] = field(default_factory=list)
    statistic: bool = False
    keys: tuple[int, ...] = ()
    notes: list[str] = field(default_factory=list)


class World:
    """What rows are resolved against, loaded once; every written text is resolved once."""

    def __init__(self, actor: Actor, programme: Programme) -> None:
        self.actor = actor
        self.programme = programme
        self._clauses = clause_index(programme)
        self._regions = region_index()
        self._pairings = pairing_index(programme)
        self.roots = {pairing.pk: pairing.root.pk for pairing in self._pairings.pairings}
        self.by_pk = {pairing.pk: pairing for pairing in self._pairings.pairings}
        self.wordings = wording_states()
        self._industries = {i.code: i.pk for i in Industry.objects.all()}
        self._industries |= {near_key(i.name): i.pk for i in Industry.objects.all()}
        self.kinds = KindWords(
            ProjectKind.objects.filter(programme=programme, retired_in=None).prefetch_related("clauses")
        )
        self._known: dict[tuple[str, ...], Any] = {}

    def _once(self, *key: str, make: Callable[[], Any]) -> Any:
        if key not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[key] = make()
        return self._known[key]

    def clause(self, text: str) -> tuple[Clause | None, str]:
        """A clause, or why there is none."""
        return self._once("c", text, make=lambda: self._clause(text))  # type: ignore[no-any-return]

    def _clause(self, text: str) -> tuple[Clause | None, str]:
        found = self._clauses.resolve(text)
        if found.clause is not None:
            return found.clause, ""
        if found.candidates:
            names = _("、").join(f"{clause.code} {clause.title}" for clause in found.candidates[:4])
            return None, _("“%(text)s”可能是：%(names)s，请写明条款编号。") % {"text": text[:40], "names": names}
        return None, _("方案中没有条款“%(text)s”。") % {"text": text[:40]}

    def industry(self, text: str) -> int | None:
        """An industry by code or name."""
        return self._industries.get(text.strip().upper()) or self._industries.get(near_key(text))

    def place(self, pairing: str, first: str, second: str) -> Place:
        """Pairing and regions of a row, its sides put in the pairing's order."""
        return self._once("p", pairing, first, second, make=lambda: self._place(pairing, first, second))  # type: ignore[no-any-return]

    def _place(self, pairing_text: str, first_text: str, second_text: str) -> Place:
        problems: list[Problem] = []
        named = self._pairings.resolve(pairing_text) if pairing_text else None
        hint = named.pairing if named else None
        first = self._region(first_text, "first", hint, problems)
        second = self._region(second_text, "second", hint, problems)
        unknown = named is not None and named.pairing is None
        pairing = None if unknown else self._pairing(hint, first, second)
        if pairing is None and not (pairing_text or first_text or second_text):
            missing = _("必填：结对，或两侧的地区，至少填一处。")
            return Place(problems=(Problem("pairing", "missing", missing),))
        if pairing is None:
            text = pairing_text or f"{first_text}-{second_text}"
            key = "pairing" if pairing_text else "first"
            problems.append(Problem(key, "pairing", _("方案中没有对口关系“%(text)s”。") % {"text": text[:40]}))
            return Place(problems=tuple(problems))
        first, second = _in_order(pairing, first, second)
        for key, region, side in (
            ("first", first, pairing.first_region),
            ("second", second, pairing.second_region),
        ):
            if region is not None and side is not None and not side.covers(region):
                reason = _("%(region)s不属于“%(pairing)s”的%(side)s。") % {
                    "region": region.name,
                    "pairing": pairing.name,
                    "side": side.name,
                }
                problems.append(Problem(key, "region_outside", reason))
        first, second = first or pairing.first_region, second or pairing.second_region
        verdict = policies.create(self.actor, first, second)
        return Place(
            pairing,
            first,
            second,
            self.roots[pairing.pk],
            tuple(problems),
            "" if verdict else str(verdict.reason),
            policies.side_of(self.actor, first, second),
        )

    def _region(self, text: str, key: str, pairing: Pairing | None, problems: list[Problem]) -> Region | None:
        if not text:
            return None
        found = self._regions.resolve(text)
        if found.region is None and found.candidates and pairing is not None:
            sides = [side for side in (pairing.first_region, pairing.second_region) if side is not None]
            inside = [region for region in found.candidates if any(side.covers(region) for side in sides)]
            if len(inside) == 1:
                return inside[0]
        if found.region is None:
            reason = (_("地名“%(text)s”有重名，请写全称。") if found.candidates else _("没有找到地区“%(text)s”。")) % {
                "text": text[:40]
            }
            problems.append(Problem(key, "region", reason))
        return found.region

    def _pairing(self, named: Pairing | None, first: Region | None, second: Region | None) -> Pairing | None:
        """The named pairing, or the one below it that the two places make; without a name, that of the places."""
        if first is None or second is None:
            return named
        nearest = self._pairings.of_sides(first, second).pairing
        if named is None:
            return nearest
        return nearest if nearest is not None and self.roots[nearest.pk] == self.roots[named.pk] else named


def _in_order(pairing: Pairing, first: Region | None, second: Region | None) -> tuple[Region | None, Region | None]:
    one, two = pairing.first_region, pairing.second_region
    turned = (first is None or (two is not None and two.covers(first))) and (second is None or one.covers(second))
    if turned and (first is not None or second is not None) and not (first is not None and one.covers(first)):
        return second, first
    return first, second


def _figures_told(found: Sequence[words.Figure]) -> str:
    """How many figures a row states, and which."""
    told = _("；").join(
        f"{f.label} {f.value:f} {f.unit}".strip() if f.value is not None else str(f.measure.label)
        for f in found
        if f.value is not None or f.amount is not None
    )
    if not told:
        return _("登记为一条没有数值的公开统计。")
    count = sum(1 for f in found if f.value is not None or f.amount is not None)
    return _("登记为 %(count)s 项数据：%(figures)s。") % {"count": count, "figures": told}


class RecordChecker:
    """Judges rows a batch at a time; keeps in mind what the file itself holds twice."""

    def __init__(self, actor: Actor, options: Options) -> None:
        programme = programme_at(options["programme"])
        assert programme is not None  # noqa: S101 - the option offers only what exists
        self.world = World(actor, programme)
        self.actor, self.programme = actor, programme
        import_visibility(actor, options)
        self.may_publish = policies.publish(actor)
        self.visible = projects_visible(actor=actor, pairings=list(self.world.by_pk.values()))
        self.blocks = Blocks()
        self.seen: dict[int, int] = {}
        """Where the file first had a project and with which amounts: row, sheet and a digest in one number."""
        self.sheets: dict[str, int] = {}
        self.today = today().isoformat()
        self.latest_year = today().year + 20
        self.earliest_year = programme.issued_on.year if programme.issued_on else 0

    def __call__(self, batch: Sequence[Incoming]) -> list[Judged]:
        """One verdict per row, with five queries or fewer per batch."""
        drafts = [self._draft(row) for row in batch]
        projects = [draft for draft in drafts if not draft.statistic]
        exact = self._exact(projects)
        near = self._near([draft for draft in projects if draft.key not in exact])
        stated = self._stated([draft for draft in drafts if draft.statistic])
        return [
            self._statistic(draft, stated) if draft.statistic else self._project(draft, exact, near) for draft in drafts
        ]

    # -- meaning ---------------------------------------------------------------------------------------------------

    def _draft(self, row: Incoming) -> Draft:
        values = row.values
        tag, name = words.split_tag(values["name"] or "")
        clause_text = values["clause"] or ""
        statistic = words.is_statistic(tag, name, clause_text)
        pairing_text = values["pairing"] or ""
        if statistic and pairing_text in WHOLE:
            place = Place(allowed="" if self._may_state(()) else _("全国的公开统计由统筹部门登记。"))
        else:
            place = self.world.place(pairing_text, values["first"] or "", values["second"] or "")
        draft = Draft(row, name, near_key(name)[:200], {}, place, list(place.problems), statistic)
        if not draft.key and values["name"]:
            draft.problems.append(Problem("name", "name", _("项目名称没有可用的文字。")))
        if place.allowed and not place.problems:
            draft.problems.append(Problem("", "not_yours", place.allowed))
        if statistic:
            self._statistic_payload(draft, tag, clause_text)
        else:
            self._project_payload(draft, tag, clause_text)
        return draft

    def _may_state(self, regions: Iterable[Region | None]) -> bool:
        if policies.is_platform(self.actor) or self.actor.sees_all:
            return True
        return any(region is not None and self.actor.covers(region.path) for region in regions)

    def _project_payload(self, draft: Draft, tag: str, clause_text: str) -> None:
        values, place, payload = draft.row.values, draft.place, draft.payload
        clause, why = self.world.clause(clause_text) if clause_text else (None, "")
        if why or clause is None:
            reason = why or _("必填字段“%(field)s”是空的。") % {"field": _("任务条款")}
            draft.problems.append(Problem("clause", "clause", reason))
        note = values["note"] or ""
        state = self._state(draft, values["state"] or "")
        year = values["year"]
        if year is not None and not 1990 <= year <= self.latest_year:
            draft.problems.append(Problem("year", "year", _("年份不在可接受的范围内。")))
        payload["name"], payload["key"] = draft.name, draft.key
        payload["state"], payload["wording"] = state.value, (values["state"] or "")[:100]
        for name in ("planned", "signed", "completed"):
            self._amount(draft, name, note, tag)
        if "completed" not in payload and "已" in note and (put_in := words.invested(note)):
            payload["completed"] = put_in
            draft.notes.append(_("完成投资：由备注“已投入”得出。"))
        if "signed" not in payload and state in SIGNED_OR_LATER and "planned" in payload:
            payload["signed"] = payload["planned"]
        if clause is not None and place.pairing is not None and place.first is not None:
            payload["clause"] = clause.pk
            kind, extra, how = self.world.kinds.find(tag, draft.name, clause)
            payload["kind"] = kind
            if extra:
                payload["extra"] = extra
            if how:
                draft.notes.append(how)
            payload["pairing"], payload["first"] = place.pairing.pk, place.first.pk
            payload["second"] = place.second.pk if place.second else None
            draft.keys = near_keys(place.root_id, draft.name, draft.key)
            payload["keys"] = draft.keys
        self._further(draft)
        for key in ("year", "source", "source_url", "note", "description", "project_code", "as_of"):
            if values[key] is not None:
                payload[key] = values[key]
        if tag and "as_of" not in payload and (day := words.as_of(note, year)) and day.isoformat() <= self.today:
            payload["as_of"] = day.isoformat()
        if year is not None and year < self.earliest_year:
            draft.notes.append(_("早于方案印发的年份，请核对是否计入。"))
        if values["as_of"] and values["as_of"] > self.today:
            draft.problems.append(Problem("as_of", "future", _("日期不能晚于今天。")))
        parties = [
            (name, side.value, role)
            for key, side, role in (
                ("first_units", Side.FIRST, "lead"),
                ("second_units", Side.SECOND, "lead"),
                ("investors", Side.NONE, "investor"),
            )
            for name in values[key] or ()
        ]
        if parties:
            payload["parties"] = parties
        if values["visibility"]:
            payload["visibility"] = values["visibility"]
            if values["visibility"] == Visibility.PUBLIC and not self.may_publish:
                draft.problems.append(Problem("visibility", "publish", str(self.may_publish.reason)))
        if "级" in note and "amount" not in payload and ("百亿级" in note or "千亿级" in note):
            draft.problems.append(Problem("note", "level", _("备注只说明了量级，没有计入金额。"), Severity.NOTE))

    def _further(self, draft: Draft) -> None:
        values = draft.row.values
        if values["industry"]:
            industry = self.world.industry(values["industry"])
            if industry is None:
                reason = _("国民经济行业分类中没有“%(text)s”。") % {"text": values["industry"][:40]}
                draft.problems.append(Problem("industry", "industry", reason))
            draft.payload["industry"] = industry
        further = []
        for text in values["further_clauses"] or ():
            clause, why = self.world.clause(text)
            if clause is None:
                draft.problems.append(Problem("further_clauses", "clause", why))
            elif clause.pk != draft.payload.get("clause"):
                further.append(clause.pk)
        if further:
            draft.payload["further"] = list(dict.fromkeys(further))

    def _state(self, draft: Draft, wording: str) -> ProjectState:
        if not wording:
            return ProjectState.LEAD
        key = wording_key(wording)
        if key in self.world.wordings:
            return self.world.wordings[key] or ProjectState.LEAD
        alike = words.likeliest(key, self.world.wordings)
        meant = self.world.wordings.get(alike)
        reason = _("状态“%(wording)s”不在对照表中，先登记为“%(state)s”，原文保留。") % {
            "wording": wording[:40],
            "state": STATE_LABELS[ProjectState.LEAD],
        }
        if meant is not None:
            reason += _("与它最接近的是“%(alike)s”（%(state)s），可在状态用语对照表中补充。") % {
                "alike": alike,
                "state": STATE_LABELS[meant],
            }
        draft.problems.append(Problem("state", "state_unknown", reason, Severity.WARNING))
        return ProjectState.LEAD

    def _amount(self, draft: Draft, name: str, note: str, tag: str) -> None:
        given = draft.row.values[name]
        if given is None:
            return
        cents, bound = given
        if cents < 0:
            draft.problems.append(Problem(name, "negative", _("金额不能为负数。")))
            return
        if name == "planned" and words.is_sales(tag, note):
            reason = _("备注说明这是销售额，没有计入计划投资。")
            draft.problems.append(Problem(name, "sales", reason, Severity.WARNING))
            return
        if note and bound == _EXACT and words.may_bound(note):
            bound = words.bound_with(BoundedMoney(Money.from_cents(cents)), note).value
        draft.payload[name] = (cents, bound)

    def _statistic_payload(self, draft: Draft, tag: str, clause_text: str) -> None:
        values, place = draft.row.values, draft.place
        note, wording = values["note"] or "", values["state"] or ""
        clause_id = None
        if clause_text and clause_text not in words.SUMMARY_CLAUSES:
            clause, why = self.world.clause(clause_text)
            if clause is None:
                draft.problems.append(Problem("clause", "clause", why))
            else:
                clause_id = clause.pk
        regions = (place.first, place.second)
        if place.pairing is not None and place.allowed:
            draft.problems = [problem for problem in draft.problems if problem.code != "not_yours"]
            if not self._may_state(regions):
                draft.problems.append(Problem("", "not_yours", _("公开统计所属的地区不在您负责的地区之内。")))
        amount = values["planned"]
        state = self.world.wordings.get(wording_key(wording))
        found = words.figures(
            tag=tag,
            name=draft.name,
            note=note,
            amount=BoundedMoney(Money.from_cents(amount[0]), Bound(amount[1])) if amount else None,
            signed=state in SIGNED_OR_LATER,
        )
        day = words.as_of(note, values["year"])
        draft.payload = {
            "statistic": True,
            "name": draft.name,
            "pairing": place.pairing.pk if place.pairing else None,
            "clause": clause_id,
            "first": place.first.pk if place.first else None,
            "second": place.second.pk if place.second else None,
            "year": values["year"],
            "as_of": values["as_of"] or (day.isoformat() if day else None),
            "wording": wording[:100],
            "source": values["source"] or "",
            "source_url": values["source_url"] or "",
            "note": note,
            "figures": [
                (
                    f.measure.value,
                    at,
                    f.label[:200],
                    None if f.value is None else str(f.value),
                    f.amount,
                    f.bound.value,
                    f.unit,
                )
                for at, f in words.numbered(found)
            ],
        }
        draft.notes.append(_figures_told(found))

    # -- duplicates ------------------------------------------------------------------------------------------------

    def _rows(self, **condition: Any) -> list[Known]:
        rows = self.visible.filter(programme=self.programme, **condition).order_by("id")
        return [Known(*row) for row in rows.values_list(*_KNOWN)]

    def _exact(self, drafts: Sequence[Draft]) -> Mapping[str, list[Known]]:
        found: dict[str, list[Known]] = defaultdict(list)
        keys = {draft.key for draft in drafts if draft.key}
        if keys:
            for known in self._rows(near_key__in=keys):
                found[known.near_key].append(known)
        return found

    def _near(self, drafts: Sequence[Draft]) -> Mapping[int, list[Known]]:
        by_key = self.blocks.find(key for draft in drafts for key in draft.keys)
        ids = {pk for many in by_key.values() for pk in many}
        known = {row.id: row for row in self._rows(pk__in=ids)} if ids else {}
        return {key: [known[pk] for pk in many if pk in known] for key, many in by_key.items()}

    def _stated(self, drafts: Sequence[Draft]) -> Stated:
        keys = {draft.key for draft in drafts}
        if not keys:
            return set()
        rows = ReportedStatistic.objects.filter(programme=self.programme, near_key__in=keys)
        return set(rows.values_list("near_key", "measure", "figure", "year", "source_name"))

    def _statistic(self, draft: Draft, stated: Stated) -> Judged:
        payload = draft.payload
        keys = [(draft.key, f[0], f[1], payload["year"], clean(payload["source"])) for f in payload["figures"]]
        if all(key in stated for key in keys):
            return Judged(Fate.SAME, draft.name, None, draft.problems, notes=draft.notes)
        stated.update(keys)
        return Judged(Fate.ASIDE, draft.name, payload, draft.problems, notes=draft.notes)

    def _project(self, draft: Draft, exact: Mapping[str, list[Known]], near: Mapping[int, list[Known]]) -> Judged:
        if not draft.key or draft.place.pairing is None:
            return Judged(Fate.ERROR, draft.name, None, draft.problems)
        candidates: list[tuple[int, Known]] = []
        for known in exact.get(draft.key, ()):
            if self._same_place(draft, known):
                if self._same_year(draft, known.year):
                    return self._same(draft, known)
                candidates.append((100, known))
        repeated = self._repeated(draft)
        if repeated is not None:
            return repeated
        for known in {k.id: k for key in draft.keys for k in near.get(key, ())}.values():
            if self._same_place(draft, known) and self._same_year(draft, known.year):
                score = likeness(draft.name, known.name)
                if score >= ALIKE:
                    candidates.append((score, known))
        if not candidates:
            return Judged(Fate.NEW, draft.name, draft.payload, draft.problems, notes=draft.notes)
        candidates.sort(key=lambda item: (-item[0], item[1].id))
        shown = [self._candidate(score, known) for score, known in candidates[:SHOWN]]
        return Judged(Fate.NEAR, draft.name, draft.payload, draft.problems, shown, draft.notes)

    def _repeated(self, draft: Draft) -> Judged | None:
        """A row the file already had: it is not written twice; one that states other amounts is pointed at."""
        mark = hash((draft.key, draft.place.root_id, draft.row.values["year"]))
        amounts = hash(tuple(draft.payload.get(name) for name in ("planned", "signed", "completed"))) & _AMOUNTS
        sheet = self.sheets.setdefault(draft.row.sheet, min(len(self.sheets), _SHEETS))
        here = (draft.row.row << _SHEET_BITS) | sheet
        first, stated = divmod(self.seen.setdefault(mark, (here << _AMOUNT_BITS) | amounts), _AMOUNTS + 1)
        if first == here:
            return None
        words = {"sheet": list(self.sheets)[first & _SHEETS], "row": first >> _SHEET_BITS}
        if stated == amounts:
            reason = _("与本文件“%(sheet)s”第 %(row)s 行相同，只登记一次。") % words
            found = Problem("", "twice", reason, Severity.NOTE)
        else:
            reason = _("与本文件“%(sheet)s”第 %(row)s 行是同一个项目，但金额不同；只登记那一行，请核对后更正。")
            found = Problem("planned", "twice", reason % words, Severity.WARNING)
        return Judged(Fate.SAME, draft.name, None, [*draft.problems, found])

    def _same(self, draft: Draft, known: Known) -> Judged:
        planned = draft.payload.get("planned")
        if planned and known.planned_amount is not None and known.planned_amount.cents != planned[0]:
            reason = _("与已登记的计划投资（%(amount)s 万元）不同；以已登记的为准，如需更正请在项目页修改。") % {
                "amount": f"{known.planned_amount.wan.normalize():f}"
            }
            draft.problems.append(Problem("planned", "differs", reason, Severity.WARNING))
        side = draft.place.side
        already = known.reported_by_first_at if side is Side.FIRST else known.reported_by_second_at
        tell = {"tell": known.id, "side": side.value} if side is not Side.NONE and already is None else None
        return Judged(Fate.SAME, draft.name, tell, draft.problems)

    def _same_place(self, draft: Draft, known: Known) -> bool:
        if self.world.roots.get(known.pairing_id) != draft.place.root_id:
            return False
        mine = draft.place.first.pk if draft.place.first else None
        if known.first_region_id == mine:
            return True
        other = self.world.by_pk[known.pairing_id].first_region_id
        own = draft.place.pairing.first_region_id if draft.place.pairing else None
        # one report names the city, another only the province
        return known.first_region_id in (other, own) or mine in (other, own)

    @staticmethod
    def _same_year(draft: Draft, year: int | None) -> bool:
        mine = draft.row.values["year"]
        return mine is None or year is None or abs(mine - year) <= 1

    def _candidate(self, score: int, known: Known) -> Candidate:
        detail = " · ".join(
            str(part) for part in (self.world.by_pk[known.pairing_id].name, known.year or _("年份不详")) if part
        )
        return Candidate(str(known.id), known.name, score, detail, reverse("projects:project", args=[known.id]))
