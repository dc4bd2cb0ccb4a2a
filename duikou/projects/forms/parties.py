"""Parties as the form writes them, a line each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from duikou.kernel.text import near_key
from duikou.kernel.web.nul import name_nul
from duikou.projects.services.draft import PartyDraft
from duikou.projects.states import PartyRole, Side

_SIDES = {"甲": Side.FIRST, "甲侧": Side.FIRST, "乙": Side.SECOND, "乙侧": Side.SECOND}
_ROLES = {"牵头": PartyRole.LEAD, "配合": PartyRole.COOPERATING, "投资": PartyRole.INVESTOR}
_SIDE_MARKS = {Side.FIRST: " | 甲", Side.SECOND: " | 乙", Side.NONE: ""}
_ROLE_WORDS = {role: word for word, role in _ROLES.items()}


class PartyForm(forms.Form):
    """One more party: an organisation picked from those known, or a name as the source writes it."""

    name = forms.CharField(label=_l("单位"), max_length=240)
    side = forms.ChoiceField(label=_l("所属一侧"))
    role = forms.ChoiceField(label=_l("角色"), choices=PartyRole.choices)

    def __init__(self, data: Any = None, *, sides: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field: Any = self.fields["side"]
        field.choices = sides
        self.fields["name"].widget.attrs.update(
            {"data-enhance": "", "data-remote-url": f"{reverse('access:organisation-suggest')}?by=text"}
        )
        name_nul(self)


class LinkForm(forms.Form):
    """Which organisation a party is."""

    organisation = forms.CharField(label=_l("主体"), max_length=240)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nul(self)


def parties_of(text: str) -> tuple[PartyDraft, ...]:
    """Parties as the form writes them: a line each, "名称 | 甲 | 牵头"; side and role may be left out."""
    found: list[PartyDraft] = []
    seen: set[tuple[str, Side, PartyRole]] = set()
    for line in text.splitlines():
        name, *marks = [part.strip() for part in line.replace("｜", "|").split("|")]
        if not name:
            continue
        side, role = Side.NONE, PartyRole.COOPERATING
        for mark in marks:
            if mark in _SIDES:
                side = _SIDES[mark]
            elif mark in _ROLES:
                role = _ROLES[mark]
            elif mark:
                raise forms.ValidationError(
                    _("看不懂“%(mark)s”：一侧写甲或乙，角色写牵头、配合或投资。") % {"mark": mark[:20]}
                )
        key = (near_key(name), side, role)
        if key in seen:
            raise forms.ValidationError(_("“%(name)s”写了不止一次，请只留一行。") % {"name": name[:40]})
        seen.add(key)
        found.append(PartyDraft(name, side, role))
    return tuple(found)


def parties_text(parties: Iterable[PartyDraft]) -> str:
    """Parties as `parties_of` reads them."""
    return "\n".join(f"{party.name}{_SIDE_MARKS[party.side]} | {_ROLE_WORDS[party.role]}" for party in parties)
