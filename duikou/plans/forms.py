"""What people fill in about plans, their sections and entries."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.access.models import Organisation
from duikou.kernel.errors import Invalid
from duikou.kernel.money import Bound, Money, parse_amount
from duikou.kernel.text import clean_name
from duikou.kernel.web.nul import name_nul
from duikou.plans.models import Plan
from duikou.plans.rules.content import PlanContent
from duikou.plans.services.entry_draft import EntryDraft, MoneyDraft, UnitDraft
from duikou.plans.services.plans import PlanDraft
from duikou.plans.services.sections import SectionDraft
from duikou.plans.services.text import as_written, editable
from duikou.plans.states import EntryState, MoneySource, Part, PlanKind, Side
from duikou.programme.models import Clause, Indicator, Pairing


class Day(forms.DateInput):
    """A date the browser helps with."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)

    def add_faults(self, fields: Mapping[str, Iterable[str]]) -> None:
        """What a service refused, at the fields it names."""
        for name, texts in fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


class PlanForm(_Form):
    """The facts of a plan."""

    pairing = forms.ChoiceField(label=_l("对口关系"))
    kind = forms.ChoiceField(label=_l("计划类别"), choices=PlanKind.choices)
    title = forms.CharField(label=_l("标题"), max_length=200)
    year = forms.IntegerField(
        label=_l("年度"), required=False, min_value=2000, max_value=2100, help_text=_l("年度计划和年度总结必填。")
    )
    starts_on = forms.DateField(label=_l("起始日期"), required=False, widget=Day())
    ends_on = forms.DateField(
        label=_l("截止日期"), required=False, widget=Day(), help_text=_l("年度计划留空即为全年。")
    )
    field = forms.ChoiceField(label=_l("合作领域"), required=False, help_text=_l("专项实施方案必填。"))
    parent = forms.ChoiceField(label=_l("上级计划"), required=False, help_text=_l("年度计划分解自哪个实施方案。"))

    def __init__(
        self, *args: Any, pairings: list[Pairing], clauses: list[Clause], parents: list[Plan], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pairings = {str(pairing.pk): pairing for pairing in pairings}
        self.clauses = {str(clause.pk): clause for clause in clauses}
        self.parents = {str(plan.pk): plan for plan in parents}
        choices: Any = self.fields
        choices["pairing"].choices = [(pk, pairing.label) for pk, pairing in self.pairings.items()]
        choices["field"].choices = [("", "—"), *((pk, str(clause)) for pk, clause in self.clauses.items())]
        choices["parent"].choices = [("", "—"), *((pk, plan.title) for pk, plan in self.parents.items())]

    def draft(self) -> PlanDraft:
        """What was filled in."""
        data = self.cleaned_data
        return PlanDraft(
            pairing=self.pairings[data["pairing"]],
            kind=data["kind"],
            title=data["title"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            year=data["year"],
            field=self.clauses.get(data["field"]),
            parent=self.parents.get(data["parent"]),
        )


class SectionForm(_Form):
    """One heading and its text."""

    heading = forms.CharField(label=_l("标题"), max_length=200)
    part = forms.ChoiceField(label=_l("组成部分"), choices=Part.choices)
    level = forms.TypedChoiceField(
        label=_l("层级"), coerce=int, choices=[(1, _l("一、")), (2, _l("（一）")), (3, _l("1."))]
    )
    clauses = forms.MultipleChoiceField(
        label=_l("对应条款"), required=False, widget=forms.SelectMultiple({"data-enhance": ""})
    )
    body = forms.CharField(
        label=_l("正文"),
        required=False,
        widget=forms.Textarea({"rows": 16}),
        help_text=_l("可写普通文字，也可写基本的HTML；不安全的内容会去掉。"),
    )

    def __init__(self, *args: Any, clauses: list[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["clauses"]
        choices.choices = [(clause.code, str(clause)) for clause in clauses]

    def draft(self) -> SectionDraft:
        """What was filled in; plain lines become paragraphs."""
        data = self.cleaned_data
        body, clauses = as_written(data["body"]), tuple(data["clauses"])
        return SectionDraft(data["heading"], body, data["part"], data["level"], clauses)


class EntryForm(_Form):
    """One promise."""

    title = forms.CharField(label=_l("事项"), max_length=200)
    section = forms.ChoiceField(label=_l("所属章节"), required=False)
    clauses = forms.MultipleChoiceField(
        label=_l("对应条款"), required=False, widget=forms.SelectMultiple({"data-enhance": ""})
    )
    measure = forms.CharField(label=_l("具体举措"), required=False, widget=forms.Textarea({"rows": 5}))
    target = forms.CharField(label=_l("目标"), required=False, max_length=500)
    indicator = forms.ChoiceField(label=_l("指标"), required=False)
    target_value = forms.DecimalField(label=_l("目标值"), required=False, max_digits=20, decimal_places=4)
    target_unit = forms.CharField(label=_l("目标单位"), required=False, max_length=20)
    starts_on = forms.DateField(label=_l("开始日期"), required=False, widget=Day())
    due_on = forms.DateField(label=_l("完成期限"), required=False, widget=Day())
    first_units = forms.CharField(
        label=_l("甲侧责任单位"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_l("每行一个，第一行为牵头单位。"),
    )
    second_units = forms.CharField(
        label=_l("乙侧责任单位"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_l("每行一个，第一行为牵头单位。"),
    )
    money = forms.CharField(
        label=_l("资金"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_l("每行一项，如“中央资金 3000万元”“地方财政资金（甲侧） 约1.2亿元”。"),
    )
    parent = forms.ChoiceField(label=_l("分解自事项"), required=False)

    def __init__(
        self,
        *args: Any,
        content: PlanContent,
        clauses: list[Clause],
        indicators: list[Indicator],
        above: PlanContent | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.above = above
        choices: Any = self.fields
        choices["section"].choices = [("", "—"), *((one.uid, one.heading) for one in content.sections)]
        choices["clauses"].choices = [(clause.code, str(clause)) for clause in clauses]
        choices["indicator"].choices = [
            ("", "—"),
            *((one.code, f"{one.label}（{one.unit_label}）") for one in indicators),
        ]
        choices["parent"].choices = [("", "—"), *((one.uid, one.title) for one in (above.entries if above else ()))]
        choices["first_units"].label = _("%(side)s责任单位") % {"side": content.first_label}
        choices["second_units"].label = _("%(side)s责任单位") % {"side": content.second_label}
        self._units = {one.code: one.unit for one in indicators}

    def clean_money(self) -> tuple[MoneyDraft, ...]:
        """Lines to money by source."""
        found = []
        for line in self.cleaned_data["money"].splitlines():
            if text := clean_name(line):
                found.append(money_line(text))
        return tuple(found)

    def draft(self, known: Mapping[str, int], before: Mapping[str, Any] | None = None) -> EntryDraft:
        """What was filled in; `known`: ids of organisations by name."""
        data = self.cleaned_data
        parent = (self.above.plan_id, uuid.UUID(data["parent"])) if self.above and data["parent"] else None
        carried = EntryDraft.of(before).carried if before else None
        unit = data["target_unit"] or (self._units.get(data["indicator"], "") if data["target_value"] else "")
        return EntryDraft(
            title=data["title"],
            measure=data["measure"],
            section=uuid.UUID(data["section"]) if data["section"] else None,
            clauses=tuple(data["clauses"]),
            target=data["target"],
            indicator=data["indicator"],
            target_value=data["target_value"],
            target_unit=unit,
            starts_on=data["starts_on"],
            due_on=data["due_on"],
            units=tuple(
                UnitDraft(side, name, place == 0, known.get(name))
                for side, key in ((Side.FIRST.value, "first_units"), (Side.SECOND.value, "second_units"))
                for place, name in enumerate(_lines(data[key]))
            ),
            money=data["money"],
            parent=parent,
            carried=carried,
        )

    def unit_names(self) -> list[str]:
        """Every name in both lists."""
        return [*_lines(self.cleaned_data["first_units"]), *_lines(self.cleaned_data["second_units"])]


def section_initial(content: Mapping[str, Any]) -> dict[str, Any]:
    """Kept content as `SectionForm` shows it."""
    names = ("heading", "part", "level", "clauses")
    return {**{name: content[name] for name in names}, "body": editable(content["body"])}


def entry_initial(content: Mapping[str, Any]) -> dict[str, Any]:
    """Kept content as `EntryForm` shows it."""
    names = {
        side: [unit["name"] for unit in content["units"] if unit["side"] == side] for side in (Side.FIRST, Side.SECOND)
    }
    return {
        **{name: content[name] for name in ("title", "measure", "clauses", "target", "indicator", "target_value")},
        **{name: content[name] for name in ("target_unit", "starts_on", "due_on")},
        "section": content["section"] or "",
        "first_units": "\n".join(names[Side.FIRST]),
        "second_units": "\n".join(names[Side.SECOND]),
        "money": "\n".join(money_text(row) for row in content["money"]),
        "parent": content["parent"]["uid"] if content["parent"] else "",
    }


class ReasonForm(_Form):
    """A reason that is a must."""

    reason = forms.CharField(label=_l("理由"), max_length=1000, widget=forms.Textarea({"rows": 4}))


class SuggestionForm(_Form):
    """A wording for a field, and why."""

    text = forms.CharField(label=_l("建议文字"), required=False, widget=forms.Textarea({"rows": 8}))
    reason = forms.CharField(label=_l("理由"), required=False, max_length=500)


class ProgressForm(_Form):
    """How far something is."""

    state = forms.ChoiceField(label=_l("进展"), choices=EntryState.choices)
    note = forms.CharField(label=_l("进展说明"), required=False, max_length=1000, widget=forms.Textarea({"rows": 4}))
    value = forms.DecimalField(label=_l("完成值"), required=False, max_digits=20, decimal_places=4)
    on = forms.DateField(label=_l("进展日期"), required=False, widget=Day())


class TaskForm(_Form):
    """A task of a responsible unit."""

    organisation = forms.TypedChoiceField(label=_l("责任单位"), coerce=int)
    title = forms.CharField(label=_l("任务"), max_length=200)
    due_on = forms.DateField(label=_l("完成期限"), required=False, widget=Day())

    def __init__(self, *args: Any, bodies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.choices = bodies


class CheckForm(_Form):
    """A digest as it stands on paper."""

    digest = forms.RegexField(
        r"^\s*[0-9a-fA-F\s]{64,90}\s*$", label=_l("内容摘要"), help_text=_l("纸质文件页脚的64位字符。"), max_length=100
    )


def organisations_named(names: Iterable[str], rows: Any) -> dict[str, int]:
    """Ids of visible organisations by exact name (one query)."""
    found: dict[str, int] = {}
    for row in rows.filter(name__in=list(names)).only("pk", "name"):
        organisation: Organisation = row
        found.setdefault(organisation.name, organisation.pk)
    return found


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(name for line in text.splitlines() if (name := clean_name(line))))


def money_line(text: str) -> MoneyDraft:
    """A line as people write it; raises `ValidationError` in words."""
    for source, label in MoneySource.choices:
        if text.startswith(str(label)):
            rest, side = text[len(str(label)) :].strip("：: "), ""
            for one, name in Side.choices:
                for mark in (f"（{name}）", f"({name})"):
                    if rest.startswith(mark):
                        rest, side = rest[len(mark) :], one
            try:
                amount = parse_amount(rest, unit="万元")
            except Invalid as bad:
                raise forms.ValidationError(bad.message) from None
            if amount is None:
                break
            return MoneyDraft(source, amount.amount, side, amount.bound.value)
    sources = _("、").join(str(label) for label in MoneySource.labels)
    raise forms.ValidationError(
        _("无法识别“%(text)s”；请以资金来源开头：%(sources)s。") % {"text": text[:40], "sources": sources}
    )


FEW = 4
"""Figures behind the point that are still easily read."""
_MARKS = {Bound.ABOUT: "约", Bound.AT_LEAST: "不少于", Bound.AT_MOST: "不超过"}


def money_text(row: Mapping[str, Any]) -> str:
    """A line as people would write it, in the largest unit that says the amount in few figures; reads back the same."""
    side = f"（{Side(row['side']).label}）" if row["side"] else ""
    amount = Money(row["amount"])
    units = ((amount.yi, "亿元"), (amount.wan, "万元"))
    short = ((f"{figure.normalize():f}", unit) for figure, unit in units if figure >= 1)
    figure, unit = next(
        ((figure, unit) for figure, unit in short if len(figure.partition(".")[2]) <= FEW), (f"{amount:f}", "元")
    )
    return f"{MoneySource(row['source']).label}{side} {_MARKS.get(Bound(row['bound']), '')}{figure}{unit}"
