"""Registration of the room."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScheduleConfig(AppConfig):
    """When it is to happen: milestones of projects, what waits for what, baselines and slips."""

    name = "duikou.schedule"
    label = "schedule"
    verbose_name = _("进度计划")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang the panel, listen to projects, name what waits and the words of the trail."""
        from duikou.kernel import jobs  # noqa: PLC0415 - the registry is ready only now
        from duikou.kernel.actor import SIGNED_IN  # noqa: PLC0415
        from duikou.kernel.facts import subscribe  # noqa: PLC0415
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415
        from duikou.schedule import imports, panels, states, tasks  # noqa: PLC0415
        from duikou.schedule.services import waiting  # noqa: PLC0415

        panels.register_panels()
        imports.register_kind()
        waiting.kinds_register()
        jobs.periodic("schedule.tick", tasks.tick, every=dt.timedelta(hours=3))
        subscribe("projects.project.updated", tasks.project_updated)
        subscribe("projects.project.moved", tasks.project_moved)
        subscribe("projects.project.merged", tasks.project_merged)
        add_nav(
            NavEntry(
                _("里程碑"),
                "schedule:list",
                "flag",
                42,
                SIGNED_IN,
                "/schedule/",
                under="projects:list",
                is_business=True,
            )
        )
        register_words(
            "schedule",
            actions=states.TRAIL_ACTIONS,
            kinds=states.TRAIL_KINDS,
            fields=states.TRAIL_FIELDS,
            values=states.TRAIL_VALUES,
        )
