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
        from duikou.flow import models, panels, policies, selectors  # noqa: F401, PLC0415 - models need the app registry
        from duikou.flow.selectors.views import start_address  # noqa: PLC0415
        from duikou.flow.services import alarms, jobs  # noqa: PLC0415
        from duikou.flow.states import MailMode  # noqa: PLC0415
        from duikou.kernel import clock, facts, lists, shell  # noqa: PLC0415
        from duikou.kernel.jobs import periodic  # noqa: PLC0415

        models.register(models.Kind(alarms.TRAIL, _("审计记录异常"), "shield-lock", is_duty=True))
        models.register(models.Kind(alarms.SECOND, _("等待第二人确认"), "user-plus", is_duty=True))
        models.register(models.Kind(alarms.ACCOUNT, _("账号安全"), "shield-lock", is_duty=True, mail=MailMode.NOW))
        jobs.notice_on("access.account.second_factor_reset", alarms.second_factor_was_reset)
        facts.subscribe("access.invitation.waiting", alarms.invitation_waits)
        facts.subscribe("access.invitation.settled", alarms.invitation_settled)
        clock.use_overrides(selectors.day_known)
        panels.register_panels()
        lists.use_start(start_address)
        facts.subscribe("flow.item.opened", jobs.item_opened)
        facts.subscribe("flow.days.changed", jobs.days_changed)
        facts.subscribe("records.trail.broken", alarms.trail_broken)
        shell.add_frame("inbox_count", lambda _request, actor: selectors.count_shown(actor=actor))
        shell.add_frame("inbox_url", lambda _request, actor: "/inbox/" if actor.account_id else "")
        periodic("flow.mail", jobs.send_mails, every=dt.timedelta(minutes=1))
        periodic("flow.routes", jobs.tick_routes, every=dt.timedelta(minutes=15))
        periodic("flow.duties", jobs.tick_duties, every=dt.timedelta(hours=6))
        facts.subscribe("programme.programme.loaded", jobs.programme_loaded)
        facts.subscribe("flow.obligation.dated", jobs.duties_moved)
        facts.subscribe("flow.obligation.reopened", jobs.duties_moved)
        _routes()
        _name_the_trail()


def _routes() -> None:
    """Kinds of what routes let wait, who is told, and who judges files of steps."""
    from duikou.flow import states  # noqa: PLC0415 - models need the app registry
    from duikou.flow.models import Kind, register  # noqa: PLC0415
    from duikou.flow.selectors.routes import EVIDENCE_KIND, step_files_by, step_sees  # noqa: PLC0415
    from duikou.flow.services import delegations, route_clock, route_tellings  # noqa: PLC0415
    from duikou.flow.services.jobs import notice_on  # noqa: PLC0415
    from duikou.records.policies import own_evidence  # noqa: PLC0415

    register(Kind(states.STEP_WAITS, _("会签办理"), "edit", is_duty=True))
    register(Kind(states.STEP_LATE, _("会签逾期"), "clock", is_duty=True))
    register(Kind(route_clock.REMINDER, _("会签到期提醒"), "bell"))
    register(Kind(route_tellings.RETURNED, _("退回修改"), "arrow-left"))
    register(Kind(route_tellings.MOVED, _("会签进展"), "trending-up"))
    register(Kind(states.DUTY_WAITS, _("年度应办事项"), "calendar-due", is_duty=True))
    register(Kind(delegations.DELEGATED, _("委托代办"), "users"))
    notice_on("flow.run.returned", route_tellings.returned)
    notice_on("flow.run.withdrawn", route_tellings.withdrawn)
    notice_on("flow.run.advanced", route_tellings.advanced)
    notice_on("flow.run.finished", route_tellings.finished)
    notice_on("flow.delegation.opened", delegations.delegated)
    own_evidence(EVIDENCE_KIND, sees=step_sees, writes=step_files_by)


def _name_the_trail() -> None:
    """Say what this room's events are called."""
    from duikou.flow import states  # noqa: PLC0415 - labels need the app registry of translations
    from duikou.records.selectors.wording import register_words  # noqa: PLC0415 - models are ready only now

    register_words("flow", actions=states.TRAIL_ACTIONS, fields=states.TRAIL_FIELDS)
