"""What waits for the actor, what the actor was told, and the calendar's own days."""

from duikou.flow.selectors.calendar import day_known, days_listed, forget_days
from duikou.flow.selectors.inbox import (
    Tab,
    count_shown,
    done_page,
    inbox_for,
    item_for,
    notices_for,
    notices_page,
    waiting_about,
    waiting_page,
)
from duikou.flow.selectors.people import accounts_addressed, accounts_in
from duikou.flow.selectors.preferences import Wish, wishes_of, wishes_of_many

__all__ = [
    "Tab",
    "Wish",
    "accounts_addressed",
    "accounts_in",
    "count_shown",
    "day_known",
    "days_listed",
    "done_page",
    "forget_days",
    "inbox_for",
    "item_for",
    "notices_for",
    "notices_page",
    "waiting_about",
    "waiting_page",
    "wishes_of",
    "wishes_of_many",
]
