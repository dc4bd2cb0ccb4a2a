"""What somebody says of a figure, and how a list of differences is narrowed."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.web.nul import name_nul
from duikou.programme.models import Pairing
from duikou.projects.models import ContestedFigure
from duikou.projects.states import FIGURE_CHOICES


class ContestForm(forms.Form):
    """Another value for one figure, with the reason."""

    figure = forms.ChoiceField(label=_l("数据"), choices=FIGURE_CHOICES)
    value = forms.CharField(
        label=_l("本侧的数值"),
        required=False,
        max_length=40,
        help_text=_l("金额如“3亿元”（不写单位为万元），年份如2019，日期如2019-05-09，状态写名称；留空表示不详。"),
    )
    reason = forms.CharField(label=_l("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)


class AnswerForm(forms.Form):
    """An answer to a difference: an outcome, or a proposal with its value."""

    answer = forms.ChoiceField(choices=[(name, name) for name in ("accepted", "withdrawn", "agreed", "propose")])
    value = forms.CharField(label=_l("协商值"), required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)


class DifferenceFilters(django_filters.FilterSet):  # type: ignore[misc]
    """By pairing, and open or settled."""

    pairing = django_filters.ChoiceFilter(label=_l("对口关系"), empty_label=_l("全部"))
    state = django_filters.ChoiceFilter(
        label=_l("结果"), choices=[("settled", _l("已解决")), ("all", _l("全部"))], empty_label=_l("未解决")
    )

    class Meta:
        model = ContestedFigure
        fields: list[str] = []

    def __init__(self, data: Any, *, pairings: list[Pairing]) -> None:
        super().__init__(data, queryset=ContestedFigure.objects.none())
        self.form.fields["pairing"].choices = [("", _l("全部")), *((pair.code, pair.label) for pair in pairings)]
        name_nul(self.form)
