"""The programme room: what was decided."""

from django.apps import AppConfig
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import EVERYONE
from duikou.kernel.shell import NavEntry, add_frame, add_nav


class ProgrammeConfig(AppConfig):
    """Policy text as clauses, regions and pairings, loaded from packs."""

    name = "duikou.programme"
    label = "programme"
    verbose_name = _("对口合作方案")

    def ready(self) -> None:
        """Put the room into the navigation and its permissions into the table."""
        from duikou.programme import finders, policies  # noqa: F401, PLC0415 - declares on import

        finders.register_finders()
        add_frame("pairings_url", lambda _request, _actor: reverse("programme:pairing-list", args=[settings.PROGRAMME]))
        add_nav(
            NavEntry(
                label=_("政策"),
                url_name="programme:programme-list",
                icon="gavel",
                order=30,
                roles=EVERYONE,
                prefix="/programmes/",
            )
        )
        _name_the_trail()


def _name_the_trail() -> None:
    """Say what this room's events are called."""
    from duikou.programme import states  # noqa: PLC0415 - labels need the app registry of translations
    from duikou.records.selectors.wording import register_words  # noqa: PLC0415 - models are ready only now

    register_words("programme", actions=states.TRAIL_ACTIONS, fields=states.TRAIL_FIELDS)
