"""Parsing of filters, preferences and the calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duikou.flow.models import kinds
from duikou.flow.states import MailMode


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
