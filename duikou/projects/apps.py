"""Registration of the room."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """The room `projects`."""

    name = "duikou.projects"
    label = "projects"
    default_auto_field = "django.db.models.BigAutoField"
