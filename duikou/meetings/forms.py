"""What people fill in about meetings, minutes and action items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.clock import SHANGHAI
from duikou.kernel.references import Reference
from duikou.kernel.rich_text import from_plain
from duikou.kernel.web.nul import name_nul
from duikou.meetings.models import Host, Layer, Meeting, MeetingKind, Seat
from duikou.meetings.rules.lines import Person, Unreadable, items, people
from duikou.meetings.selectors.owners import Owner
from duikou.meetings.services.cadences import CadenceDraft
from duikou.meetings.services.meetings import MeetingDraft
from duikou.meetings.services.minutes import DecisionDraft
from duikou.programme.models import Duty, Pairing


class Day(forms.DateInput):
    """A date the browser helps with."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Hour(forms.TimeInput):
    """A time of day the browser helps with."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)

    def add_faults(self, fields: Mapping[str, Iterable[str]]) -> None:
        """What a service refused, at the fields it names."""
        for name, texts in fields.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


class WhenForm(_Form):
    """From when to when."""

    starts_on = forms.DateField(label=_l("开始日期"), widget=Day())
    starts_time = forms.TimeField(label=_l("开始时间"), required=False, widget=Hour())
    ends_on = forms.DateField(label=_l("结束日期"), required=False, widget=Day(), help_text=_l("留空即为同一天。"))
    ends_time = forms.TimeField(label=_l("结束时间"), required=False, widget=Hour())
    all_day = forms.BooleanField(label=_l("全天（如多日互访）"), required=False)

    def clean(self) -> dict[str, Any]:
        """A time of day is needed unless the whole day is meant."""
        data = super().clean() or self.cleaned_data
        if not data.get("all_day"):
            for name in ("starts_time", "ends_time"):
                if name not in self.errors and data.get(name) is None:
                    self.add_error(name, _("请填写时间，或选择“全天”。"))
        return data

    def moments(self) -> dict[str, Any]:
        """Aware moments; whole days end at the midnight after the last."""
        data = self.cleaned_data
        first, last = data["starts_on"], data["ends_on"] or data["starts_on"]
        if data["all_day"]:
            midnight = dt.time(0)
            start = dt.datetime.combine(first, midnight, SHANGHAI)
            end = dt.datetime.combine(last, midnight, SHANGHAI) + dt.timedelta(days=1)
        else:
            start = dt.datetime.combine(first, data["starts_time"], SHANGHAI)
            end = dt.datetime.combine(last, data["ends_time"], SHANGHAI)
        return {"starts_at": start, "ends_at": end, "all_day": data["all_day"]}


def when_initial(meeting: Meeting) -> dict[str, Any]:
    """The moments of a meeting as `WhenForm` shows them."""
    start, end = meeting.starts_at.astimezone(SHANGHAI), meeting.ends_at.astimezone(SHANGHAI)
    return {
        "starts_on": meeting.first_day,
        "ends_on": meeting.last_day,
        "starts_time": None if meeting.all_day else start.time(),
        "ends_time": None if meeting.all_day else end.time(),
        "all_day": meeting.all_day,
    }


class MeetingForm(WhenForm):
    """The facts of a meeting."""

    pairing = forms.ChoiceField(label=_l("对口关系"))
    kind = forms.ChoiceField(label=_l("类别"), choices=MeetingKind.choices)
    layer = forms.ChoiceField(
        label=_l("层级"),
        choices=Layer.choices,
        help_text=_l("决策层：主要领导；协调层：双方办公室；执行层：部门、区县和园区。"),
    )
    title = forms.CharField(label=_l("标题"), max_length=200)
    host = forms.ChoiceField(label=_l("主办方"), choices=Host.choices, help_text=_l("主办方起草会议纪要。"))
    place = forms.CharField(label=_l("地点"), required=False, max_length=200)
    online_link = forms.URLField(label=_l("线上会议链接"), required=False, max_length=300, assume_scheme="https")
    duty = forms.ChoiceField(
        label=_l("完成的应办事项"), required=False, help_text=_l("会议召开后，这项年度应办事项即视为完成。")
    )

    field_order = ("pairing", "kind", "layer", "title", "host", "starts_on", "starts_time", "ends_on", "ends_time")

    def __init__(self, *args: Any, pairings: list[Pairing], duties: list[Duty], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairings = {str(pairing.pk): pairing for pairing in pairings}
        self.duties = {str(duty.pk): duty for duty in duties}
        choices: Any = self.fields
        choices["pairing"].choices = [(pk, pairing.label) for pk, pairing in self.pairings.items()]
        choices["duty"].choices = [("", "—"), *((pk, duty.label) for pk, duty in self.duties.items())]
        if len(pairings) == 1:
            pairing = pairings[0]
            names = {Host.FIRST.value: pairing.first_region.label, Host.SECOND.value: pairing.second_label}
            choices["host"].choices = [(code, names.get(code, label)) for code, label in Host.choices]

    def draft(self) -> MeetingDraft:
        """What was filled in."""
        data = self.cleaned_data
        names = ("kind", "layer", "title", "host", "place", "online_link")
        return MeetingDraft(
            pairing=self.pairings[data["pairing"]],
            duty=self.duties.get(data["duty"]),
            **{name: data[name] for name in names},
            **self.moments(),
        )


def meeting_initial(meeting: Meeting) -> dict[str, Any]:
    """A meeting as `MeetingForm` shows it."""
    names = ("kind", "layer", "title", "host", "place", "online_link")
    ids = {"pairing": meeting.pairing_id, "duty": meeting.duty_id or ""}
    return {**{name: getattr(meeting, name) for name in names}, **ids, **when_initial(meeting)}


class AgendaForm(_Form):
    """The agenda, one item a line."""

    agenda = forms.CharField(
        label=_l("议程"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 10}),
        help_text=_l("每行一项，按顺序排列。"),
    )

    def titles(self) -> tuple[str, ...]:
        """The items."""
        return items(self.cleaned_data["agenda"])


class AttendanceForm(_Form):
    """Who attends, one person a line, by seat."""

    first = forms.CharField(required=False, max_length=40_000, widget=forms.Textarea({"rows": 7}))
    second = forms.CharField(required=False, max_length=40_000, widget=forms.Textarea({"rows": 7}))
    guest = forms.CharField(label=_l("列席"), required=False, max_length=40_000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for seat in (Seat.FIRST.value, Seat.SECOND.value):
            self.fields[seat].label = _("%(side)s出席人员") % {"side": labels[seat]}
            self.fields[seat].help_text = _(
                "每行一人：姓名，职务，单位；第一个写明姓名的为带队领导。只有人数时写“12人，单位”。"
            )

    def clean(self) -> dict[str, Any]:
        """Lines to people."""
        data = super().clean() or self.cleaned_data
        for seat in Seat.values:
            try:
                data[seat] = people(data.get(seat) or "")
            except Unreadable as bad:
                self.add_error(
                    seat, _("第%(number)s行无法识别：%(line)s") % {"number": bad.number, "line": bad.line[:40]}
                )
        return data

    def seats(self) -> dict[str, tuple[Person, ...]]:
        """People by seat."""
        return {seat: self.cleaned_data[seat] for seat in Seat.values}


class LinksForm(_Form):
    """What the meeting is about: things of other rooms."""

    links = forms.MultipleChoiceField(
        label=_l("关联的计划事项"), required=False, widget=forms.SelectMultiple({"size": 12})
    )

    def __init__(self, *args: Any, offered: Mapping[str, list[tuple[str, Reference]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["links"]
        choices.choices = [(group, [(code, one.label) for code, one in rows]) for group, rows in offered.items()]

    def wanted(self) -> list[tuple[str, str]]:
        """(kind, id) of what was chosen."""
        return [(kind, one) for kind, _bar, one in (code.partition("|") for code in self.cleaned_data["links"])]


class ReasonForm(_Form):
    """A reason that is a must."""

    reason = forms.CharField(label=_l("理由"), max_length=1000, widget=forms.Textarea({"rows": 4}))


class CadenceForm(_Form):
    """A mechanism that two sides agreed on."""

    pairing = forms.ChoiceField(label=_l("对口关系"))
    layer = forms.ChoiceField(label=_l("层级"), choices=Layer.choices)
    kind = forms.ChoiceField(label=_l("类别"), required=False)
    title = forms.CharField(label=_l("名称"), max_length=120)
    years = forms.IntegerField(label=_l("每几年一次"), min_value=1, max_value=5, initial=1)
    since = forms.IntegerField(label=_l("起算年份"), min_value=2000, max_value=2100)

    def __init__(self, *args: Any, pairings: list[Pairing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairings = {str(pairing.pk): pairing for pairing in pairings}
        choices: Any = self.fields
        choices["pairing"].choices = [(pk, pairing.label) for pk, pairing in self.pairings.items()]
        choices["kind"].choices = [("", _("不限类别")), *MeetingKind.choices]

    def draft(self) -> CadenceDraft:
        """What was filled in."""
        data = self.cleaned_data
        names = ("layer", "kind", "title", "years", "since")
        return CadenceDraft(self.pairings[data["pairing"]], **{name: data[name] for name in names})


class MonthForm(_Form):
    """Which month, of which pairing, and how it is shown."""

    month = forms.RegexField(r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$", label=_l("月份"), required=False)
    pairing = forms.ChoiceField(label=_l("对口关系"), required=False)
    view = forms.ChoiceField(label=_l("显示方式"), required=False, choices=[("", _l("月历")), ("list", _l("列表"))])

    def __init__(self, *args: Any, pairings: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].widget.input_type = "month"
        choices: Any = self.fields["pairing"]
        choices.choices = [("", _("全部")), *((str(pk), name) for pk, name in pairings)]


class MinutesForm(_Form):
    """The text of the minutes."""

    body = forms.CharField(
        label=_l("正文"),
        required=False,
        widget=forms.Textarea({"rows": 18}),
        help_text=_l("可写普通文字，也可写基本的HTML；不安全的内容会去掉。"),
    )

    def text(self) -> str:
        """What was written; plain lines become paragraphs."""
        body: str = self.cleaned_data["body"]
        return body if "<" in body else from_plain(body)


class DecisionForm(_Form):
    """Who does what until when."""

    text = forms.CharField(label=_l("议定事项"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    owner = forms.ChoiceField(label=_l("责任方"))
    due_on = forms.DateField(label=_l("完成期限"), widget=Day())

    def __init__(self, *args: Any, owners: Mapping[str, list[Owner]], labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["owner"]
        choices.choices = [(labels[side], [(one.code, one.name) for one in rows]) for side, rows in owners.items()]

    def draft(self) -> DecisionDraft:
        """What was filled in."""
        data = self.cleaned_data
        return DecisionDraft(data["text"], data["owner"], data["due_on"])


class ReportForm(_Form):
    """How something was done."""

    report = forms.CharField(label=_l("办理结果"), max_length=1000, widget=forms.Textarea({"rows": 5}))


class NoteForm(_Form):
    """What the giving side says of it."""

    note = forms.CharField(label=_l("确认意见"), max_length=1000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = needed
