"""Filters, columns and forms of alarms and their parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from duikou.kernel.columns import Column, Columns
from duikou.kernel.keyset import Order
from duikou.kernel.templatetags.look import state_badge
from duikou.kernel.web.nul import name_nul
from duikou.progress.models import Alarm, AlarmStanding, AlarmState
from duikou.progress.rules.alarms import NAMES, WHOLE, Thresholds
from duikou.progress.states import (
    ALARM_CHOICES,
    COLOUR_CHOICES,
    KIND_CHOICES,
    KIND_LABELS,
    MISSING_LABELS,
    STAGE_LABELS,
    THRESHOLD_LABELS,
)
from duikou.projects.models import Project
from duikou.projects.selectors import pairings_of


class AlarmFilters(django_filters.FilterSet):  # type: ignore[misc]
    """By which the list of alarms is narrowed; without a word on the state it shows what is open."""

    q = django_filters.CharFilter(
        label=_("项目名称"), max_length=100, field_name="project__name", lookup_expr="icontains"
    )
    kind = django_filters.MultipleChoiceFilter(label=_("类别"), choices=KIND_CHOICES)
    colour = django_filters.ChoiceFilter(label=_("颜色"), empty_label=_("全部"), choices=COLOUR_CHOICES)
    pairing = django_filters.ChoiceFilter(label=_("对口关系"), empty_label=_("全部"), method="by_pairing")
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        empty_label=None,
        choices=[("open", _("未销号")), *ALARM_CHOICES, ("all", _("全部"))],
        method="by_state",
    )
    stage = django_filters.ChoiceFilter(label=_("升级"), empty_label=_("全部"), choices=list(STAGE_LABELS.items()))
    watched = django_filters.ChoiceFilter(
        label=_("重点监测"),
        empty_label=_("全部"),
        field_name="is_watched",
        choices=[("True", _("是")), ("False", _("否"))],
    )

    class Meta:
        model = Alarm
        fields: list[str] = []

    def __init__(self, data: Any, *, queryset: QuerySet[Alarm]) -> None:
        data = data.copy()
        data.setdefault("state", "open")
        super().__init__(data, queryset=queryset)
        self.form.fields["pairing"].choices = [("", _("全部")), *((str(row.pk), row.label) for row in pairings_of())]
        name_nul(self.form)

    def by_state(self, rows: QuerySet[Alarm], _name: str, which: str) -> QuerySet[Alarm]:
        """One state, or all that are not closed."""
        if which == "all":
            return rows
        return rows.exclude(state=AlarmState.CLOSED) if which == "open" else rows.filter(state=which)

    def by_pairing(self, rows: QuerySet[Alarm], _name: str, which: str) -> QuerySet[Alarm]:
        """A pairing with those below it."""
        return rows.filter(Q(project__pairing=which) | Q(project__pairing__parent=which))


def _kind(alarm: Alarm) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("progress:alarm", args=[alarm.pk]), alarm.kind_label)


def _project(alarm: Alarm) -> Any:
    url = reverse("projects:project", args=[alarm.project_id])
    return format_html('<a href="{}">{}</a>', url, alarm.project.name)


def _colour(alarm: Alarm) -> Any:
    return state_badge(alarm.colour, alarm.colour_label, alarm.colour_tone)


def _state(alarm: Alarm) -> Any:
    given = (
        ""
        if alarm.is_given or not alarm.is_open
        else format_html('<div class="dk-small">{}</div>', _t("数据已不再触发"))
    )
    return format_html("{}{}", state_badge(alarm.state, alarm.state_label, alarm.state_tone), given)


def _watched(alarm: Alarm) -> str:
    return _t("重点监测") if alarm.is_watched else ""


ALARMS = Columns(
    all=(
        Column("kind", _("预警"), lambda a: a.kind_label, _kind, width=14),
        Column("project", _("项目"), lambda a: a.project.name, _project, width=40),
        Column("colour", _("颜色"), lambda a: a.colour_label, _colour, width=10),
        Column("value", _("程度"), lambda a: a.value_text, width=18),
        Column("state", _("状态"), lambda a: a.state_label, _state, width=12),
        Column("pairing", _("对口关系"), lambda a: a.project.pairing.label, width=22),
        Column("unit", _("责任单位"), lambda a: a.organisation.name if a.organisation else "", width=26),
        Column("raised", _("预警日期"), lambda a: a.raised_on, sort="raised_on", kind="date", width=12),
        Column("due", _("说明期限"), lambda a: a.explain_due, kind="date", width=12),
        Column("stage", _("升级"), lambda a: a.stage_label if a.stage else "", width=20),
        Column("watched", _("重点监测"), _watched, width=10),
        Column("explanation", _("原因说明"), lambda a: a.explanation, width=40, usual=False),
        Column("measure", _("整改措施"), lambda a: a.measure, width=40, usual=False),
        Column("promised", _("承诺完成日期"), lambda a: a.promised_on, kind="date", width=12, usual=False),
        Column("note", _("退回或销号意见"), lambda a: a.office_note, width=30, usual=False),
    ),
    always="kind",
    order=Order("raised_on", descending=True),
)


def missing_of(project: Project) -> list[tuple[str, str]]:
    """Which of the five cannot be judged of a project with its standing, and what is missing for each."""
    standing: AlarmStanding = cast("Any", project).alarm_standing
    return [
        (str(KIND_LABELS[kind]), _t("、").join(str(MISSING_LABELS[name]) for name in names))
        for kind, names in standing.unjudged.items()
        if kind in KIND_LABELS
    ]


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)

    def add_faults(self, fields: Mapping[str, Iterable[str]]) -> None:
        """What a service refused, at the fields it names."""
        for name, texts in fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ExplainForm(_Form):
    """Why, what is done about it, until when."""

    explanation = forms.CharField(label=_("原因说明"), max_length=1000, widget=forms.Textarea({"rows": 4}))
    measure = forms.CharField(label=_("整改措施"), max_length=1000, widget=forms.Textarea({"rows": 4}))
    promised_on = forms.DateField(label=_("承诺完成日期"), widget=_Day())


class NoteForm(_Form):
    """A reason."""

    note = forms.CharField(label=_("理由"), max_length=500, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = needed


class RuleForm(_Form):
    """All parameters of one programme, from a day on, with a reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NAMES:
            places = 0 if name in WHOLE else 1
            self.fields[name] = forms.DecimalField(
                label=str(THRESHOLD_LABELS[name]),
                min_value=0,
                max_value=10_000_000,
                max_digits=9,
                decimal_places=places,
            )
        self.fields["valid_from"] = forms.DateField(label=_("生效日期"), widget=_Day())
        self.fields["reason"] = forms.CharField(label=_("设定理由"), max_length=500, widget=forms.Textarea({"rows": 2}))


def rule_rows(thresholds: Thresholds) -> list[tuple[str, Any]]:
    """Each parameter with its label."""
    return [(str(THRESHOLD_LABELS[name]), getattr(thresholds, name)) for name in NAMES]
