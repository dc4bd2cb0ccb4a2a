"""Forms of a project: what people type, turned into a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.actor import Actor
from duikou.kernel.money import Bound
from duikou.kernel.web.nul import name_nul
from duikou.programme.models import Clause, Industry, Pairing, Programme, ProjectKind
from duikou.projects.forms.fields import AmountField, DayField, amount_text, extra_text, kind_field
from duikou.projects.forms.parties import parties_of, parties_text
from duikou.projects.models import Project
from duikou.projects.models.summary import AMOUNTS
from duikou.projects.rules import project_number
from duikou.projects.selectors import projects_visible, region_named, region_text
from duikou.projects.services.draft import PartyDraft, ProjectDraft, draft_of
from duikou.projects.states import STATE_CHOICES, ProjectState, Visibility


class ProjectForm(forms.Form):
    """All facts of a project of one kind; the kind's own fields stand at the end."""

    name = forms.CharField(label=_l("项目名称"), max_length=200)
    pairing = forms.ChoiceField(label=_l("对口关系"))
    clause = forms.ChoiceField(label=_l("任务条款"))
    further_clauses = forms.MultipleChoiceField(label=_l("其他相关条款"), required=False)
    first_region = forms.CharField(
        label=_l("甲侧地区"), required=False, max_length=60, help_text=_l("名称或行政区划代码；留空即对口关系的一侧。")
    )
    second_region = forms.CharField(label=_l("乙侧地区"), required=False, max_length=60)
    state = forms.ChoiceField(label=_l("状态"), choices=STATE_CHOICES)
    state_wording = forms.CharField(label=_l("状态原文"), required=False, max_length=100)
    state_as_of = DayField(label=_l("状态日期"))
    year = forms.IntegerField(label=_l("年份"), required=False, min_value=1990, max_value=2100)
    planned_start = DayField(label=_l("计划开工日期"))
    planned_finish = DayField(label=_l("计划完工日期"))
    planned_amount = AmountField(label=_l("计划投资"))
    signed_amount = AmountField(label=_l("签约金额"))
    completed_amount = AmountField(label=_l("完成投资"))
    parent = forms.CharField(
        label=_l("所属项目"),
        required=False,
        max_length=240,
        help_text=_l(
            "本项目是哪个项目的组成部分：填其编号，如 XM000012。各自的金额分别填写，不要把各部分再计入所属项目。"
        ),
    )
    parties = forms.CharField(
        label=_l("合作单位"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("每行一个：名称，可加“| 甲”或“| 乙”，再加“| 牵头”“| 配合”“| 投资”。"),
    )
    industry = forms.CharField(
        label=_l("行业代码"), required=False, max_length=4, help_text=_l("GB/T 4754-2017，如 C38。")
    )
    project_code = forms.CharField(label=_l("项目代码"), required=False, max_length=40)
    description = forms.CharField(
        label=_l("说明"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    visibility = forms.ChoiceField(label=_l("可见范围"), choices=Visibility.choices, initial=Visibility.PAIRING.value)
    source_name = forms.CharField(label=_l("来源"), required=False, max_length=200)
    source_url = forms.URLField(
        label=_l("来源网址"),
        required=False,
        max_length=500,
        assume_scheme="https",
        # a field of type url refuses www.example.com before the server can complete it
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )
    source_note = forms.CharField(label=_l("来源备注"), required=False, max_length=1000)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        actor: Actor,
        programme: Programme,
        pairings: list[Pairing],
        kind: ProjectKind | None,
        project: Project | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.actor, self.programme, self.kind, self.project = actor, programme, kind, project
        self.by_pairing = {pair.code: pair for pair in pairings}
        self.by_clause = {
            clause.code: clause for clause in Clause.objects.filter(programme=programme).order_by("order")
        }
        clauses = [(code, str(clause)) for code, clause in self.by_clause.items()]
        self._choices("pairing", [*_chosen(len(pairings) > 1), *((pair.code, pair.label) for pair in pairings)])
        self._choices("clause", [*_chosen(True), *clauses])
        if kind is not None and project is None:
            served = kind.clauses.order_by("order").first()
            self.initial.setdefault("clause", served.code if served else "")
        self._choices("further_clauses", clauses)
        for name, (address, by) in _TYPE_AHEAD.items():
            self.fields[name].widget.attrs.update(
                {"data-enhance": "", "data-remote-url": f"{reverse(address)}?by={by}"}
            )
        industry = industry_of(str(self["industry"].value() or ""))
        if industry is not None:
            self.fields["industry"].widget.attrs["data-label"] = str(industry)
        if project is not None:
            del self.fields["state"]
        self._name_parent()
        for spec in kind.fields if kind is not None else []:
            self.fields[f"extra_{spec['key']}"] = kind_field(spec)
        name_nul(self)

    def _name_parent(self) -> None:
        """Say beside its number which project this one is a part of; one the actor may not know of is left alone."""
        pk = project_number(str(self["parent"].value() or ""))
        found = self._known(pk) if pk else None
        if found is not None:
            self.fields["parent"].widget.attrs["data-label"] = f"{found.number} {found.name}"
        elif self.project is not None and self.project.parent_id is not None and pk == self.project.parent_id:
            del self.fields["parent"]

    def _known(self, pk: int) -> Project | None:
        return projects_visible(actor=self.actor).filter(pk=pk).first()

    def clean_parent(self) -> Project | None:
        """The project of that number, if the actor may know of it."""
        text = self.cleaned_data["parent"]
        pk = project_number(text)
        found = self._known(pk) if pk else None
        if found is None and text:
            raise forms.ValidationError(_("没有找到这个项目：请填写项目编号，如 XM000012。"))
        return found

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean_parties(self) -> tuple[PartyDraft, ...]:
        """One party a line."""
        return parties_of(self.cleaned_data["parties"])

    def clean_industry(self) -> Industry | None:
        """The industry of that code."""
        code = self.cleaned_data["industry"]
        found = industry_of(code)
        if found is None and code.strip():
            raise forms.ValidationError(_("没有这个行业代码。"))
        return found

    def _region(self, name: str) -> Any:
        text = self.cleaned_data[name]
        if not text:
            return None
        found = region_named(text)
        if found is None:
            raise forms.ValidationError(_("没有找到这个地区。"))
        return found

    def clean_first_region(self) -> Any:
        """The region of that name or code."""
        return self._region("first_region")

    def clean_second_region(self) -> Any:
        """The region of that name or code."""
        return self._region("second_region")

    def draft(self) -> ProjectDraft:
        """The checked fields as a draft (call after `is_valid`)."""
        data = self.cleaned_data
        pairing = self.by_pairing[data["pairing"]]
        amounts: dict[str, Any] = {}
        for name in AMOUNTS:
            bounded = data[f"{name}_amount"]
            amounts[f"{name}_amount"] = bounded.amount if bounded else None
            amounts[f"{name}_bound"] = bounded.bound if bounded else Bound.EXACT
        plain = {name: data[name] for name in _PLAIN}
        if "parent" not in data and self.project is not None:
            data["parent"] = self.project.parent
        return ProjectDraft(
            programme=self.programme,
            kind=self.kind,
            pairing=pairing,
            clause=self.by_clause[data["clause"]],
            further_clauses=tuple(self.by_clause[code] for code in data["further_clauses"]),
            first_region=data["first_region"] or pairing.first_region,
            second_region=data["second_region"] or pairing.second_region,
            state=ProjectState(self.project.state if self.project is not None else data["state"]),
            parent=data["parent"],
            visibility=Visibility(data["visibility"]),
            extra={name[6:]: value for name, value in data.items() if name.startswith("extra_") and value != ""},
            **plain,
            **amounts,
        )

    def add_faults(self, faults: Mapping[str, Iterable[str]]) -> None:
        """What a service refused, at the fields."""
        for name, messages in faults.items():
            field = name.replace(".", "_") if name.replace(".", "_") in self.fields else None
            for message in messages:
                self.add_error(field, message)


_TYPE_AHEAD = {
    "first_region": ("programme:region-search", "text"),
    "second_region": ("programme:region-search", "text"),
    "industry": ("programme:industry-search", "code"),
    "parent": ("projects:project-search", "number"),
}
_PLAIN = (
    "name",
    "industry",
    "state_wording",
    "state_as_of",
    "year",
    "planned_start",
    "planned_finish",
    "description",
    "project_code",
    "source_name",
    "source_url",
    "source_note",
    "parties",
)


def industry_of(text: str) -> Industry | None:
    """The industry of that code, with or without the letter of its section."""
    code = text.strip().upper()
    if not code or "\x00" in code:
        return None
    return Industry.objects.filter(code__in={code, code.lstrip("ABCDEFGHIJKLMNOPQRST")}).order_by("-level").first()


def _chosen(open_yet: bool) -> list[tuple[str, str]]:
    """An empty first choice, so that nobody saves under what merely stood first."""
    return [("", _("请选择"))] if open_yet else []


def initial_of(project: Project) -> dict[str, Any]:
    """The form's contents for a project as it stands."""
    draft = draft_of(project)
    return {
        **{name: getattr(draft, name) for name in _PLAIN},
        "pairing": draft.pairing.code,
        "clause": draft.clause.code,
        "further_clauses": [clause.code for clause in draft.further_clauses],
        "first_region": region_text(draft.first_region),
        "second_region": region_text(draft.second_region) if draft.second_region else "",
        "visibility": draft.visibility.value,
        "industry": draft.industry.code if draft.industry else "",
        "parent": draft.parent.number if draft.parent else "",
        "parties": parties_text(draft.parties),
        "version": project.version,
        **{f"{n}_amount": amount_text(getattr(draft, f"{n}_amount"), getattr(draft, f"{n}_bound")) for n in AMOUNTS},
        **{f"extra_{key}": extra_text(value) for key, value in draft.extra.items()},
    }
