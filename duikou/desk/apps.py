"""Registration of the room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The room `desk`."""

    name = "duikou.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
