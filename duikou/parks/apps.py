"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParksConfig(AppConfig):
    """What grows in a co-built park: agreements, residents, their figures by period, kept in two columns."""

    name = "duikou.parks"
    label = "parks"
    verbose_name = _("合作园区")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Panels, the navigation entry, files, kinds of waiting things and the words of the trail."""
        from duikou.kernel.actor import SIGNED_IN, Role  # noqa: PLC0415 - the registry is ready only now
        from duikou.kernel.shell import NavEntry, add_nav  # noqa: PLC0415
        from duikou.parks import imports, panels, policies, selectors, states  # noqa: PLC0415
        from duikou.parks.services import waiting  # noqa: PLC0415
        from duikou.records.policies import own_evidence  # noqa: PLC0415
        from duikou.records.selectors.wording import register_words  # noqa: PLC0415

        waiting.kinds_register()
        panels.register_panels()
        imports.register_kinds()
        own_evidence("parks.park", sees=selectors.park_sees, writes=policies.park_files)
        own_evidence("parks.parkagreement", sees=selectors.agreement_sees, writes=policies.agreement_files)
        add_nav(
            NavEntry(
                _("合作园区"),
                "parks:list",
                "building",
                42,
                SIGNED_IN - {Role.OPERATOR},
                "/parks/",
                under="projects:list",
                is_business=True,
            )
        )
        register_words("parks", actions=states.TRAIL_ACTIONS, kinds=states.TRAIL_KINDS, fields=states.TRAIL_FIELDS)
