"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """The room `access`: who acts."""

    name = "duikou.access"
    label = "access"
    verbose_name = _("主体与人员")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare permissions, hang the frame's values, listen to what sign-in announces."""
        from duikou.access import finders, panels, policies, tasks  # noqa: F401, PLC0415 - after the models
        from duikou.access.views import adapters  # noqa: PLC0415 - after the models
        from duikou.kernel import facts  # noqa: PLC0415 - beside its only use

        panels.register()
        finders.register_finders()
        adapters.listen()
        facts.subscribe("access.invitation.sent", tasks.invitation_queue)
        _name_the_trail()


def _name_the_trail() -> None:
    """Say what this room's events are called."""
    from duikou.access import states  # noqa: PLC0415 - labels need the app registry of translations
    from duikou.records.selectors.wording import register_words  # noqa: PLC0415 - models are ready only now

    register_words(
        "access",
        actions=states.TRAIL_ACTIONS,
        fields=states.TRAIL_FIELDS,
        roles=dict(states.RoleLabel.choices),
        rows=states.TRAIL_ROWS,
        codes={"programme.region": "adcode"},
    )
