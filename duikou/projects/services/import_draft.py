"""What can be said of a row of a cooperation record by itself: meaning, right, place, amounts. No query per row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Drafted, Fate, Incoming, Judged, Options, Problem, Severity
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.money import Bound, BoundedMoney, Money
from duikou.kernel.text import clean, near_key
from duikou.programme.models import ProjectKind, Region
from duikou.programme.selectors.programmes import programme_at
from duikou.projects import policies
from duikou.projects.services import import_words as words
from duikou.projects.services.import_judge import StatisticBrief
from duikou.projects.services.import_prepare import import_visibility
from duikou.projects.services.import_world import Place, World
from duikou.projects.services.near import near_keys
from duikou.projects.services.wordings import wording_key
from duikou.projects.states import SIGNED_OR_LATER, STATE_LABELS, ProjectState, Side, Visibility

OWN_FIELD = "own_"
"""What the key of a column begins with that fills a kind's own field."""
WHOLE = frozenset({"全国", "全部", "整体"})
_EXACT = Bound.EXACT.value
_PUBLIC = Visibility.PUBLIC.value
_PLAIN = (
    "year", "source", "source_url", "note", "description", "project_code", "as_of", "planned_start", "planned_finish",
    "parent",
)  # fmt: skip
_PARTIES = (
    ("first_units", Side.FIRST.value, "lead"),
    ("second_units", Side.SECOND.value, "lead"),
    ("investors", Side.NONE.value, "investor"),
)


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


class RecordDrafter:
    """Reads rows one by one; may work in another process."""

    def __init__(self, actor: Actor, options: Options) -> None:
        programme = programme_at(options["programme"])
        assert programme is not None  # noqa: S101 - the option offers only what exists
        self.world = World(actor, programme)
        self.actor = actor
        import_visibility(actor, options)
        verdict = policies.publish(actor)
        self.unpublished = "" if verdict else str(verdict.reason)
        code = options.get("kind", "")
        self.kind = ProjectKind.objects.filter(programme=programme, code=code).first() if code else None
        self.today = today().isoformat()
        self.latest_year = today().year + 20
        self.earliest_year = programme.issued_on.year if programme.issued_on else 0

    def __call__(self, batch: Sequence[Incoming]) -> list[Drafted]:
        """One draft per row."""
        return [self._drafted(self._draft(row)) for row in batch]

    def _drafted(self, draft: Draft) -> Drafted:
        """The draft as it stands when nothing like it is known."""
        place, payload = draft.place, draft.payload
        if draft.statistic:
            keys = tuple((f[0], f[1]) for f in payload["figures"])
            brief: Any = tuple(StatisticBrief(draft.key, keys, payload["year"], clean(payload["source"])))
            return Drafted(Judged(Fate.ASIDE, draft.name, payload, draft.problems, notes=draft.notes), brief)
        if not draft.key or place.pairing is None:
            return Drafted(Judged(Fate.ERROR, draft.name, None, draft.problems), None)
        amounts = payload.get("planned"), payload.get("signed"), payload.get("completed")
        brief = (
            draft.row.sheet, draft.row.row, draft.name, draft.key, place.root_id, place.ids.get("first"),
            place.pairing.first_region_id, draft.row.values["year"], amounts, place.side, draft.keys,
            payload.get("parent"),
        )  # fmt: skip
        return Drafted(Judged(Fate.NEW, draft.name, payload, draft.problems, notes=draft.notes), brief)

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
        self._planned_days(draft)
        if values["as_of"]:
            values["as_of"], said = values["as_of"]
            if said:
                told = _("状态日期“%(text)s”按期末 %(day)s 登记。")
                draft.notes.append(told % {"text": said[:40], "day": values["as_of"]})
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
        if clause is not None and place.ids:
            payload["clause"] = clause.id
            payload["kind"], extra, how = self.world.kinds.find(tag, draft.name, clause)
            if self.kind is not None:
                payload["kind"], how, extra = self.kind.pk, "", {**self._own(values)}
            if extra:
                payload["extra"] = extra
            if how:
                draft.notes.append(how)
            payload |= place.ids
            payload["keys"] = draft.keys = near_keys(place.root_id, draft.name, draft.key)
        if values["industry"] or values["further_clauses"]:
            self._further(draft)
        for key in _PLAIN:
            if (value := values[key]) is not None:
                payload[key] = value
        if tag and "as_of" not in payload and (day := words.as_of(note, year)) and day.isoformat() <= self.today:
            payload["as_of"] = day.isoformat()
        if year is not None and year < self.earliest_year:
            draft.notes.append(_("早于方案印发的年份，请核对是否计入。"))
        if values["as_of"] and values["as_of"] > self.today:
            draft.problems.append(Problem("as_of", "future", _("日期不能晚于今天。")))
        parties = [(name, side, role) for key, side, role in _PARTIES if values[key] for name in values[key]]
        if parties:
            payload["parties"] = parties
        if visibility := values["visibility"]:
            payload["visibility"] = visibility
            if visibility == _PUBLIC and self.unpublished:
                draft.problems.append(Problem("visibility", "publish", self.unpublished))
        if "级" in note and "amount" not in payload and ("百亿级" in note or "千亿级" in note):
            draft.problems.append(Problem("note", "level", _("备注只说明了量级，没有计入金额。"), Severity.NOTE))

    def _own(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the row says in the own fields of the kind that the whole file is of."""
        specs = self.kind.fields if self.kind is not None else []
        named = ((spec["key"], values.get(f"{OWN_FIELD}{spec['key']}")) for spec in specs)
        return {key: value for key, value in named if value is not None}

    def _planned_days(self, draft: Draft) -> None:
        """Planned days as they stand; of a whole month or year the start is its first day, the finish its last."""
        values = draft.row.values
        start, finish = values["planned_start"], values["planned_finish"]
        if start and finish and finish < start:
            reason = _("计划完工日期不能早于计划开工日期。")
            draft.problems.append(Problem("planned_finish", "before_start", reason))

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
            elif clause.id != draft.payload.get("clause"):
                further.append(clause.id)
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
