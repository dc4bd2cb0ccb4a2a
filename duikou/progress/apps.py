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
        from duikou.progress import imports, panels, policies, states, tasks  # noqa: PLC0415
        from duikou.progress.selectors.alarms import alarm_sees  # noqa: PLC0415
        from duikou.progress.selectors.reports import report_sees  # noqa: PLC0415
        from duikou.progress.services import alarms_waiting, waiting  # noqa: PLC0415
        from duikou.progress.views import alarm_panel  # noqa: PLC0415
        from duikou.records.policies import own_evidence  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415

        waiting.kinds_register()
        alarms_waiting.kinds_register()
        panels.register_panels()
        imports.register_kind()
        alarm_panel.register_panel()
        own_evidence("progress.progressreport", sees=report_sees, writes=policies.report_files)
        own_evidence("progress.alarm", sees=alarm_sees, writes=policies.alarm_files)
        for label, address, icon, order, below in (
            (_("进展月报"), "progress:list", "report", 41, "/progress/"),
            (_("项目预警"), "progress:alarms", "alert-triangle", 42, "/progress/alarms/"),
        ):
            add_nav(NavEntry(label, address, icon, order, SIGNED_IN, below, under="projects:list", is_business=True))
        jobs.periodic("progress.fold", tasks.fold, every=dt.timedelta(minutes=5))
        jobs.periodic("progress.tick", tasks.tick, every=dt.timedelta(hours=3))
        jobs.periodic("progress.alarms", tasks.judge_all, every=dt.timedelta(hours=6))
        facts.subscribe("progress.report.accepted", tasks.report_accepted)
        facts.subscribe("projects.project.moved", tasks.project_moved)
        facts.subscribe("projects.project.updated", tasks.project_updated)
        facts.subscribe("projects.project.merged", tasks.project_merged)
        register_words(
            "progress",
            actions={**states.TRAIL_ACTIONS, **states.ALARM_TRAIL_ACTIONS},
            kinds=states.TRAIL_KINDS,
            fields=states.TRAIL_FIELDS,
        )
