"""The filters of the list: what stands in the address, checked, and turned into a `ListFilter`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import Actor
from duikou.kernel.money import WAN, Money
from duikou.kernel.text import clean_name
from duikou.kernel.web.nul import name_nul
from duikou.programme.models import Clause, Pairing, Programme, ProjectKind
from duikou.programme.models.localised import in_language
from duikou.projects.models import Project
from duikou.projects.selectors import ListFilter, pairings_of, programme_chosen, programmes_open, region_named
from duikou.projects.selectors.specs import NUMBERS, spec_label
from duikou.projects.states import GROUP_LABELS, STATE_CHOICES, Opinion, StateGroup, Visibility

OTHER = "other"
AMOUNTS = [("planned", _("计划投资")), ("signed", _("签约金额")), ("completed", _("完成投资"))]
_UNKNOWN = "unknown"


class ProjectFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Fields by which the list is narrowed; `wanted()` is the checked result."""

    q = django_filters.CharFilter(label=_("搜索"), max_length=100)
    pairing = django_filters.ChoiceFilter(label=_("对口关系"), empty_label=_("全部"))
    clause = django_filters.ChoiceFilter(label=_("任务条款"), empty_label=_("全部"))
    group = django_filters.MultipleChoiceFilter(
        label=_("进展"), choices=[(group.value, label) for group, label in GROUP_LABELS.items()]
    )
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=STATE_CHOICES)
    kind = django_filters.ChoiceFilter(label=_("项目类别"), empty_label=_("全部"))
    year_from = django_filters.NumberFilter(label=_("年份从"), min_value=1990, max_value=2100)
    year_to = django_filters.NumberFilter(label=_("年份至"), min_value=1990, max_value=2100)
    year = django_filters.ChoiceFilter(
        label=_("年份不详"), choices=[(_UNKNOWN, _("仅看未注明"))], empty_label=_("全部")
    )
    region = django_filters.CharFilter(label=_("地区（名称或代码）"), max_length=60)
    amount_of = django_filters.ChoiceFilter(label=_("金额口径"), choices=AMOUNTS, empty_label=None)
    amount_from = django_filters.NumberFilter(label=_("金额不低于（万元）"), min_value=0, max_value=10**9)
    amount_to = django_filters.NumberFilter(label=_("金额不高于（万元）"), min_value=0, max_value=10**9)
    visibility = django_filters.ChoiceFilter(label=_("可见范围"), choices=Visibility.choices, empty_label=_("全部"))
    opinion = django_filters.ChoiceFilter(label=_("对方意见"), choices=Opinion.choices, empty_label=_("全部"))
    source = django_filters.CharFilter(label=_("来源"), max_length=100)
    mine = django_filters.BooleanFilter(label=_("我单位参与的"), widget=forms.CheckboxInput)
    further = django_filters.BooleanFilter(label=_("含列为其他相关条款的"), widget=forms.CheckboxInput)
    exact = django_filters.BooleanFilter(label=_("不含下级结对"), widget=forms.CheckboxInput)

    class Meta:
        model = Project
        fields: list[str] = []

    def __init__(
        self,
        data: Any,
        *,
        actor: Actor,
        programme: Programme,
        pairings: list[Pairing],
        clauses: list[Clause] | None = None,
        kinds: list[ProjectKind] | None = None,
    ) -> None:
        """`clauses` and `kinds` of the programme save two queries when the caller has them."""
        super().__init__(data, queryset=Project.objects.none())
        self.actor, self.programme, self.pairings = actor, programme, pairings
        self.clauses = clauses or list(Clause.objects.filter(programme=programme).order_by("order"))
        self.kinds = kinds or list(ProjectKind.objects.filter(programme=programme).order_by("order"))
        self.kind = next((kind for kind in self.kinds if kind.code == (data or {}).get("kind")), None)
        for spec in self.kind.fields if self.kind is not None else []:
            self.filters.update(_own_filters(spec))
        choices = self.form.fields
        choices["pairing"].choices = [
            ("", _("全部")),
            *((pair.code, f"{'— ' if pair.parent_id else ''}{pair.label}") for pair in pairings),
        ]
        choices["clause"].choices = [
            ("", _("全部")),
            *((clause.code, str(clause)) for clause in self.clauses),
            (OTHER, _("任务之外的条款")),
        ]
        choices["kind"].choices = [("", _("全部")), *((kind.code, kind.label) for kind in self.kinds)]
        choices["amount_of"].required = False
        name_nul(self.form)

    def wanted(self) -> ListFilter | None:
        """What the address asks for; None when a field cannot be read (the form then says which)."""
        form = self.form
        if not form.is_valid():
            return None
        data = form.cleaned_data
        region = None
        if data.get("region"):
            region = region_named(data["region"])
            if region is None:
                form.add_error("region", _("没有找到这个地区。"))
                return None
        return ListFilter(
            pairing=next((pair for pair in self.pairings if pair.code == data.get("pairing")), None),
            exact_pairing=bool(data.get("exact")),
            clause=next((clause for clause in self.clauses if clause.code == data.get("clause")), None),
            any_clause=bool(data.get("further")),
            other_clauses=data.get("clause") == OTHER,
            kind=self.kind if data.get("kind") else None,
            own=tuple(_own_wanted(self.kind.fields, data)) if self.kind is not None else (),
            states=tuple(data.get("state") or ()),
            groups=tuple(StateGroup(value) for value in data.get("group") or ()),
            year_from=_whole(data.get("year_from")),
            year_to=_whole(data.get("year_to")),
            year_unknown=data.get("year") == _UNKNOWN,
            region=region,
            text=data.get("q") or "",
            amount_from=_wan(data.get("amount_from")),
            amount_to=_wan(data.get("amount_to")),
            amount_of=data.get("amount_of") or "planned",
            visibility=data.get("visibility") or "",
            source=data.get("source") or "",
            opinion=data.get("opinion") or "",
            organisation_id=(self.actor.organisation_id or 0) if data.get("mine") else None,
        )

    def faults(self) -> list[str]:
        """What cannot be read, a line a value, naming it as it stands in the address (call after `wanted`)."""
        found = []
        for name, errors in self.form.errors.items():
            field: Any = self.form.fields[name]
            known = {str(value) for value, _label in getattr(field, "choices", ())}
            for value in self.form.data.getlist(name):
                if known and value in known:
                    continue
                problem = _("没有这一项。") if known else " ".join(errors)
                found.append(unreadable(field.label, value, problem))
        return found


def _own_filters(spec: Mapping[str, Any]) -> dict[str, django_filters.Filter]:
    """Filters for one own field of the chosen kind."""
    name, label = f"x_{spec['key']}", spec_label(spec)
    if spec["type"] == "choice":
        pairs = [(str(c["value"]), in_language(str(c["label"]), c.get("label_en", ""))) for c in spec["choices"]]
        return {name: django_filters.ChoiceFilter(label=label, choices=pairs, empty_label=_("全部"))}
    if spec["type"] == "bool":
        yes_no = [("true", _("是")), ("false", _("否"))]
        return {name: django_filters.ChoiceFilter(label=label, choices=yes_no, empty_label=_("全部"))}
    if spec["type"] in {*NUMBERS, "date"}:
        made = django_filters.DateFilter if spec["type"] == "date" else django_filters.NumberFilter
        least = gettext("%(label)s不低于") if made is django_filters.NumberFilter else gettext("%(label)s从")
        most = gettext("%(label)s不高于") if made is django_filters.NumberFilter else gettext("%(label)s至")
        return {
            f"{name}_from": made(label=least % {"label": label}),
            f"{name}_to": made(label=most % {"label": label}),
        }
    return {name: django_filters.CharFilter(label=label, max_length=100)}


def _own_wanted(specs: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> Iterator[tuple[Any, str, Any]]:
    for spec in specs:
        name = f"x_{spec['key']}"
        if (value := data.get(name)) not in (None, ""):
            yield spec, "has" if spec["type"] == "text" else "is", value == "true" if spec["type"] == "bool" else value
        for how in ("from", "to"):
            if (value := data.get(f"{name}_{how}")) is not None:
                yield spec, how, value.isoformat() if spec["type"] == "date" else value


def unreadable(label: Any, value: str, problem: Any) -> str:
    """One value of the address and what is wrong with it."""
    return gettext("%(label)s“%(value)s”：%(problem)s") % {
        "label": label,
        "value": clean_name(value)[:40],
        "problem": problem,
    }


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _wan(value: Any) -> Money | None:
    return None if value is None else Money(value * WAN)


class FilterReader:
    """Reads many saved addresses of the list, each once, over one reading of programmes, pairings, clauses, kinds."""

    def __init__(self) -> None:
        self._programmes = programmes_open()
        self._pairings = pairings_of()
        self._clauses = list(Clause.objects.order_by("order"))
        self._kinds = list(ProjectKind.objects.order_by("order"))
        self._known: dict[tuple[str, int | None], tuple[int, ListFilter] | None] = {}

    def __call__(self, actor: Actor, query: str) -> tuple[int, ListFilter] | None:
        """The programme's id and the filter that an address asks for; None when it can no longer be read."""
        data = QueryDict(query)
        key = query, actor.organisation_id if "mine" in data else None
        if key not in self._known:
            self._known[key] = self._read(actor, data)
        return self._known[key]

    def _read(self, actor: Actor, data: QueryDict) -> tuple[int, ListFilter] | None:
        programme = programme_chosen(data.get("programme", ""), self._programmes)
        if programme is None or data.get("programme", programme.code) != programme.code:
            return None
        own: list[Any] = [
            [row for row in rows if row.programme_id == programme.pk]
            for rows in (self._pairings, self._clauses, self._kinds)
        ]
        filters = ProjectFilters(data, actor=actor, programme=programme, pairings=own[0], clauses=own[1], kinds=own[2])
        wanted = filters.wanted()
        return None if wanted is None else (programme.pk, wanted)
