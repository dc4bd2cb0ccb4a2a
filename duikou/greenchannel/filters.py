"""The filters of the list of requests."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.greenchannel.models import GreenChannelRequest
from duikou.greenchannel.rules.figures import pk_of
from duikou.greenchannel.selectors.lists import GROUPS, late_ever, overdue_now, turn_of
from duikou.greenchannel.states import STATE_CHOICES
from duikou.kernel.actor import Actor
from duikou.kernel.web.nul import name_nul
from duikou.programme.models import BlockerKind, Pairing, Region

ANY = _("全部")


class RequestFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Fields by which the list is narrowed; choices are those of rows that the viewer may know of."""

    q = django_filters.CharFilter(label=_("搜索"), max_length=100, method="find")
    state = django_filters.MultipleChoiceFilter(label=_("状态"), choices=STATE_CHOICES)
    kind = django_filters.ChoiceFilter(label=_("类别"), empty_label=ANY, field_name="kind_id")
    region = django_filters.ChoiceFilter(label=_("地区"), empty_label=ANY, field_name="region_id")
    which = django_filters.ChoiceFilter(
        label=_("办理情况"),
        empty_label=ANY,
        method="by_group",
        choices=[
            ("mine", _("等我方办理")),
            ("open", _("未办结")),
            ("overdue", _("逾期未解决")),
            ("late", _("曾经逾期")),
            ("reopened", _("被退回过")),
            ("solved", _("已解决")),
        ],
    )
    year = django_filters.NumberFilter(
        label=_("提出年份"), min_value=2000, max_value=9999, widget=forms.NumberInput({"inputmode": "numeric"})
    )
    pairing = django_filters.ChoiceFilter(label=_("对口关系"), empty_label=ANY, field_name="project__pairing_id")
    until = django_filters.DateFilter(
        label=_("期限不晚于"), field_name="due_on", lookup_expr="lte", widget=forms.DateInput({"type": "date"})
    )

    class Meta:
        model = GreenChannelRequest
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: QuerySet[GreenChannelRequest], actor: Actor) -> None:
        super().__init__(data, queryset=queryset)
        self.actor = actor
        bare = queryset.order_by().select_related(None)
        names = ("region", "kind", "project__pairing")
        seen = bare.values_list(*(f"{name}_id" for name in names)).distinct()
        ids: list[set[int]] = [set(), set(), set()]
        for row in seen:
            for place, one in enumerate(row):
                ids[place].add(one)
        for name, known in zip(("region", "kind", "pairing"), ids, strict=True):
            self.form.fields[name].choices = [("", ANY), *_named(name, known)]
        name_nul(self.form)

    def find(self, rows: QuerySet[GreenChannelRequest], _name: str, words: str) -> QuerySet[GreenChannelRequest]:
        """In number, title, text, owner and project (its name, or its number)."""
        wanted = Q(title__icontains=words) | Q(needed__icontains=words) | Q(owner_name__icontains=words)
        wanted |= Q(project__name__icontains=words)
        number, project = pk_of(words), pk_of(words, "XM")
        wanted |= Q(pk=number) if number is not None else Q(project_id=project) if project is not None else Q()
        return rows.filter(wanted)

    def by_group(self, rows: QuerySet[GreenChannelRequest], _name: str, which: str) -> QuerySet[GreenChannelRequest]:
        """How far it is, as figures count."""
        days = {"mine": turn_of(self.actor), "overdue": overdue_now(), "late": late_ever()}
        return rows.filter(days[which] if which in days else GROUPS[which])


def _named(name: str, ids: set[int]) -> list[tuple[str, str]]:
    models: dict[str, Any] = {"region": Region, "kind": BlockerKind, "pairing": Pairing}
    rows = models[name].objects.filter(pk__in=ids)
    rows = rows.select_related("first_region", "second_region") if name == "pairing" else rows
    return [(str(row.pk), str(row.label)) for row in rows]
