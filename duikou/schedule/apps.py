"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScheduleConfig(AppConfig):
    """When it is to happen: milestones of projects, what waits for what, baselines and slips."""

    name = "duikou.schedule"
    label = "schedule"
    verbose_name = _("进度计划")
    default_auto_field = "django.db.models.BigAutoField"
