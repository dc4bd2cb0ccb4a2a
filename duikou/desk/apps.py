"""Registration of the room."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The room `desk`."""

    name = "duikou.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the workbench and the overview into the navigation; pass facts on to the inbox."""
        from duikou.kernel.actor import SIGNED_IN  # noqa: PLC0415 - the registry is ready only now
        from duikou.kernel.shell import NavEntry, add_frame, add_nav  # noqa: PLC0415

        add_nav(NavEntry(_("工作台"), "desk:home", "layout-dashboard", 10, SIGNED_IN, "/"))
        add_nav(NavEntry(_("总览"), "desk:overview", "map-2", 20, SIGNED_IN, "/overview/", is_business=True))
        add_frame("search_url", lambda _request, _actor: reverse("desk:search"))
        add_frame("search_label", lambda _request, _actor: _("搜索"))
        from duikou.desk.services import tellings  # noqa: PLC0415

        tellings.wire()
