"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgressConfig(AppConfig):
    """How it goes: monthly reports, their review and lock, and the alarms that follow from them."""

    name = "duikou.progress"
    label = "progress"
    verbose_name = _("进展月报")
    default_auto_field = "django.db.models.BigAutoField"
