"""Registration of the room."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GreenChannelConfig(AppConfig):
    """What stands in the way: blockers of projects with a named owner and a clock in working days."""

    name = "duikou.greenchannel"
    label = "greenchannel"
    verbose_name = _("绿色通道")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Kinds of waiting things, notices, the clock, files and the words of the trail."""
        from duikou.flow.services.jobs import notice_on  # noqa: PLC0415 - the registry is ready only now
        from duikou.greenchannel import finders, panels, policies, states, tasks  # noqa: PLC0415
        from duikou.greenchannel.selectors import scope  # noqa: PLC0415
        from duikou.greenchannel.services import tellings, waiting  # noqa: PLC0415
        from duikou.kernel import facts, jobs  # noqa: PLC0415
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415
        from duikou.records.policies import own_evidence  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415

        waiting.kinds_register()
        panels.register_panels()
        finders.register_finders()
        add_nav(
            NavEntry(
                _("绿色通道"),
                "greenchannel:list",
                "flag",
                44,
                policies.READ_ROLES,
                "/greenchannel/",
                under="projects:list",
                is_business=True,
            )
        )
        notice_on("greenchannel.request.moved", tellings.moved)
        facts.subscribe("flow.days.changed", tasks.days_changed)
        facts.subscribe("projects.project.merged", tasks.project_merged)
        jobs.periodic("greenchannel.tick", tasks.tick, every=dt.timedelta(hours=1))
        own_evidence("greenchannel.greenchannelrequest", sees=scope.request_sees, writes=policies.files_by_id)
        register_words(
            "greenchannel",
            actions=states.TRAIL_ACTIONS,
            kinds=states.TRAIL_KINDS,
            fields=states.TRAIL_FIELDS,
            values=states.TRAIL_VALUES,
        )
