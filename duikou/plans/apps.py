"""Registration of the room."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """What was promised: plans, versions, entries."""

    name = "duikou.plans"
    label = "plans"
    verbose_name = _("计划")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Navigation, the job that puts plans in force, and the words of the trail."""
        from duikou.flow.models import Kind, Subject, register, register_subject  # noqa: PLC0415
        from duikou.flow.services.jobs import notice_on  # noqa: PLC0415
        from duikou.kernel import jobs  # noqa: PLC0415 - the registry is ready only now
        from duikou.kernel.actor import SIGNED_IN, Role  # noqa: PLC0415
        from duikou.kernel.references import Referable, register_referable  # noqa: PLC0415
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415
        from duikou.plans import finders, imports, states, tasks  # noqa: PLC0415
        from duikou.plans.selectors.references import entries_found, entries_offered  # noqa: PLC0415
        from duikou.plans.services import route, tellings, waiting  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415

        register_subject(
            Subject(
                kind=route.KIND,
                label=_("计划"),
                may_see=route.may_see,
                url=route.address,
                digest=route.present_digest,
                on_stage=route.on_stage,
                on_return=route.on_return,
                on_withdraw=route.on_withdraw,
                on_finish=route.on_finish,
            )
        )
        register(Kind(waiting.TASK_WAITS, _("单位任务"), "list-check", is_duty=True))
        register(Kind(waiting.TASK_LATE, _("单位任务逾期"), "clock", is_duty=True))
        register(Kind(waiting.TASK_DUE, _("单位任务到期提醒"), "bell"))
        jobs.periodic("plans.tasks", tasks.remind_of_tasks, every=dt.timedelta(hours=1))
        finders.register_finders()
        register(Kind(tellings.SAID, _("计划的意见和建议"), "message"))
        notice_on("plans.comment.added", tellings.comment_told)
        notice_on("plans.suggestion.changed", tellings.suggestion_told)
        imports.register_kind()
        register_referable(Referable("plans.entry", _("计划事项"), entries_offered, entries_found))
        jobs.periodic("plans.take_effect", tasks.take_effect, every=dt.timedelta(hours=1))
        add_nav(
            NavEntry(_("计划"), "plans:list", "file-text", 35, SIGNED_IN - {Role.MEMBER}, "/plans/", is_business=True)
        )
        register_words(
            "plans",
            actions=states.TRAIL_ACTIONS,
            kinds=states.TRAIL_KINDS,
            fields=states.TRAIL_FIELDS,
            values=states.TRAIL_VALUES,
            rows=states.TRAIL_ROWS,
            codes=states.TRAIL_CODES,
        )
