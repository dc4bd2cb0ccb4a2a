"""Parsing of filters, preferences and the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duikou.flow.models import kinds
from duikou.flow.rules import Ask, StepRule
from duikou.flow.states import DutyState, MailMode
from duikou.kernel.errors import DomainError
from duikou.kernel.verdict import Verdict
from duikou.kernel.web.nul import name_nul
from duikou.programme.models.localised import in_language


class InboxFilter(forms.Form):
    """Which items or notices to show."""

    kind = forms.ChoiceField(label=_("类别"), required=False)
    overdue = forms.BooleanField(label=_("仅看逾期"), required=False)
    unread = forms.BooleanField(label=_("仅看未读"), required=False)

    def __init__(self, *args: Any, tab: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("全部")), *((kind.code, kind.label) for kind in kinds())]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        for name, where in (("overdue", "waiting"), ("unread", "notices")):
            if where != tab:
                del self.fields[name]

    def wish(self, name: str) -> Any:
        """A field's value; nothing where it is missing or wrong."""
        self.is_valid()
        return getattr(self, "cleaned_data", {}).get(name) or ""


class DayForm(forms.Form):
    """One day of the working-day table."""

    day = forms.DateField(
        label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), input_formats=["%Y-%m-%d"]
    )
    works = forms.TypedChoiceField(
        label=_("安排"), choices=[("1", _("上班")), ("0", _("放假"))], coerce=lambda text: text == "1"
    )
    note = forms.CharField(label=_("说明"), max_length=100, required=False)
    source = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("例如国办发明电的文号"))

    def clean_day(self) -> dt.date:
        """A day of this century's calendar."""
        day: dt.date = self.cleaned_data["day"]
        if not 2004 <= day.year <= 2100:
            raise forms.ValidationError(_("请填写2004年至2100年之间的日期。"))
        return day


def wishes_posted(data: Any) -> dict[str, tuple[bool, MailMode]]:
    """Kind → (on the site, by mail) from a posted preference table; what is not known there is left alone."""
    found = {}
    for kind in kinds():
        mail = data.get(f"mail-{kind.code}", "")
        if not kind.is_duty and mail in MailMode.values:
            found[kind.code] = (bool(data.get(f"inbox-{kind.code}")), MailMode(mail))
    return found


def _area(label: Any, *, required: bool, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=1000, required=required, widget=widget, help_text=help_text)


def _date(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, input_formats=["%Y-%m-%d"], required=required, help_text=help_text
    )


def _asked(ask: Ask) -> forms.Field:
    """A field for what a step asks for; the service judges pattern and bounds."""
    label = in_language(ask.label, ask.label_en)
    if ask.type == "date":
        return _date(label, required=ask.required)
    if ask.type == "int":
        return forms.IntegerField(label=label, required=ask.required)
    if ask.type == "choice":
        words = [(value, in_language(one, one_en)) for value, one, one_en in ask.choices]
        return forms.ChoiceField(label=label, required=ask.required, choices=[("", "—"), *words])
    widget = forms.TextInput(attrs={"placeholder": ask.example})
    return forms.CharField(label=label, required=ask.required, max_length=ask.longest, widget=widget)


class ActForm(forms.Form):
    """Doing a step: what was seen, a note, and what the step's definition asks for."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    note = _area(_("意见"), required=False)
    consent_name = forms.CharField(label=_("同意人姓名"), max_length=60)
    consent_post = forms.CharField(label=_("同意人职务"), max_length=100)
    consent_on = _date(_("同意日期"))
    evidence = forms.FileField(label=_("签署件"), required=False)

    def __init__(self, *args: Any, rule: StepRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not rule.records_consent:
            for name in ("consent_name", "consent_post", "consent_on"):
                del self.fields[name]
        if not (rule.records_consent or rule.evidence):
            del self.fields["evidence"]
        elif rule.evidence:
            self.fields["evidence"].help_text = _("必须上传。")
        asked = {f"ask_{ask.code}": _asked(ask) for ask in rule.asks}
        self.fields.update(asked)
        self.order_fields([*asked, "consent_name", "consent_post", "consent_on", "evidence", "note", "seen"])

    @property
    def given(self) -> dict[str, Any]:
        """Answers by code."""
        return {
            name.removeprefix("ask_"): value for name, value in self.cleaned_data.items() if name.startswith("ask_")
        }


class ReturnForm(forms.Form):
    """Sending back: where to, and why."""

    to = forms.ChoiceField(label=_("退回至"))
    reason = _area(_("理由"), required=True)

    def __init__(self, *args: Any, targets: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = list(targets)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A step that only asks why."""

    reason = _area(_("理由"), required=True)


class DelegationForm(forms.Form):
    """Letting somebody stand in."""

    post = forms.ChoiceField(label=_("岗位"))
    to_account = forms.TypedChoiceField(label=_("受托人"), coerce=int)
    valid_from = _date(_("起始日期"))
    valid_to = _date(_("截止日期"))
    reason = forms.CharField(label=_("事由"), max_length=500)

    def __init__(
        self, *args: Any, posts: Sequence[tuple[int, str]], people: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(str(pk), label) for pk, label in posts]  # type: ignore[attr-defined]
        self.fields["to_account"].choices = list(people)  # type: ignore[attr-defined]


class DutyFilter(forms.Form):
    """Which duties of which year."""

    year = forms.TypedChoiceField(label=_("年度"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *DutyState.choices])

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class DueForm(forms.Form):
    """A day by which something is owed."""

    due_on = _date(_("期限"), required=False, help_text=_("留空表示不设期限。"))
    reason = forms.CharField(label=_("理由"), max_length=500)


class ViewForm(forms.Form):
    """A saved view's name, and for whom it is."""

    name = forms.CharField(label=_("名称"), max_length=40)
    is_shared = forms.BooleanField(label=_("与本单位共享"), required=False)
    is_usual = forms.BooleanField(label=_("打开这个列表时默认使用"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    list = forms.CharField(required=False, widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, share: Verdict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not share:
            del self.fields["is_shared"]
        name_nul(self)

    def refuse(self, error: DomainError) -> None:
        """Show why the service refused, at the field if it says one."""
        for name, texts in (getattr(error, "fields", {}) or {"": [error.message]}).items():
            self.add_error(name if name in self.fields else None, texts[0])
