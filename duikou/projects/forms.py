"""Forms of a project: what people type, turned into a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.errors import Invalid
from duikou.kernel.money import Bound, BoundedMoney, Money, parse_amount
from duikou.kernel.text import near_key
from duikou.kernel.web.nul import name_nul
from duikou.programme.models import Clause, Industry, Pairing, Programme, ProjectKind
from duikou.programme.models.localised import in_language
from duikou.projects.models import Project
from duikou.projects.selectors import region_named, region_text
from duikou.projects.services.draft import PartyDraft, ProjectDraft, draft_of
from duikou.projects.states import STATE_CHOICES, PartyRole, ProjectState, Side, Visibility

_BOUND_MARKS = {Bound.EXACT: "", Bound.ABOUT: "约", Bound.AT_LEAST: "超", Bound.AT_MOST: "不超过"}
_SIDES = {"甲": Side.FIRST, "甲侧": Side.FIRST, "乙": Side.SECOND, "乙侧": Side.SECOND}
_ROLES = {"牵头": PartyRole.LEAD, "配合": PartyRole.COOPERATING, "投资": PartyRole.INVESTOR}
_ROLE_WORDS = {role: word for word, role in _ROLES.items()}


class AmountField(forms.CharField):
    """An amount as people write it (万元 where no unit stands), with its bound; empty is unknown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=40,
            help_text=_l("单位万元；也可写“3亿元”“约1200”“超50亿元”。不知道就留空，不要填0。"),
            **kwargs,
        )

    def clean(self, value: Any) -> BoundedMoney | None:
        """Text to a bounded amount."""
        text = super().clean(value)
        try:
            return parse_amount(text, unit="万元") if text else None
        except Invalid as bad:
            raise forms.ValidationError(bad.message) from None


def amount_text(amount: Money | None, bound: Bound) -> str:
    """An amount as `AmountField` reads it."""
    if amount is None:
        return ""
    wan = format(amount.wan, "f")
    return _BOUND_MARKS[bound] + (wan.rstrip("0").rstrip(".") if "." in wan else wan)


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
    state_as_of = forms.DateField(
        label=_l("状态日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    year = forms.IntegerField(label=_l("年份"), required=False, min_value=1990, max_value=2100)
    planned_amount = AmountField(label=_l("计划投资"))
    signed_amount = AmountField(label=_l("签约金额"))
    completed_amount = AmountField(label=_l("完成投资"))
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
        programme: Programme,
        pairings: list[Pairing],
        kind: ProjectKind | None,
        project: Project | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.programme, self.kind, self.project = programme, kind, project
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
        for spec in kind.fields if kind is not None else []:
            self.fields[f"extra_{spec['key']}"] = _kind_field(spec)
        name_nul(self)

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
        for name in ("planned", "signed", "completed"):
            bounded = data[f"{name}_amount"]
            amounts[f"{name}_amount"] = bounded.amount if bounded else None
            amounts[f"{name}_bound"] = bounded.bound if bounded else Bound.EXACT
        plain = {name: data[name] for name in _PLAIN}
        return ProjectDraft(
            programme=self.programme,
            kind=self.kind,
            pairing=pairing,
            clause=self.by_clause[data["clause"]],
            further_clauses=tuple(self.by_clause[code] for code in data["further_clauses"]),
            first_region=data["first_region"] or pairing.first_region,
            second_region=data["second_region"] or pairing.second_region,
            state=ProjectState(self.project.state if self.project is not None else data["state"]),
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
}
_PLAIN = (
    "name",
    "industry",
    "state_wording",
    "state_as_of",
    "year",
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


def _kind_field(spec: Mapping[str, Any]) -> forms.Field:
    unit = in_language(spec.get("unit", ""), spec.get("unit_en", ""))
    label = in_language(spec["label"], spec.get("label_en", ""))
    common: dict[str, Any] = {
        "label": _("%(label)s（%(unit)s）") % {"label": label, "unit": unit} if unit else label,
        "required": bool(spec.get("required")),
    }
    kind = spec["type"]
    if kind == "bool":
        return forms.ChoiceField(**common, choices=[("", _("未注明")), ("true", _("是")), ("false", _("否"))])
    if kind == "choice":
        pairs = [
            (str(choice["value"]), in_language(str(choice.get("label") or choice["value"]), choice.get("label_en", "")))
            if isinstance(choice, Mapping)
            else (str(choice), str(choice))
            for choice in spec.get("choices") or ()
        ]
        return forms.ChoiceField(**common, choices=[("", _("未注明")), *pairs])
    if kind == "date":
        return forms.DateField(**common, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    if kind == "money":
        return forms.CharField(**common, max_length=40, help_text=_("也可写“约3亿元”“超5000万元”。不知道就留空。"))
    if kind in {"int", "decimal", "area"}:
        return forms.CharField(**common, max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    return forms.CharField(**common, max_length=2000)


def parties_of(text: str) -> tuple[PartyDraft, ...]:
    """Parties as the form writes them: a line each, "名称 | 甲 | 牵头"; side and role may be left out."""
    found: list[PartyDraft] = []
    seen: set[tuple[str, Side, PartyRole]] = set()
    for line in text.splitlines():
        name, *marks = [part.strip() for part in line.replace("｜", "|").split("|")]
        if not name:
            continue
        side, role = Side.NONE, PartyRole.COOPERATING
        for mark in marks:
            if mark in _SIDES:
                side = _SIDES[mark]
            elif mark in _ROLES:
                role = _ROLES[mark]
            elif mark:
                raise forms.ValidationError(
                    _("看不懂“%(mark)s”：一侧写甲或乙，角色写牵头、配合或投资。") % {"mark": mark[:20]}
                )
        key = (near_key(name), side, role)
        if key in seen:
            raise forms.ValidationError(_("“%(name)s”写了不止一次，请只留一行。") % {"name": name[:40]})
        seen.add(key)
        found.append(PartyDraft(name, side, role))
    return tuple(found)


def initial_of(project: Project) -> dict[str, Any]:
    """The form's contents for a project as it stands."""
    draft = draft_of(project)
    words = {Side.FIRST: " | 甲", Side.SECOND: " | 乙", Side.NONE: ""}
    return {
        **{name: getattr(draft, name) for name in _PLAIN},
        "pairing": draft.pairing.code,
        "clause": draft.clause.code,
        "further_clauses": [clause.code for clause in draft.further_clauses],
        "first_region": region_text(draft.first_region),
        "second_region": region_text(draft.second_region) if draft.second_region else "",
        "visibility": draft.visibility.value,
        "industry": draft.industry.code if draft.industry else "",
        "parties": "\n".join(f"{party.name}{words[party.side]} | {_ROLE_WORDS[party.role]}" for party in draft.parties),
        "version": project.version,
        **{f"{n}_amount": amount_text(getattr(draft, f"{n}_amount"), getattr(draft, f"{n}_bound")) for n in _AMOUNTS},
        **{f"extra_{key}": extra_text(value) for key, value in draft.extra.items()},
    }


def extra_text(value: Any) -> Any:
    """A kept value of a kind's own field as its form field reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return f"{_BOUND_MARKS[Bound(value['bound'])]}{value['amount']}元"
    return value


_AMOUNTS = ("planned", "signed", "completed")


class StepForm(forms.Form):
    """One step of the lifecycle."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    state_as_of = forms.DateField(
        label=_l("发生日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
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
        text = self.cleaned_data["kept"].strip().upper().removeprefix("XM")
        if not (text.isascii() and text.isdigit()):
            raise forms.ValidationError(_("请填写项目编号，如 XM000012。"))
        return int(text)


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
