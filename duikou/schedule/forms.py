"""What people fill in about milestones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.web.nul import name_nul
from duikou.projects.models import Project
from duikou.schedule.models import Milestone, MilestoneKind, Side
from duikou.schedule.services.draft import FACTS, MilestoneDraft
from duikou.schedule.states import TYPICAL


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


class MilestoneForm(_Form):
    """The facts of a milestone."""

    title = forms.CharField(
        label=_l("里程碑"), max_length=100, widget=forms.TextInput({"list": "typical-nodes", "autocomplete": "off"})
    )
    kind = forms.ChoiceField(
        label=_l("类型"),
        choices=MilestoneKind.choices,
        initial=MilestoneKind.NODE.value,
        help_text=_l("开工、完工各一个，计划日期即项目的计划开工、计划完工日期。"),
    )
    planned_on = forms.DateField(label=_l("计划日期"), required=False, widget=Day())
    forecast_on = forms.DateField(
        label=_l("预计日期"), required=False, widget=Day(), help_text=_l("与计划不同时填写；后置里程碑随之推算。")
    )
    side = forms.ChoiceField(label=_l("责任方"), choices=Side.choices, required=False, initial=Side.NONE.value)
    organisation_id = forms.TypedChoiceField(
        label=_l("责任单位"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_l("从项目的合作单位中选；不选则由责任方的办公室负责。"),
    )
    weight = forms.IntegerField(label=_l("权重（百分数）"), required=False, min_value=1, max_value=100)
    note = forms.CharField(label=_l("说明"), required=False, max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = project.parties.exclude(organisation=None).order_by("id")
        bodies = dict(parties.values_list("organisation_id", "organisation__name"))
        choices: Any = self.fields
        choices["organisation_id"].choices = [("", "—"), *((str(pk), name) for pk, name in bodies.items())]
        names = {Side.FIRST.value: project.first_region.label}
        if project.second_region is not None:
            names[Side.SECOND.value] = project.second_region.label
        choices["side"].choices = [(code, names.get(code, label)) for code, label in Side.choices]

    def draft(self) -> MilestoneDraft:
        """What was filled in."""
        data = self.cleaned_data
        return MilestoneDraft(**{name: data[name] for name in FACTS if name != "side"}, side=data["side"] or "none")


def milestone_initial(row: Milestone) -> dict[str, Any]:
    """A milestone as `MilestoneForm` shows it."""
    return {name: getattr(row, name) for name in FACTS}


class DoneForm(_Form):
    """When it happened."""

    on = forms.DateField(label=_l("完成日期"), widget=Day())
    note = forms.CharField(label=_l("说明"), required=False, max_length=500, widget=forms.Textarea({"rows": 3}))


class ReasonForm(_Form):
    """A reason that is a must."""

    reason = forms.CharField(label=_l("理由"), max_length=500, widget=forms.Textarea({"rows": 3}))


class LinkForm(_Form):
    """What a milestone waits for."""

    before = forms.TypedChoiceField(label=_l("前置里程碑"), coerce=int)
    lag = forms.IntegerField(
        label=_l("间隔天数"),
        min_value=0,
        max_value=3650,
        initial=0,
        help_text=_l("前置里程碑完成之后至少相隔的自然日。"),
    )

    def __init__(self, *args: Any, offered: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["before"]
        choices.choices = list(offered)


class TypicalForm(_Form):
    """The nodes that most projects have, each with a planned day; what stays empty is not added."""

    def __init__(self, *args: Any, present: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = set(present)
        self.titles = [title for title in TYPICAL if title not in taken]
        for number, title in enumerate(self.titles):
            label = str(TYPICAL[title][1])
            self.fields[f"day_{number}"] = forms.DateField(label=label, required=False, widget=Day())

    def drafts(self) -> list[tuple[str, MilestoneDraft]]:
        """(field, draft) of every node that was given a day, in the order of days."""
        found = []
        for number, title in enumerate(self.titles):
            day: dt.date | None = self.cleaned_data.get(f"day_{number}")
            if day is not None:
                found.append((f"day_{number}", MilestoneDraft(title, day, TYPICAL[title][0].value)))
        return found
