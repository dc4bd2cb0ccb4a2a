"""The coordinator's form of reporting days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from duikou.progress.models import ReportingRule
from duikou.projects.models import Project, ProjectState


class RuleForm(forms.Form):
    """The days of a programme, and which projects owe a report."""

    due_day = forms.IntegerField(label=_l("报送期限（次月第几个工作日）"), min_value=1, max_value=20)
    close_day = forms.IntegerField(label=_l("锁定日（次月第几个工作日）"), min_value=1, max_value=20)
    remind_days = forms.IntegerField(label=_l("提前几天提醒"), min_value=0, max_value=20)
    states = forms.MultipleChoiceField(label=_l("哪些状态的项目须报"), widget=forms.CheckboxSelectMultiple)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, rule: ReportingRule) -> None:
        names = ("due_day", "close_day", "remind_days", "states", "version")
        super().__init__(data, initial={name: getattr(rule, name) for name in names})
        labels = [(state.value, Project(state=state.value).state_label) for state in ProjectState]
        self.fields["states"].choices = labels  # type: ignore[attr-defined]
