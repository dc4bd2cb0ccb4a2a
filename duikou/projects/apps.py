"""Registration of the room."""

import datetime as dt
from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """The room `projects`."""

    name = "duikou.projects"
    label = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang panels, the navigation entry and the folding job."""
        from duikou.flow.services.jobs import notice_on  # noqa: PLC0415
        from duikou.kernel import facts, jobs  # noqa: PLC0415 - the registry is ready only now
        from duikou.kernel.actor import SIGNED_IN  # noqa: PLC0415
        from duikou.kernel.references import Referable, register_referable  # noqa: PLC0415
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415
        from duikou.projects import finders, imports, panels, policies, states, tasks  # noqa: PLC0415
        from duikou.projects.selectors import project_sees, references  # noqa: PLC0415
        from duikou.projects.services import tellings  # noqa: PLC0415
        from duikou.records.policies import own_evidence  # noqa: PLC0415

        register_referable(
            Referable(references.KIND, _("合作项目"), references.projects_offered, references.projects_found)
        )
        tellings.kinds_register()
        notice_on("projects.party.linked", tellings.linked)
        notice_on("projects.party.unlinked", tellings.unlinked)
        panels.register_panels()
        finders.register_finders()
        imports.register_kind()
        own_evidence("projects.project", sees=project_sees, writes=policies.edit_by_id)
        for fact, what in states.FOLLOWED_FACTS.items():
            listener = partial(tasks.project_news, what)
            listener.__name__ = f"projects.tasks.{tasks.project_news.__name__}"  # type: ignore[attr-defined]
            facts.subscribe(fact, listener)
        jobs.periodic("projects.news", tasks.tell_news, every=dt.timedelta(minutes=5))
        jobs.periodic("projects.fold", tasks.fold_summaries, every=dt.timedelta(minutes=5))
        add_nav(NavEntry(_("项目"), "projects:list", "list-details", 40, SIGNED_IN, "/projects/", is_business=True))
        _name_the_trail()


def _name_the_trail() -> None:
    """Say what this room's events are called."""
    from duikou.projects import states  # noqa: PLC0415 - labels need the app registry of translations
    from duikou.records.selectors.wording import register_words  # noqa: PLC0415 - models are ready only now

    register_words("projects", actions=states.TRAIL_ACTIONS, kinds=states.TRAIL_KINDS, fields=states.TRAIL_FIELDS)
