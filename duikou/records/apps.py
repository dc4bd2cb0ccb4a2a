"""Registration of the room."""

import datetime as dt

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """What happened and the proof: the audit trail, its seals, evidence files."""

    name = "duikou.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Guard the rows of proof in the database after every migration; seal and verify them by the clock."""
        from duikou.kernel import jobs, shell  # noqa: PLC0415 - models need the app registry
        from duikou.kernel.actor import Role  # noqa: PLC0415
        from duikou.records import policies, tasks  # noqa: F401, PLC0415 - policies declare permissions
        from duikou.records.services import guards  # noqa: PLC0415

        post_migrate.connect(guards.install_after_migrate, sender=self, dispatch_uid="records.guards")
        jobs.periodic("records.seal", tasks.seal_trail, every=dt.timedelta(minutes=1))
        jobs.periodic("records.verify", tasks.verify_trail, every=dt.timedelta(days=1))
        jobs.periodic("records.purge", tasks.purge_blobs, every=dt.timedelta(hours=6))
        shell.add_nav(
            shell.NavEntry(
                _("审计"),
                "records:trail",
                "history",
                90,
                frozenset({Role.AUDITOR, Role.OPERATOR, Role.COORDINATOR}),
                "/records/trail/",
            )
        )
        _name_the_trail()


def _name_the_trail() -> None:
    """Say what this room's events are called."""
    from duikou.records import states  # noqa: PLC0415 - labels need the app registry of translations
    from duikou.records.selectors.wording import register_words  # noqa: PLC0415 - models are ready only now

    register_words("records", actions=states.TRAIL_ACTIONS, fields=states.TRAIL_FIELDS)
