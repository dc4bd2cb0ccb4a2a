"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Who met, what was said and who does what until when."""

    name = "duikou.meetings"
    label = "meetings"
    verbose_name = _("会商互访")
    default_auto_field = "django.db.models.BigAutoField"
