"""When a month is due and when it closes."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from duikou.programme.models import Programme
from duikou.projects.models import ProjectState

_DAY = [MinValueValidator(1), MaxValueValidator(20)]


def usual_states() -> list[str]:
    """States of projects that owe a monthly report where nothing else is set."""
    return [ProjectState.SIGNED.value, ProjectState.STARTED.value]


class ReportingRule(models.Model):
    """The days of a programme's monthly reports, counted in working days of the following month, and who owes them.

    No deadline is official: without a row the defaults hold, an example that the coordinator replaces.
    """

    programme = models.OneToOneField(
        Programme, verbose_name=_("方案"), primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    due_day = models.PositiveSmallIntegerField(_("报送期限（次月第几个工作日）"), default=5, validators=_DAY)
    close_day = models.PositiveSmallIntegerField(_("锁定日（次月第几个工作日）"), default=10, validators=_DAY)
    remind_days = models.PositiveSmallIntegerField(_("提前几天提醒"), default=3, validators=[MaxValueValidator(20)])
    states = models.JSONField(_("哪些状态的项目须报"), default=usual_states)
    version = models.PositiveIntegerField(_("版次"), default=1)

    class Meta:
        verbose_name = _("月报期限")
        verbose_name_plural = _("月报期限")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(close_day__gte=models.F("due_day")), name="reporting_closes_after_due"
            )
        ]

    def __str__(self) -> str:
        return str(self.programme)


class MonthClose(models.Model):
    """A month of a programme whose reports are locked; written once, by the clock, and never taken back."""

    programme = models.ForeignKey(Programme, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    month = models.PositiveIntegerField(_("月份"))
    closed_at = models.DateTimeField(_("锁定时间"))
    reports = models.PositiveIntegerField(_("已审核份数"))

    class Meta:
        verbose_name = _("月报锁定")
        verbose_name_plural = _("月报锁定")
        constraints = [models.UniqueConstraint(fields=["programme", "month"], name="month_closed_once")]

    def __str__(self) -> str:
        return f"{self.programme} {self.month}"
