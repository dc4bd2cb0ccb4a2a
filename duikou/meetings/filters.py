"""The filters of the lists of meetings and action items."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.kernel.clock import today
from duikou.kernel.web.nul import name_nul
from duikou.meetings.models import ActionItem, Meeting
from duikou.meetings.states import ACTION_CHOICES, LIVE_ACTIONS, MEETING_CHOICES, Layer, MeetingKind


class _Filters(django_filters.FilterSet):  # type: ignore[misc]
    """Both lists: words and pairing."""

    pairing = django_filters.ChoiceFilter(label=_("对口关系"), empty_label=_("全部"), field_name="pairing_id")

    def __init__(self, data: Any, *, queryset: QuerySet[Any]) -> None:
        super().__init__(data, queryset=queryset)
        pairs = queryset.order_by("pairing__order").values_list("pairing_id", "pairing__name").distinct()
        seen = dict(pairs)
        self.form.fields["pairing"].choices = [("", _("全部")), *((str(pk), name) for pk, name in seen.items())]
        name_nul(self.form)


class MeetingFilters(_Filters):
    """Fields by which the list of meetings is narrowed."""

    q = django_filters.CharFilter(label=_("搜索"), max_length=100, method="find")
    kind = django_filters.MultipleChoiceFilter(label=_("类别"), choices=MeetingKind.choices)
    layer = django_filters.MultipleChoiceFilter(label=_("层级"), choices=Layer.choices)
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=MEETING_CHOICES)
    since = django_filters.DateFilter(
        label=_("不早于"), field_name="starts_at__date", lookup_expr="gte", widget=forms.DateInput({"type": "date"})
    )
    until = django_filters.DateFilter(
        label=_("不晚于"), field_name="starts_at__date", lookup_expr="lte", widget=forms.DateInput({"type": "date"})
    )

    class Meta:
        model = Meeting
        fields: list[str] = []

    def find(self, rows: QuerySet[Meeting], _name: str, words: str) -> QuerySet[Meeting]:
        """In title and place."""
        return rows.filter(Q(title__icontains=words) | Q(place__icontains=words))


class ActionFilters(_Filters):
    """Fields by which the list of action items is narrowed."""

    q = django_filters.CharFilter(label=_("搜索"), max_length=100, method="find")
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=ACTION_CHOICES)
    late = django_filters.ChoiceFilter(
        label=_("期限"),
        empty_label=_("全部"),
        choices=[("late", _("已逾期")), ("open", _("未办结"))],
        method="by_day",
    )
    side = django_filters.ChoiceFilter(
        label=_("责任方"),
        empty_label=_("全部"),
        field_name="owner_side",
        choices=[("first", _("甲侧")), ("second", _("乙侧"))],
    )
    until = django_filters.DateFilter(
        label=_("期限不晚于"), field_name="due_on", lookup_expr="lte", widget=forms.DateInput({"type": "date"})
    )

    class Meta:
        model = ActionItem
        fields: list[str] = []

    def find(self, rows: QuerySet[ActionItem], _name: str, words: str) -> QuerySet[ActionItem]:
        """In text, owner and meeting."""
        return rows.filter(
            Q(text__icontains=words) | Q(owner_name__icontains=words) | Q(meeting__title__icontains=words)
        )

    def by_day(self, rows: QuerySet[ActionItem], _name: str, which: str) -> QuerySet[ActionItem]:
        """What is late, or what is not done."""
        if which == "late":
            return rows.filter(state="open", due_on__lt=today())
        return rows.filter(state__in=LIVE_ACTIONS)
