"""Forms of what is done with a project: steps, opinions, merging; and of the table of wordings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.projects.forms.fields import DayField
from duikou.projects.rules import project_number
from duikou.projects.states import STATE_CHOICES


class StepForm(forms.Form):
    """One step of the lifecycle."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    state_as_of = DayField(label=_l("发生日期"))
    reason = forms.CharField(
        label=_l("理由或说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def day(self) -> dt.date | None:
        """When it happened."""
        found: dt.date | None = self.cleaned_data["state_as_of"]
        return found


class CorrectForm(StepForm):
    """Putting right a state recorded wrongly."""

    state = forms.ChoiceField(label=_l("正确的状态"), choices=STATE_CHOICES)


class OpinionForm(forms.Form):
    """What the other side says."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[("confirm", _l("确认")), ("contest", _l("提出异议"))])
    note = forms.CharField(label=_l("异议内容"), required=False, max_length=1000)


class MergeForm(forms.Form):
    """Which project this one is the same as."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kept = forms.CharField(label=_l("保留的项目编号"), max_length=14, help_text=_l("如 XM000012"))
    reason = forms.CharField(label=_l("理由"), required=False, max_length=1000)

    def clean_kept(self) -> int:
        """The id behind the number."""
        found = project_number(self.cleaned_data["kept"])
        if found is None:
            raise forms.ValidationError(_("请填写项目编号，如 XM000012。"))
        return found


class WordingForm(forms.Form):
    """One wording of a state."""

    wording = forms.CharField(label=_l("状态原文"), max_length=100)
    state = forms.ChoiceField(label=_l("对应状态"), required=False)
    note = forms.CharField(label=_l("说明"), required=False, max_length=200)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["state"]
        field.choices = [("", _("（统计，不是项目状态）")), *STATE_CHOICES]
