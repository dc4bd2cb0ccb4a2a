"""Keys under which projects that are written alike meet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

PROJECT_BITS = 31
"""The low bits of an id name the project, the 32 above them say what the key was made of."""


class ProjectNearKey(models.Model):
    """One blocking key of one project: only projects that share a key are compared name by name.

    The whole row is one number, `hash << 31 | project`, inserted in order, and a look-up is one range. What is hashed:
    the top pairing and a piece of the name (services/near.py).
    """

    id = models.BigIntegerField(_("键"), primary_key=True)

    class Meta:
        verbose_name = _("相近名称键")

    def __str__(self) -> str:
        return f"{self.pk >> PROJECT_BITS:08x}"
