"""Parsing of filters and uploads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duikou.records.selectors import Query, kinds_known


class TrailFilter(forms.Form):
    """Who, what, about what, when; the address holds it all."""

    who = forms.CharField(label=_("行为者"), required=False, max_length=100, help_text=_("姓名或账号编号"))
    what = forms.CharField(label=_("动作代码"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("对象类别"), required=False)
    subject = forms.CharField(label=_("对象编号或名称"), required=False, max_length=100)
    since = forms.DateField(label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *kinds_known()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The period must not end before it begins."""
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("结束日期早于开始日期。"))
        return data

    @property
    def query(self) -> Query:
        """What to look for; fields with errors do not narrow."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return Query(**{name: data[name] for name in self.fields if data.get(name)})


class EvidenceForm(forms.Form):
    """Files for one subject, with a remark."""

    kind = forms.CharField(max_length=60, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=64, widget=forms.HiddenInput)
    label = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("文件"),
        max_length=1000,
        allow_empty_file=True,
        error_messages={"required": _("请先选择文件，或者拍一张照片。")},
    )
    note = forms.CharField(label=_("说明"), max_length=500, required=False)
