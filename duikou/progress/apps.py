"""Registration of the room."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgressConfig(AppConfig):
    """How it goes: monthly reports, their review and lock, and the alarms that follow from them."""

    name = "duikou.progress"
    label = "progress"
    verbose_name = _("进展月报")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Kinds of waiting things, jobs, what it hears of projects, the words of the trail."""
        from duikou.kernel import facts, jobs  # noqa: PLC0415 - the registry is ready only now
        from duikou.kernel.actor import SIGNED_IN  # noqa: PLC0415
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415
        from duikou.progress import imports, panels, states, tasks  # noqa: PLC0415
        from duikou.progress.services import waiting  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415

        waiting.kinds_register()
        panels.register_panels()
        imports.register_kind()
        add_nav(
            NavEntry(
                _("进展月报"),
                "progress:list",
                "report",
                41,
                SIGNED_IN,
                "/progress/",
                under="projects:list",
                is_business=True,
            )
        )
        jobs.periodic("progress.fold", tasks.fold, every=dt.timedelta(minutes=5))
        jobs.periodic("progress.tick", tasks.tick, every=dt.timedelta(hours=3))
        facts.subscribe("projects.project.updated", tasks.project_updated)
        facts.subscribe("projects.project.merged", tasks.project_merged)
        register_words("progress", actions=states.TRAIL_ACTIONS, kinds=states.TRAIL_KINDS, fields=states.TRAIL_FIELDS)
