"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GreenChannelConfig(AppConfig):
    """What stands in the way: blockers of projects with a named owner and a clock in working days."""

    name = "duikou.greenchannel"
    label = "greenchannel"
    verbose_name = _("绿色通道")
    default_auto_field = "django.db.models.BigAutoField"
