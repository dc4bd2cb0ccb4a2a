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
        from duikou.documents import panels, policies, states  # noqa: PLC0415 - the registry is ready only now
        from duikou.documents.selectors import reading_sees  # noqa: PLC0415
        from duikou.records.policies import own_evidence  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415

        own_evidence("documents.reading", sees=reading_sees, writes=policies.evidence_writes)
        panels.register_panels()
        register_words("documents", actions=states.TRAIL_ACTIONS, fields=states.TRAIL_FIELDS)
