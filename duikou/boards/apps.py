"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardsConfig(AppConfig):
    """Showing projects at once: Gantt, board by state, map. It owns no tables."""

    name = "duikou.boards"
    label = "boards"
    verbose_name = _("图板")
    default_auto_field = "django.db.models.BigAutoField"
