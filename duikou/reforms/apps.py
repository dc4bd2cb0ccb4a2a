"""Registration of the room."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReformsConfig(AppConfig):
    """What was learned from whom: reform measures and each place that adopted them."""

    name = "duikou.reforms"
    label = "reforms"
    verbose_name = _("改革经验")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Kinds of waiting things, who is told, files, navigation, and the words of the trail."""
        from duikou.flow.services.jobs import notice_on  # noqa: PLC0415
        from duikou.kernel import jobs  # noqa: PLC0415
        from duikou.kernel.actor import SIGNED_IN  # noqa: PLC0415
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415
        from duikou.records.policies import own_evidence  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415
        from duikou.reforms import finders, imports, panels, policies, selectors, states, tasks  # noqa: PLC0415 - the registry is ready only now
        from duikou.reforms.services import tellings, waiting  # noqa: PLC0415

        waiting.kinds_register()
        panels.register_panels()
        finders.register_finders()
        imports.register_kinds()
        notice_on("reforms.talk.opened", tellings.opened)
        notice_on("reforms.talk.replied", tellings.replied)
        notice_on("reforms.measure.moved", tellings.moved)
        notice_on("reforms.adoption.moved", tellings.stepped)
        jobs.periodic("reforms.tick", tasks.tick, every=dt.timedelta(hours=3))
        own_evidence("reforms.reformmeasure", sees=selectors.measure_sees, writes=policies.measure_files)
        own_evidence("reforms.adoption", sees=selectors.adoption_sees, writes=policies.adoption_files)
        add_nav(
            NavEntry(
                _("改革经验"),
                "reforms:list",
                "school",
                44,
                SIGNED_IN,
                "/reforms/",
                under="projects:list",
                is_business=True,
            )
        )
        register_words(
            "reforms",
            actions=states.TRAIL_ACTIONS,
            kinds=states.TRAIL_KINDS,
            fields=states.TRAIL_FIELDS,
            values=states.TRAIL_VALUES,
        )
