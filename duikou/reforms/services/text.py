"""What several services of this room ask of words, dates and addresses."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from duikou.kernel.clock import today
from duikou.kernel.errors import Invalid
from duikou.kernel.text import clean, has_word

LONGEST = 4_000
Faults = dict[str, list[object]]


def words(text: str, field: str, *, longest: int = LONGEST, needed: bool = True) -> str:
    """Text fit to store; raises `Invalid` at `field` when it says nothing or too much."""
    text = clean(text)
    if needed and not has_word(text):
        raise Invalid(fields={field: [_("请填写说明。")]})
    if len(text) > longest:
        raise Invalid(fields={field: [_("最多%(limit)s个字。") % {"limit": longest}]})
    return text


def is_link(text: str) -> bool:
    """Whether it is a whole web address of at most 500 characters."""
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        return False
    return len(text) <= 500


def day_fault(day: dt.date | None, *, until: dt.date | None = None) -> str:
    """Why a day cannot be right: before 1978 or after `until` (default today); "" for none."""
    if day is None:
        return ""
    if day.year < 1978:
        return str(_("日期早于1978年，请核对。"))
    if day > (until or today()):
        return str(_("日期不能晚于今天。")) if until is None else str(_("日期过晚，请核对。"))
    return ""
