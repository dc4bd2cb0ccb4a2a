"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardsConfig(AppConfig):
    """Showing projects at once: Gantt, board by state, map. It owns no tables."""

    name = "duikou.boards"
    label = "boards"
    verbose_name = _("图板")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang the way to the picture and the navigation entries."""
        from duikou.boards import panels  # noqa: PLC0415 - the registry is ready only now
        from duikou.kernel.actor import SIGNED_IN  # noqa: PLC0415
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415

        panels.register_panels()
        add_nav(
            NavEntry(
                _("甘特图"),
                "boards:gantt",
                "timeline",
                41,
                SIGNED_IN,
                "/boards/gantt/",
                under="projects:list",
                is_business=True,
            )
        )
