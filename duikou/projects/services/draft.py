"""A project as somebody states it, and the check that every writer puts it through."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid
from duikou.kernel.money import LARGEST, Bound, BoundedMoney, Money
from duikou.kernel.text import clean, clean_name, near_key
from duikou.programme.models import (
    Clause,
    Industry,
    Pairing,
    Programme,
    ProjectKind,
    Region,
    RegionChange,
)
from duikou.programme.models.localised import in_language
from duikou.projects import rules
from duikou.projects.models import Project
from duikou.projects.states import ENTRY, SIGNED_OR_LATER, STATE_LABELS, Need, PartyRole, ProjectState, Side, Visibility

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
_URL = URLValidator(schemes=["http", "https"])
CODE_FAULTS: Mapping[rules.CodeFault, Promise] = {
    rules.CodeFault.FORM: _("项目代码应为24位，形如 2401-230100-04-01-123456。"),
    rules.CodeFault.MONTH: _("项目代码的第3、4位应为月份01至12。"),
    rules.CodeFault.REGION: _("项目代码中的行政区划代码不存在。"),
}
VALUE_FAULTS: Mapping[rules.ValueFault, Promise] = {
    rules.ValueFault.REQUIRED: _("请填写此项。"),
    rules.ValueFault.UNKNOWN: _("这类项目没有此项。"),
    rules.ValueFault.TYPE: _(
        "看不懂此项的内容：数量、面积只写数字（单位见项名），金额也可写“约3亿元”，日期写成2024-05-01。"
    ),
    rules.ValueFault.CHOICE: _("不在可选范围之内。"),
    rules.ValueFault.LENGTH: _("内容过长。"),
    rules.ValueFault.RANGE: _("应在%(least)s至%(most)s%(unit)s之间。"),
}
DOUBT_TEXTS: Mapping[rules.Doubt, Promise] = {
    rules.Doubt.OVER_PLANNED: _("完成投资大于计划投资。"),
    rules.Doubt.OVER_SIGNED: _("完成投资大于签约金额。"),
}
MOST_PARTIES = 100


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """One organisation as written."""

    name: str
    side: Side = Side.NONE
    role: PartyRole = PartyRole.COOPERATING
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """Everything stated of a project; `None` is unknown. `state` counts at creation only, later by steps."""

    programme: Programme
    name: str
    pairing: Pairing
    clause: Clause
    first_region: Region
    second_region: Region | None = None
    kind: ProjectKind | None = None
    further_clauses: tuple[Clause, ...] = ()
    industry: Industry | None = None
    state: ProjectState = ProjectState.LEAD
    state_wording: str = ""
    state_as_of: dt.date | None = None
    year: int | None = None
    planned_start: dt.date | None = None
    planned_finish: dt.date | None = None
    parent: Project | None = None
    planned_amount: Money | None = None
    planned_bound: Bound = Bound.EXACT
    signed_amount: Money | None = None
    signed_bound: Bound = Bound.EXACT
    completed_amount: Money | None = None
    completed_bound: Bound = Bound.EXACT
    description: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    project_code: str = ""
    visibility: Visibility = Visibility.PAIRING
    source_name: str = ""
    source_url: str = ""
    source_note: str = ""
    parties: tuple[PartyDraft, ...] = ()


TEXT_FIELDS: Mapping[str, int] = {
    "name": 200,
    "state_wording": 100,
    "description": 20_000,
    "source_name": 200,
    "source_url": 500,
    "source_note": 1000,
}
PLAIN_FIELDS = tuple(
    name.name for name in dataclasses.fields(ProjectDraft) if name.name not in {"further_clauses", "parties"}
)


def with_signed_rule(draft: ProjectDraft) -> ProjectDraft:
    """For sources that give one total: from signing on, the planned total also counts as signed (docs/projects.md)."""
    if draft.signed_amount is None and draft.state in SIGNED_OR_LATER:
        return dataclasses.replace(draft, signed_amount=draft.planned_amount, signed_bound=draft.planned_bound)
    return draft


def draft_of(project: Project) -> ProjectDraft:
    """The present facts of `project` as a draft, for changing some with `dataclasses.replace` (three queries)."""
    plain = {name: getattr(project, name) for name in PLAIN_FIELDS}
    return ProjectDraft(
        **{
            **plain,
            "state": ProjectState(project.state),
            "planned_bound": Bound(project.planned_bound),
            "signed_bound": Bound(project.signed_bound),
            "completed_bound": Bound(project.completed_bound),
            "visibility": Visibility(project.visibility),
        },
        further_clauses=tuple(project.further_clauses.all()),
        parties=tuple(
            PartyDraft(party.name, Side(party.side), PartyRole(party.role), party.organisation_id)
            for party in project.parties.all()
        ),
    )


def checked(draft: ProjectDraft, *, partial: bool = False, entering: bool = False) -> ProjectDraft:
    """The draft with its texts cleaned and gaps filled from the pairing; raises `Invalid` naming every bad field.

    `partial`: the source does not say everything, so fields that the kind requires may be missing.
    `entering`: a project registered by hand, whose first state asks for what the steps to it ask for.
    """
    cleaned = dataclasses.replace(
        draft,
        **_cleaned(draft),
        second_region=draft.second_region or draft.pairing.second_region,
        year=draft.year or (draft.state_as_of.year if draft.state_as_of else None),
        parties=_each_once(dataclasses.replace(party, name=clean_name(party.name)) for party in draft.parties),
        further_clauses=tuple(dict.fromkeys(c for c in draft.further_clauses if c.pk != draft.clause.pk)),
    )
    faults: dict[str, list[Any]] = defaultdict(list)
    for check in (_check_texts, _check_places, _check_belonging, _check_time, _check_amounts, _check_parties):
        check(cleaned, faults)
    if entering:
        _check_entry(cleaned, faults)
    extra = _checked_extra(cleaned, faults, partial=partial)
    code = _checked_code(cleaned.project_code, faults)
    if faults:
        raise Invalid(fields=faults)
    return dataclasses.replace(cleaned, extra=extra, project_code=code)


Faults = dict[str, list[Any]]
_SEVERAL_LINES = {"description", "source_note"}


def _cleaned(draft: ProjectDraft) -> dict[str, Any]:
    return {
        name: clean(getattr(draft, name)) if name in _SEVERAL_LINES else clean_name(getattr(draft, name))
        for name in TEXT_FIELDS
    }


def _each_once(parties: Iterable[PartyDraft]) -> tuple[PartyDraft, ...]:
    """Parties written several times with the same side and role are one."""
    found: dict[tuple[str, Side, PartyRole], PartyDraft] = {}
    for party in parties:
        found.setdefault((near_key(party.name), party.side, party.role), party)
    return tuple(found.values())


def _check_texts(draft: ProjectDraft, faults: Faults) -> None:
    if not near_key(draft.name):
        faults["name"].append(
            _("项目名称中要有文字或数字，不能只有符号或表情。") if draft.name else _("请填写项目名称。")
        )
    for name, limit in TEXT_FIELDS.items():
        if len(getattr(draft, name)) > limit:
            faults[name].append(_("最多%(limit)s个字。") % {"limit": limit})
    if draft.source_url:
        try:
            _URL(draft.source_url)
        except ValidationError:
            faults["source_url"].append(_("请填写以 http:// 或 https:// 开头的完整网址。"))


def _check_places(draft: ProjectDraft, faults: Faults) -> None:
    pairing = draft.pairing
    if not pairing.first_region.covers(draft.first_region):
        faults["first_region"].append(
            _("%(region)s不属于这一对口关系的%(side)s。")
            % {"region": draft.first_region.label, "side": pairing.first_region.label}
        )
    side = pairing.second_region
    if side is not None and draft.second_region is not None and not side.covers(draft.second_region):
        faults["second_region"].append(
            _("%(region)s不属于这一对口关系的%(side)s。") % {"region": draft.second_region.label, "side": side.label}
        )


def _check_belonging(draft: ProjectDraft, faults: Faults) -> None:
    for name in ("pairing", "clause", "kind", "parent"):
        value = getattr(draft, name)
        if value is not None and value.programme_id != draft.programme.pk:
            faults[name].append(_("不属于当前方案。"))
    if any(clause.programme_id != draft.programme.pk for clause in draft.further_clauses):
        faults["further_clauses"].append(_("不属于当前方案。"))


def _check_time(draft: ProjectDraft, faults: Faults) -> None:
    latest = today().year + 20
    if draft.year is not None and not EARLIEST_YEAR <= draft.year <= latest:
        faults["year"].append(_("年份应在%(first)s至%(last)s之间。") % {"first": EARLIEST_YEAR, "last": latest})
    if draft.state_as_of is not None and draft.state_as_of > today():
        faults["state_as_of"].append(_("日期不能晚于今天。"))
    for name in ("planned_start", "planned_finish"):
        day = getattr(draft, name)
        if day is not None and not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            faults[name].append(_("年份应在%(first)s至%(last)s之间。") % {"first": EARLIEST_YEAR, "last": LATEST_YEAR})
    if draft.planned_start and draft.planned_finish and draft.planned_finish < draft.planned_start:
        faults["planned_finish"].append(_("计划完工日期不能早于计划开工日期。"))


def _check_amounts(draft: ProjectDraft, faults: Faults) -> None:
    for name in ("planned_amount", "signed_amount", "completed_amount"):
        amount = getattr(draft, name)
        if amount is None:
            continue
        if amount < 0:
            faults[name].append(_("金额不能为负数。"))
        elif amount > LARGEST:
            faults[name].append(_("金额超出可接受的范围。"))


def _check_parties(draft: ProjectDraft, faults: Faults) -> None:
    if any(not near_key(party.name) or len(party.name) > 200 for party in draft.parties):
        faults["parties"].append(_("单位名称不能为空，最多200个字。"))
    if len(draft.parties) > MOST_PARTIES:
        faults["parties"].append(
            _("最多登记%(most)s个合作单位，这里有%(count)s个。") % {"most": MOST_PARTIES, "count": len(draft.parties)}
        )


def _check_entry(draft: ProjectDraft, faults: Faults) -> None:
    """What the steps to the first state would have asked for; a reason stands in the description."""
    met = {
        Need.PARTY: bool(draft.parties),
        Need.DATE: draft.state_as_of is not None,
        Need.REASON: bool(draft.description),
    }
    for need in ENTRY.get(draft.state, ()):
        if not met[need]:
            name, text = _ENTRY_TEXTS[need]
            faults[name].append(text % {"state": STATE_LABELS[draft.state]})


_ENTRY_TEXTS: Mapping[Need, tuple[str, Promise]] = {
    Need.PARTY: ("parties", _("%(state)s的项目至少要有一个合作单位。")),
    Need.DATE: ("state_as_of", _("%(state)s的项目要填写到达这一状态的日期。")),
    Need.REASON: ("description", _("%(state)s的项目要在说明中写明理由。")),
}


def _checked_extra(draft: ProjectDraft, faults: Faults, *, partial: bool) -> Mapping[str, Any]:
    known = draft.kind.fields if draft.kind is not None else []
    typed = rules.typed_values(known, draft.extra)
    for key, fault in typed.faults.items():
        if partial and fault is rules.ValueFault.REQUIRED:
            continue
        spec = next((spec for spec in known if spec["key"] == key), None)
        faults[f"extra.{key}"].append(value_fault_text(fault, spec))
    return typed.values


def value_fault_text(fault: rules.ValueFault, spec: Mapping[str, Any] | None) -> Any:
    """What is wrong with a value, with the limits of its field where it lies outside them."""
    if fault is not rules.ValueFault.RANGE or spec is None:
        return VALUE_FAULTS[fault]
    least, most = (f"{limit.normalize():,f}" for limit in rules.value_range(spec))
    unit = in_language(spec.get("unit", ""), spec.get("unit_en", ""))
    return VALUE_FAULTS[fault] % {"least": least, "most": most, "unit": unit}


def doubts_of(draft: ProjectDraft | Project) -> list[Promise]:
    """What in the figures seldom goes together: somebody should look twice, nothing is refused."""
    completed, planned, signed = (
        BoundedMoney(amount, Bound(getattr(draft, f"{name}_bound")))
        if (amount := getattr(draft, f"{name}_amount")) is not None
        else None
        for name in ("completed", "planned", "signed")
    )
    return [DOUBT_TEXTS[doubt] for doubt in rules.doubts(completed, planned=planned, signed=signed)]


def _checked_code(text: str, faults: Faults) -> str:
    if not text.strip():
        return ""
    try:
        code = rules.parse_project_code(text)
        if code.region != rules.NATIONAL and not _adcode_known(code.region):
            raise rules.BadCode(rules.CodeFault.REGION)
    except rules.BadCode as bad:
        faults["project_code"].append(CODE_FAULTS[bad.fault])
        return ""
    return code.text


@lru_cache(maxsize=4096)
def _known(adcode: str) -> bool:
    found = Region.objects.filter(adcode=adcode).exists() or RegionChange.objects.filter(old_adcode=adcode).exists()
    if not found:
        raise LookupError(adcode)
    return True


def _adcode_known(adcode: str) -> bool:
    """Region codes are only ever added, so what was found once is remembered; what was not is asked again."""
    try:
        return _known(adcode)
    except LookupError:
        return False
