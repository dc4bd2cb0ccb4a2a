"""The form of a bulk edit: every field may be left as it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.errors import DomainError
from duikou.kernel.web.nul import name_nul
from duikou.programme.models import Clause, Programme, ProjectKind
from duikou.projects.forms.facts import industry_of
from duikou.projects.forms.fields import DayField, kind_field
from duikou.projects.models import Project
from duikou.projects.selectors import region_named
from duikou.projects.services.bulk_plan import BulkChange
from duikou.projects.states import VERB_LABELS, Visibility

CLEARABLE = ("kind", "industry", "year", "planned_start", "planned_finish", "parent")
_AS_IS = ("", _l("不改"))


class BulkForm(forms.Form):
    """What to set in all chosen projects; what stays empty stays as it is."""

    kind = forms.ChoiceField(label=_l("项目类别"), required=False)
    clause = forms.ChoiceField(label=_l("任务条款"), required=False)
    add_clauses = forms.MultipleChoiceField(label=_l("增加其他相关条款"), required=False)
    remove_clauses = forms.MultipleChoiceField(label=_l("去掉其他相关条款"), required=False)
    industry = forms.CharField(
        label=_l("行业代码"), required=False, max_length=4, help_text=_l("GB/T 4754-2017，如 C38。")
    )
    visibility = forms.ChoiceField(label=_l("可见范围"), choices=[_AS_IS, *Visibility.choices], required=False)
    year = forms.IntegerField(label=_l("年份"), required=False, min_value=1990, max_value=2100)
    planned_start = DayField(label=_l("计划开工日期"), required=False)
    planned_finish = DayField(label=_l("计划完工日期"), required=False)
    first_region = forms.CharField(label=_l("甲侧地区"), required=False, max_length=60)
    second_region = forms.CharField(label=_l("乙侧地区"), required=False, max_length=60)
    parent = forms.CharField(
        label=_l("所属项目"), required=False, max_length=14, help_text=_l("项目编号，如 XM000012。")
    )
    verb = forms.ChoiceField(label=_l("下一步"), choices=[_AS_IS, *VERB_LABELS.items()], required=False)
    on = DayField(label=_l("这一步发生的日期"), required=False)
    clear = forms.MultipleChoiceField(
        label=_l("清空这些项"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    )
    reason = forms.CharField(
        label=_l("理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_l("记入每个项目的历史。"),
    )

    def __init__(self, data: Any = None, *, programme: Programme, kind: ProjectKind | None) -> None:
        """`kind` is the one that all chosen projects are of, if there is one: its own fields can then be set too."""
        super().__init__(data)
        self.by_kind = {one.code: one for one in ProjectKind.objects.filter(programme=programme).order_by("order")}
        self.by_clause = {one.code: one for one in Clause.objects.filter(programme=programme).order_by("order")}
        self.programme = programme
        clauses = [(code, str(clause)) for code, clause in self.by_clause.items()]
        self._choices(
            "kind", [_AS_IS, *((code, one.label) for code, one in self.by_kind.items() if not one.retired_in)]
        )
        self._choices("clause", [_AS_IS, *clauses])
        self._choices("add_clauses", clauses)
        self._choices("remove_clauses", clauses)
        self._choices("clear", [(name, self.fields[name].label) for name in CLEARABLE])
        self.own = []
        for spec in kind.fields if kind is not None else []:
            name = f"extra_{spec['key']}"
            self.fields[name] = kind_field({**spec, "required": False})
            self.own.append(name)
        name_nul(self)

    def _choices(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean_industry(self) -> Any:
        """The industry of that code."""
        code = self.cleaned_data["industry"]
        found = industry_of(code)
        if found is None and code.strip():
            raise forms.ValidationError(_("没有这个行业代码。"))
        return found

    def _region(self, name: str) -> Any:
        text = self.cleaned_data[name]
        found = region_named(text) if text else None
        if text and found is None:
            raise forms.ValidationError(_("没有找到这个地区。"))
        return found

    def clean_first_region(self) -> Any:
        """The region of that name or code."""
        return self._region("first_region")

    def clean_second_region(self) -> Any:
        """The region of that name or code."""
        return self._region("second_region")

    def clean_parent(self) -> Any:
        """The project of that number."""
        text = self.cleaned_data["parent"].strip().upper().removeprefix("XM")
        if not text:
            return None
        found = None
        if text.isascii() and text.isdigit():
            found = Project.objects.filter(pk=int(text), programme=self.programme, merged_into=None).first()
        if found is None:
            raise forms.ValidationError(_("没有找到这个项目：请填写项目编号，如 XM000012。"))
        return found

    def clean(self) -> dict[str, Any]:
        """Nothing is both filled and cleared."""
        data = super().clean() or {}
        for name in data.get("clear") or ():
            if data.get(name):
                self.add_error(name, _("这一项既填写了新值，又选了清空，请只留一个。"))
        return data

    def change(self) -> BulkChange:
        """What was asked (call after `is_valid`)."""
        data = self.cleaned_data
        values: dict[str, Any] = dict.fromkeys(data["clear"])
        for name in ("industry", "visibility", "year", "planned_start", "planned_finish"):
            if data[name]:
                values[name] = data[name]
        for name in ("first_region", "second_region", "parent"):
            if data[name] is not None:
                values[name] = data[name]
        for name, known in (("kind", self.by_kind), ("clause", self.by_clause)):
            if data[name]:
                values[name] = known[data[name]]
        return BulkChange(
            values=values,
            add_clauses=tuple(self.by_clause[code] for code in data["add_clauses"]),
            remove_clauses=tuple(self.by_clause[code] for code in data["remove_clauses"]),
            extra={name[6:]: data[name] for name in self.own if data[name] not in ("", None)},
            verb=data["verb"],
            on=data["on"] if data["verb"] else None,
        )

    def refuse(self, error: DomainError) -> None:
        """Show why the service refused, at the field if it says one."""
        for name, texts in (getattr(error, "fields", {}) or {"": [error.message]}).items():
            self.add_error(name if name in self.fields else None, texts[0])
