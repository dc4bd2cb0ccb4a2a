"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParksConfig(AppConfig):
    """What grows in a co-built park: agreements, residents, their figures by period, kept in two columns."""

    name = "duikou.parks"
    label = "parks"
    verbose_name = _("合作园区")
    default_auto_field = "django.db.models.BigAutoField"
