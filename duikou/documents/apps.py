"""Registration of the room."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Official papers: Word, PDF, Excel."""

    name = "duikou.documents"
    label = "documents"
    verbose_name = _("公文")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang the panels, name the trail's words, let files that nobody confirmed go."""
        from duikou.documents import panels, policies, states, tasks  # noqa: PLC0415 - the registry is ready only now
        from duikou.documents.selectors import reading_sees  # noqa: PLC0415
        from duikou.documents.selectors.templates import template_sees  # noqa: PLC0415
        from duikou.kernel import jobs  # noqa: PLC0415
        from duikou.kernel.actor import OFFICE  # noqa: PLC0415
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415
        from duikou.records.policies import own_evidence  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415

        own_evidence("documents.reading", sees=reading_sees, writes=policies.evidence_writes)
        own_evidence("documents.papertemplate", sees=template_sees, writes=policies.template_writes)
        jobs.periodic("documents.purge", tasks.purge_readings, every=dt.timedelta(days=1))
        panels.register_panels()
        add_nav(
            NavEntry(
                _("公文模板"), "documents:templates", "file-text", 38, OFFICE, "/papers/templates/", under="plans:list"
            )
        )
        register_words(
            "documents",
            actions=states.TRAIL_ACTIONS,
            kinds=states.TRAIL_KINDS,
            fields=states.TRAIL_FIELDS,
            values=states.TRAIL_VALUES,
        )
