"""The filters of the lists of measures and adoptions, and of the pictures of what spread where."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import Actor
from duikou.kernel.web.nul import name_nul
from duikou.programme.selectors import clauses_of, topics_of
from duikou.reforms.models import Adoption, ReformMeasure
from duikou.reforms.selectors.lists import Wanted, late, undecided
from duikou.reforms.selectors.places import Places
from duikou.reforms.states import ADOPTION_CHOICES, MEASURE_CHOICES, Side

ALL = ("", _("全部"))


class _Filters(django_filters.FilterSet):  # type: ignore[misc]
    """What all of them have: words, topic, clause, pairing, origin, side, year."""

    q = django_filters.CharFilter(label=_("搜索"), max_length=100, method="keep")
    topic = django_filters.ChoiceFilter(label=_("改革主题"), empty_label=_("全部"), method="keep")
    clause = django_filters.ChoiceFilter(label=_("条款"), empty_label=_("全部"), method="keep")
    pairing = django_filters.ChoiceFilter(label=_("对口关系"), empty_label=_("全部"), method="keep")
    origin = django_filters.ChoiceFilter(label=_("来源地区"), empty_label=_("全部"), method="keep")
    side = django_filters.ChoiceFilter(label=_("来源方"), empty_label=_("全部"), choices=Side.choices, method="keep")
    year = django_filters.NumberFilter(label=_("发布年份"), min_value=1978, max_value=2100, method="keep")

    def __init__(self, data: Any, *, queryset: QuerySet[Any], places: Places, actor: Actor) -> None:
        super().__init__(data, queryset=queryset)
        self.places, self.actor = places, actor
        programme = places.programme
        self.topics = {row.code: row for row in topics_of(programme)}
        self.clauses = {row.code: row for row in clauses_of(programme)}
        self.pairings = {row.code: row for row in places.pairings}
        self.regions = {row.adcode: row for row in places.all}
        fields = self.form.fields
        fields["topic"].choices = [ALL, *((code, row.label) for code, row in self.topics.items())]
        fields["clause"].choices = [ALL, *((code, str(row)) for code, row in self.clauses.items())]
        fields["pairing"].choices = [
            ALL,
            *((code, f"{'— ' if row.parent_id else ''}{row.label}") for code, row in self.pairings.items()),
        ]
        fields["side"].choices = [
            ALL,
            (Side.FIRST.value, programme.first_label),
            (Side.SECOND.value, programme.second_label),
        ]
        for name in ("origin", "region"):
            if name in fields:
                fields[name].choices = [ALL, *((code, row.label) for code, row in self.regions.items())]
        name_nul(self.form)

    def keep(self, rows: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """Narrowed by `wanted` as a whole."""
        return rows

    def wanted(self) -> Wanted:
        """What the address asks for (call after `is_valid`)."""
        data = self.form.cleaned_data
        year = data.get("year")
        return Wanted(
            programme=self.places.programme,
            side=data.get("side") or "",
            topic=self.topics.get(data.get("topic") or ""),
            clause=self.clauses.get(data.get("clause") or ""),
            pairing=self.pairings.get(data.get("pairing") or ""),
            origin=self.regions.get(data.get("origin") or ""),
            year=None if year is None else int(year),
            text=data.get("q") or "",
        )

    def faults(self) -> list[str]:
        """What cannot be read, a line a field (call after `is_valid`)."""
        return [
            gettext("%(label)s：%(problem)s") % {"label": self.form.fields[name].label, "problem": " ".join(errors)}
            for name, errors in self.form.errors.items()
        ]


class SpreadFilters(_Filters):
    """The pictures and the matrix."""

    class Meta:
        model = ReformMeasure
        fields: list[str] = []


class MeasureFilters(_Filters):
    """The list of measures."""

    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=MEASURE_CHOICES)
    mine = django_filters.ChoiceFilter(
        label=_("与我有关"),
        empty_label=_("全部"),
        choices=[("open", _("本地区尚未决定")), ("own", _("本地区的经验"))],
        method="by_mine",
    )

    class Meta:
        model = ReformMeasure
        fields: list[str] = []

    def by_mine(self, rows: QuerySet[ReformMeasure], _name: str, which: str) -> QuerySet[ReformMeasure]:
        """What the viewer's regions have not decided on, or what they told themselves."""
        if which == "open":
            return rows.filter(undecided(actor=self.actor, places=self.places))
        return rows.filter(origin__in=[region.pk for region in self.places.acted_for(self.actor)])

    def filter_queryset(self, queryset: QuerySet[ReformMeasure]) -> QuerySet[ReformMeasure]:
        """As django-filter does, and by everything `wanted`."""
        rows: QuerySet[ReformMeasure] = super().filter_queryset(queryset)
        return rows.filter(self.wanted().measures())


class AdoptionFilters(_Filters):
    """The list of adoptions."""

    region = django_filters.ChoiceFilter(label=_("推广地区"), empty_label=_("全部"), method="by_region")
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=ADOPTION_CHOICES)
    adopted_year = django_filters.NumberFilter(
        label=_("推广年份"), min_value=1978, max_value=2100, field_name="adopted_on__year"
    )
    until = django_filters.DateFilter(
        label=_("推广不晚于"), field_name="adopted_on", lookup_expr="lte", widget=forms.DateInput({"type": "date"})
    )
    late = django_filters.BooleanFilter(label=_("本地化已逾期"), method="by_late", widget=forms.CheckboxInput)
    unproved = django_filters.BooleanFilter(label=_("尚无佐证材料"), method="by_proof", widget=forms.CheckboxInput)
    charged = django_filters.BooleanFilter(label=_("我单位负责"), method="by_unit", widget=forms.CheckboxInput)

    class Meta:
        model = Adoption
        fields: list[str] = []

    def by_region(self, rows: QuerySet[Adoption], _name: str, code: str) -> QuerySet[Adoption]:
        """Of a place and what lies in it."""
        return rows.filter(region__path__startswith=self.regions[code].path)

    def by_late(self, rows: QuerySet[Adoption], _name: str, wanted: bool) -> QuerySet[Adoption]:
        """Adaptations behind their plan."""
        return rows.filter(late()) if wanted else rows

    def by_proof(self, rows: QuerySet[Any], _name: str, wanted: bool) -> QuerySet[Adoption]:
        """Adopted, and no file says so."""
        return rows.filter(state="adopted", has_file=False) if wanted else rows

    def by_unit(self, rows: QuerySet[Adoption], _name: str, wanted: bool) -> QuerySet[Adoption]:
        """What the viewer's own body has to do."""
        if not wanted:
            return rows
        return rows.filter(unit_id=self.actor.organisation_id or 0)

    def filter_queryset(self, queryset: QuerySet[Adoption]) -> QuerySet[Adoption]:
        """As django-filter does, and by everything `wanted`."""
        rows: QuerySet[Adoption] = super().filter_queryset(queryset)
        return rows.filter(self.wanted().adoptions())
