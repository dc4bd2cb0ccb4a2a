"""What the pages of one programme share: its tabs and the switch to the others."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duikou.kernel.errors import NotFound
from duikou.kernel.web import Page
from duikou.programme import selectors
from duikou.programme.models import Programme

_TABS = (
    ("programme-read", _("政策原文")),
    ("pairing-list", pgettext_lazy("several", "对口关系")),
    ("programme-contents", _("目标与职责")),
    ("programme-compare", _("版本对照")),
)


class ProgrammePage(Page):
    """A page inside one programme; `tab` names the tab it belongs to."""

    needs = "programme.programme.read"
    tab = ""

    def programme(self) -> Programme:
        """The programme in the address, or 404."""
        programme = selectors.programme_at(self.kwargs["code"])
        if programme is None:
            raise NotFound
        return programme

    def frame(self, programme: Programme) -> dict[str, Any]:
        """Context of the shared frame."""
        return {
            "programme": programme,
            "others": [other for other in selectors.programmes() if other.pk != programme.pk],
            "tabs": [
                {
                    "label": label,
                    "url": reverse(f"programme:{name}", args=[programme.code]),
                    "active": name == self.tab,
                }
                for name, label in _TABS
            ],
        }
