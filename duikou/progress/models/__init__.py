"""What was reported of projects month by month, and the sums of it."""

from duikou.progress.models.alarm import Alarm, AlarmRule, AlarmStanding
from duikou.progress.models.month import MonthClose, ReportingRule
from duikou.progress.models.report import FIGURES, FUNDS, ProgressReport, month_label
from duikou.progress.models.series import ReportSeries
from duikou.progress.models.summary import RegionReportSummary, ReportSummary
from duikou.progress.states import AlarmState, ReportState, Source

__all__ = [
    "FIGURES",
    "FUNDS",
    "Alarm",
    "AlarmRule",
    "AlarmStanding",
    "AlarmState",
    "MonthClose",
    "ProgressReport",
    "RegionReportSummary",
    "ReportSeries",
    "ReportState",
    "ReportSummary",
    "ReportingRule",
    "Source",
    "month_label",
]
