"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReformsConfig(AppConfig):
    """What was learned from whom: reform measures and each place that adopted them."""

    name = "duikou.reforms"
    label = "reforms"
    verbose_name = _("改革经验")
    default_auto_field = "django.db.models.BigAutoField"
