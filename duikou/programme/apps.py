"""The programme room: what was decided."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammeConfig(AppConfig):
    """Policy text as clauses, regions and pairings, loaded from packs."""

    name = "duikou.programme"
    label = "programme"
    verbose_name = _("对口合作方案")
