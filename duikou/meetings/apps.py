"""Registration of the room."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Who met, what was said and who does what until when."""

    name = "duikou.meetings"
    label = "meetings"
    verbose_name = _("会商互访")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Minutes as a subject of routes, kinds of waiting things, and the words of the trail."""
        from duikou.flow.models import Subject, register_subject  # noqa: PLC0415
        from duikou.flow.services.jobs import notice_on  # noqa: PLC0415
        from duikou.kernel import jobs  # noqa: PLC0415
        from duikou.kernel.actor import SIGNED_IN, Role  # noqa: PLC0415
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415
        from duikou.meetings import policies, selectors, states, tasks  # noqa: PLC0415 - the registry is ready only now
        from duikou.meetings.services import route, tellings, waiting  # noqa: PLC0415
        from duikou.records.policies import own_evidence  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415

        register_subject(
            Subject(
                kind=route.KIND,
                label=_("会议纪要"),
                may_see=route.may_see,
                url=route.address,
                digest=route.present_digest,
                on_stage=route.on_stage,
                on_return=route.on_return,
                on_withdraw=route.on_withdraw,
            )
        )
        waiting.kinds_register()
        notice_on("meetings.meeting.planned", tellings.planned)
        notice_on("meetings.meeting.changed", tellings.changed)
        notice_on("meetings.meeting.moved", tellings.moved)
        jobs.periodic("meetings.tick", tasks.tick, every=dt.timedelta(hours=3))
        own_evidence("meetings.meeting", sees=selectors.meeting_sees, writes=policies.meeting_files)
        own_evidence("meetings.actionitem", sees=selectors.action_sees, writes=policies.action_files)
        without = {Role.MEMBER, Role.UNIT}
        add_nav(
            NavEntry(
                _("会商互访"),
                "meetings:list",
                "calendar",
                36,
                SIGNED_IN - without,
                "/meetings/",
                under="plans:list",
                is_business=True,
            )
        )
        add_nav(
            NavEntry(
                _("议定事项"),
                "meetings:actions",
                "list-check",
                37,
                frozenset({Role.UNIT}),
                "/meetings/",
                under="plans:list",
            )
        )
        register_words(
            "meetings",
            actions=states.TRAIL_ACTIONS,
            kinds=states.TRAIL_KINDS,
            fields=states.TRAIL_FIELDS,
            values=states.TRAIL_VALUES,
        )
