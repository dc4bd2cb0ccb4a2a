"""Registration of the room."""

from django.apps import AppConfig


class FlowConfig(AppConfig):
    """The room `flow`."""

    name = "duikou.flow"
    label = "flow"
    default_auto_field = "django.db.models.BigAutoField"
