"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Official papers: Word, PDF, Excel."""

    name = "duikou.documents"
    label = "documents"
    verbose_name = _("公文")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang the panel and name the trail's words."""
        from duikou.documents import panels, policies, states  # noqa: F401, PLC0415 - the registry is ready only now
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415

        panels.register_panels()
        register_words("documents", actions=states.TRAIL_ACTIONS, fields=states.TRAIL_FIELDS)
