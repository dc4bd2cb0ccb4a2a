"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """The room `intake`."""

    name = "duikou.intake"
    label = "intake"
    verbose_name = _("数据导入")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the room's permissions and what of it waits in the inbox."""
        import duikou.intake.policies  # noqa: F401, PLC0415 - models are ready only now
        from duikou.flow.models import Kind, register  # noqa: PLC0415
        from duikou.intake.policies import evidence_writes  # noqa: PLC0415
        from duikou.intake.selectors import run_sees  # noqa: PLC0415
        from duikou.records.policies import own_evidence  # noqa: PLC0415

        own_evidence("intake.importrun", sees=run_sees, writes=evidence_writes)
        register(Kind("intake.run", _("数据导入"), icon="upload"))
        _name_the_trail()


def _name_the_trail() -> None:
    """Say what this room's events are called."""
    from duikou.intake import states  # noqa: PLC0415 - labels need the app registry of translations
    from duikou.records.selectors.wording import register_words  # noqa: PLC0415 - models are ready only now

    register_words("intake", actions=states.TRAIL_ACTIONS, fields=states.TRAIL_FIELDS)
