"""The filters of the lists of parks, companies and official figures."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.kernel.text import near_key
from duikou.kernel.web.nul import name_nul
from duikou.parks.models import OfficialFigure, Park, Resident
from duikou.parks.states import RESIDENT_CHOICES, REVIEW_CHOICES, Grain, Mode, Origin


class ParkFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Fields by which the list of parks is narrowed."""

    q = django_filters.CharFilter(label=_("搜索"), max_length=100, method="find")
    pairing = django_filters.ChoiceFilter(label=_("对口关系"), empty_label=_("全部"), field_name="project__pairing_id")
    mode = django_filters.MultipleChoiceFilter(label=_("合作模式"), choices=Mode.choices)

    class Meta:
        model = Park
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: QuerySet[Park]) -> None:
        super().__init__(data, queryset=queryset)
        pairs = queryset.order_by("project__pairing__order")
        seen = dict(pairs.values_list("project__pairing_id", "project__pairing__name").distinct())
        self.form.fields["pairing"].choices = [("", _("全部")), *((str(pk), name) for pk, name in seen.items())]
        name_nul(self.form)

    def find(self, rows: QuerySet[Park], _name: str, words: str) -> QuerySet[Park]:
        """In the names of park and developing company."""
        return rows.filter(Q(project__name__icontains=words) | Q(company__icontains=words))


class ResidentFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Fields by which the companies of a park are narrowed."""

    q = django_filters.CharFilter(label=_("搜索"), max_length=100, method="find")
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=RESIDENT_CHOICES)
    origin = django_filters.MultipleChoiceFilter(label=_("来自"), choices=Origin.choices)

    class Meta:
        model = Resident
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: QuerySet[Resident]) -> None:
        super().__init__(data, queryset=queryset)
        name_nul(self.form)

    def find(self, rows: QuerySet[Resident], _name: str, words: str) -> QuerySet[Resident]:
        """By name or credit code."""
        return rows.filter(Q(near_key__contains=near_key(words)) | Q(uscc__icontains=words.strip()))


class FigureFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Fields by which the official figures of a park are narrowed."""

    year = django_filters.NumberFilter(label=_("年份"), min_value=1990, max_value=2100)
    grain = django_filters.MultipleChoiceFilter(label=_("期别"), choices=Grain.choices)
    state = django_filters.MultipleChoiceFilter(label=_("审核状态"), choices=REVIEW_CHOICES)

    class Meta:
        model = OfficialFigure
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: QuerySet[OfficialFigure]) -> None:
        super().__init__(data, queryset=queryset)
        name_nul(self.form)
