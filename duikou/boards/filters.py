"""The filters of all boards: what stands in the address, checked, and turned into what projects are asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duikou.kernel.web.nul import name_nul
from duikou.programme.models import Clause, Pairing, Programme, ProjectKind
from duikou.projects.selectors import ListFilter, region_named
from duikou.projects.selectors.moves import states_named


class BoardFilters(forms.Form):
    """Fields by which a board is narrowed; the same names as in the list of projects, so that addresses carry over."""

    q = forms.CharField(label=_("搜索"), max_length=100, required=False)
    pairing = forms.ChoiceField(label=_("对口关系"), required=False)
    clause = forms.ChoiceField(label=_("任务条款"), required=False)
    kind = forms.ChoiceField(label=_("项目类别"), required=False)
    state = forms.MultipleChoiceField(label=_("状态"), required=False)
    year_from = forms.IntegerField(label=_("年份从"), min_value=1990, max_value=2100, required=False)
    year_to = forms.IntegerField(label=_("年份至"), min_value=1990, max_value=2100, required=False)
    region = forms.CharField(label=_("地区（名称或代码）"), max_length=60, required=False)

    def __init__(self, data: Any, *, programme: Programme, pairings: list[Pairing], without: tuple[str, ...] = ()):
        super().__init__(data)
        self.pairings = pairings
        self.clauses = list(Clause.objects.filter(programme=programme).order_by("order"))
        self.kinds = list(ProjectKind.objects.filter(programme=programme).order_by("order"))
        choices: Any = self.fields
        names = [(pair.code, f"{'— ' if pair.parent_id else ''}{pair.label}") for pair in pairings]
        choices["pairing"].choices = [("", _("全部")), *names]
        choices["clause"].choices = [("", _("全部")), *((one.code, str(one)) for one in self.clauses)]
        choices["kind"].choices = [("", _("全部")), *((kind.code, kind.label) for kind in self.kinds)]
        choices["state"].choices = states_named()
        for name in without:
            del self.fields[name]
        name_nul(self)

    def clean_region(self) -> Any:
        """A place by its name or code."""
        text = self.cleaned_data["region"].strip()
        found = region_named(text) if text else None
        if text and found is None:
            raise forms.ValidationError(_("没有找到这个地区。"))
        return found

    def wanted(self) -> ListFilter | None:
        """What the address asks for; None when a field cannot be read (the form then says which)."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return ListFilter(
            pairing=next((pair for pair in self.pairings if pair.code == data.get("pairing")), None),
            clause=next((one for one in self.clauses if one.code == data.get("clause")), None),
            kind=next((kind for kind in self.kinds if kind.code == data.get("kind")), None),
            states=tuple(data.get("state") or ()),
            year_from=data.get("year_from"),
            year_to=data.get("year_to"),
            region=data.get("region") or None,
            text=data.get("q") or "",
        )

    def faults(self) -> list[str]:
        """What cannot be read, a line a field."""
        return [f"{self.fields[name].label}：{' '.join(map(str, texts))}" for name, texts in self.errors.items()]
