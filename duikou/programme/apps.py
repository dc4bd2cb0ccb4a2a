"""Registration of the room."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """The room `programme`."""

    name = "duikou.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"
