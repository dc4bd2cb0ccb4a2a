"""The filters of the list of plans."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.kernel.web.nul import name_nul
from duikou.plans.models import Plan
from duikou.plans.states import STATE_CHOICES, PlanKind


class PlanFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Fields by which the list is narrowed."""

    q = django_filters.CharFilter(label=_("搜索"), max_length=100, field_name="title", lookup_expr="icontains")
    pairing = django_filters.ChoiceFilter(label=_("对口关系"), empty_label=_("全部"), field_name="pairing_id")
    kind = django_filters.MultipleChoiceFilter(label=_("计划类别"), choices=PlanKind.choices)
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=STATE_CHOICES, field_name="version_state")
    year = django_filters.NumberFilter(label=_("年度"), min_value=2000, max_value=2100)

    class Meta:
        model = Plan
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: QuerySet[Plan]) -> None:
        super().__init__(data, queryset=queryset)
        pairs = queryset.order_by("pairing__order").values_list("pairing_id", "pairing__name").distinct()
        seen = dict(pairs)
        self.form.fields["pairing"].choices = [("", _("全部")), *((str(pk), name) for pk, name in seen.items())]
        name_nul(self.form)
