"""The filters of the list of milestones."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.kernel.clock import today
from duikou.kernel.text import near_key
from duikou.kernel.web.nul import name_nul
from duikou.programme.models import Pairing
from duikou.schedule.models import Milestone, MilestoneKind, Side


class MilestoneFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Fields by which the list is narrowed."""

    q = django_filters.CharFilter(label=_("搜索"), max_length=100, method="find")
    pairing = django_filters.ChoiceFilter(label=_("对口关系"), empty_label=_("全部"), field_name="project__pairing_id")
    standing = django_filters.ChoiceFilter(
        label=_("状态"),
        empty_label=_("全部"),
        choices=[
            ("overdue", _("逾期")),
            ("open", _("未完成")),
            ("late", _("比基线推迟")),
            ("done", _("已完成")),
        ],
        method="stand",
    )
    within = django_filters.NumberFilter(label=_("几天内到期"), min_value=0, max_value=3650, method="due")
    kind = django_filters.MultipleChoiceFilter(label=_("类型"), choices=MilestoneKind.choices)
    side = django_filters.ChoiceFilter(label=_("责任方"), empty_label=_("全部"), choices=Side.choices)
    since = django_filters.DateFilter(
        label=_("不早于"), field_name="expected_on", lookup_expr="gte", widget=forms.DateInput({"type": "date"})
    )
    until = django_filters.DateFilter(
        label=_("不晚于"), field_name="expected_on", lookup_expr="lte", widget=forms.DateInput({"type": "date"})
    )

    class Meta:
        model = Milestone
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: QuerySet[Milestone], pairings: list[Pairing]) -> None:
        super().__init__(data, queryset=queryset)
        names = [(str(pair.pk), f"{'— ' if pair.parent_id else ''}{pair.label}") for pair in pairings]
        self.form.fields["pairing"].choices = [("", _("全部")), *names]
        name_nul(self.form)

    def find(self, rows: QuerySet[Milestone], _name: str, words: str) -> QuerySet[Milestone]:
        """In the milestone's title and the project's name."""
        key = near_key(words)
        return rows.filter(Q(near_key__contains=key) | Q(project__near_key__contains=key)) if key else rows.none()

    def stand(self, rows: QuerySet[Milestone], _name: str, which: str) -> QuerySet[Milestone]:
        """By how they stand today."""
        if which == "done":
            return rows.filter(done_on__isnull=False)
        if which == "late":
            return rows.filter(expected_on__gt=F("baseline_on"))
        rows = rows.filter(done_on=None)
        return rows.filter(planned_on__lt=today()) if which == "overdue" else rows

    def due(self, rows: QuerySet[Milestone], _name: str, days: Any) -> QuerySet[Milestone]:
        """What is planned from today on until that many days from now, and not done."""
        last = today() + dt.timedelta(days=int(days))
        return rows.filter(done_on=None, planned_on__gte=today(), planned_on__lte=last)
