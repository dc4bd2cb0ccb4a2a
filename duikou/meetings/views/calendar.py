"""The calendar: a month, or a list of what falls on its days."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from duikou.kernel import clock
from duikou.kernel.actor import Role
from duikou.kernel.permissions import check
from duikou.meetings import policies
from duikou.meetings.forms import MonthForm
from duikou.meetings.selectors.calendar import happenings, month_grid
from duikou.meetings.selectors.lists import pairings_shown
from duikou.meetings.views.lists import MeetingView

MOST_A_DAY = 8
"""Of one day below the month; the list shows them all."""


class Calendar(MeetingView):
    """Meetings, action items and duties of one month, as far as the viewer may know of them."""

    for_units = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """The month of the address, this one without it; a bad one is said, and this one shown."""
        pairings = pairings_shown(actor=self.actor)
        asked = request.GET.copy()
        if not asked.get("month"):
            asked["month"] = clock.today().strftime("%Y-%m")
        form = MonthForm(asked, pairings=pairings)
        valid = form.is_valid()
        data = form.cleaned_data
        first = _month(data.get("month") or "") if valid else clock.today().replace(day=1)
        last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        start = first - dt.timedelta(days=first.weekday())
        end = last + dt.timedelta(days=6 - last.weekday())
        pairing_id = int(data["pairing"]) if valid and data.get("pairing") else None
        found = happenings(actor=self.actor, start=start, end=end, pairing_id=pairing_id)
        inside = [one for one in found if one.first <= last and one.last >= first]
        as_list = data.get("view") == "list"
        query = request.GET.copy()
        query.pop("month", None)
        context = {
            "form": form,
            "faults": [
                f"{form.fields[name].label}：{' '.join(str(one) for one in bad)}" for name, bad in form.errors.items()
            ],
            "first": first,
            "today": clock.today(),
            "weeks": month_grid(first=first, found=found),
            "days": [(day, list(rows)) for day, rows in groupby(inside, key=lambda one: max(one.first, first))],
            "as_list": as_list,
            "most": ":" if as_list else f":{MOST_A_DAY}",
            "whole": f"?{urlencode({'view': 'list', 'month': f'{first:%Y-%m}', 'pairing': pairing_id or ''})}",
            "before": (first - dt.timedelta(days=1)).strftime("%Y-%m"),
            "after": (last + dt.timedelta(days=1)).strftime("%Y-%m"),
            "rest": f"&{query.urlencode()}" if query else "",
            "write": check(self.actor, policies.WRITE.code),
            "has_feed": check(self.actor, policies.FEED.code),
            "is_unit": self.actor.role is Role.UNIT,
        }
        return self.render("meetings/calendar.html", context, status=200 if valid else 400)


def _month(text: str) -> dt.date:
    """The first of the month that the address names; of this month where it names none."""
    if not text:
        return clock.today().replace(day=1)
    year, _dash, month = text.partition("-")
    return dt.date(int(year), int(month), 1)
