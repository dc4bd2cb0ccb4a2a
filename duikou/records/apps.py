"""Registration of the room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    """What happened and the proof: the audit trail, its seals, evidence files."""

    name = "duikou.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Guard the rows of proof in the database after every migration."""
        from duikou.records.services import guards  # noqa: PLC0415 - models need the app registry

        post_migrate.connect(guards.install_after_migrate, sender=self, dispatch_uid="records.guards")
