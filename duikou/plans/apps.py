"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """What was promised: plans, versions, entries."""

    name = "duikou.plans"
    label = "plans"
    verbose_name = _("计划")
    default_auto_field = "django.db.models.BigAutoField"
