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
        from duikou.boards import panels, states  # noqa: PLC0415 - the registry is ready only now
        from duikou.kernel.actor import SIGNED_IN  # noqa: PLC0415
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415

        panels.register_panels()
        register_words("boards", actions=states.TRAIL_ACTIONS, kinds=states.TRAIL_KINDS, fields=states.TRAIL_FIELDS)
        entries = (
            (_("甘特图"), "boards:gantt", "timeline", 41, "/boards/gantt/"),
            (_("看板"), "boards:board", "columns", 43, "/boards/board/"),
            (_("项目地图"), "boards:map", "map", 44, "/boards/map/"),
        )
        for label, address, icon, order, prefix in entries:
            add_nav(NavEntry(label, address, icon, order, SIGNED_IN, prefix, under="projects:list", is_business=True))
