"""Reads of this room; every one starts from the actor."""

from duikou.progress.selectors.months import Days, closed_months, days_of, is_closed, month_now, rule_of
from duikou.progress.selectors.reports import figures_of, neighbours, report_visible, reports_visible, standing_of

__all__ = [
    "Days",
    "closed_months",
    "days_of",
    "figures_of",
    "is_closed",
    "month_now",
    "neighbours",
    "report_visible",
    "reports_visible",
    "rule_of",
    "standing_of",
]
