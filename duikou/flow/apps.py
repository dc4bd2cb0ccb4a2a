"""Registration of the room."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlowConfig(AppConfig):
    """What waits for whom, and who is told: inbox, notices, working days."""

    name = "duikou.flow"
    label = "flow"
    verbose_name = _("待办与通知")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare permissions, listen to facts, put the bell into the frame, and the mail on the clock."""
        from duikou.flow import models, policies, selectors  # noqa: F401, PLC0415 - models need the app registry
        from duikou.flow.services import alarms, jobs  # noqa: PLC0415
        from duikou.kernel import clock, facts, shell  # noqa: PLC0415
        from duikou.kernel.jobs import periodic  # noqa: PLC0415

        models.register(models.Kind(alarms.TRAIL, _("审计记录异常"), "shield-lock", is_duty=True))
        models.register(models.Kind(alarms.SECOND, _("等待第二人确认"), "user-plus", is_duty=True))
        facts.subscribe("access.invitation.waiting", alarms.invitation_waits)
        facts.subscribe("access.invitation.settled", alarms.invitation_settled)
        clock.use_overrides(selectors.day_known)
        facts.subscribe("flow.item.opened", jobs.item_opened)
        facts.subscribe("records.trail.broken", alarms.trail_broken)
        shell.add_frame("inbox_count", lambda _request, actor: selectors.count_shown(actor=actor))
        shell.add_frame("inbox_url", lambda _request, actor: "/inbox/" if actor.account_id else "")
        periodic("flow.mail", jobs.send_mails, every=dt.timedelta(minutes=1))
        _name_the_trail()


def _name_the_trail() -> None:
    """Say what this room's events are called."""
    from duikou.flow import states  # noqa: PLC0415 - labels need the app registry of translations
    from duikou.records.selectors.wording import register_words  # noqa: PLC0415 - models are ready only now

    register_words(actions=states.TRAIL_ACTIONS)
