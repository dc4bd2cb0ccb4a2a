"""What this room brings to the search of the top bar: clauses, pairings, places."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from duikou.kernel.actor import Actor
from duikou.kernel.search import Finder, Hit, register
from duikou.programme import selectors


def register_finders() -> None:
    """Take part (once, from `apps.py`)."""
    register(Finder("clauses", gettext_lazy("政策条款"), "gavel", 20, clauses, _search_in_text))
    register(Finder("pairings", pgettext_lazy("several", "对口关系"), "switch-horizontal", 30, pairings))
    register(Finder("regions", gettext_lazy("地区"), "map-pin", 60, regions))


def clauses(_actor: Actor, query: str, limit: int) -> list[Hit]:
    """By code, then title, then words of the text."""
    return [
        Hit(
            str(found.clause),
            reverse("programme:clause-read", args=[found.clause.programme.code, found.clause.code]),
            found.around or found.clause.programme.label,
        )
        for found in selectors.clauses_found(query, limit=limit)
    ]


def _search_in_text(_actor: Actor, query: str) -> str:
    return f"{reverse('programme:programme-search', args=[settings.PROGRAMME])}?{urlencode({'q': query})}"


def pairings(_actor: Actor, query: str, limit: int) -> list[Hit]:
    """By the pairing's name or its sides."""
    return [
        Hit(
            pairing.label,
            reverse("programme:pairing-read", args=[pairing.programme.code, pairing.code]),
            f"{pairing.get_level_display()} · {pairing.programme.label}",
        )
        for pairing in selectors.pairings_found(query, limit=limit)
    ]


def regions(_actor: Actor, query: str, limit: int) -> list[Hit]:
    """By name, pinyin, initials or code; places of the past too, marked."""
    return [
        Hit(
            region.label,
            reverse("programme:region-read", args=[region.adcode]),
            " · ".join(
                text
                for text in (region.parent.label if region.parent else "", region.adcode, _past(region.is_historic))
                if text
            ),
        )
        for region in selectors.region_search(query, limit=limit)
    ]


def _past(is_historic: bool) -> str:
    return _("已撤销") if is_historic else ""
