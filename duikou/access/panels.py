"""What this room hangs into the frame of every page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from duikou.access.policies import ADMIN_MODES
from duikou.access.states import RoleLabel
from duikou.kernel import shell
from duikou.kernel.actor import SIGNED_IN, Actor, Role

if TYPE_CHECKING:
    from duikou.access.models import AdminMode, Membership


@dataclass(frozen=True, slots=True)
class PostEntry:
    """One post in the switcher of the top bar."""

    id: int
    label: str
    role: str
    active: bool
    url: str


@dataclass(frozen=True, slots=True)
class Banner:
    """The running admin mode, for the strip on every page."""

    reason: str
    until: dt.datetime
    leave_url: str


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the account menu."""

    label: str
    url: str
    icon: str


def memberships(request: HttpRequest, actor: Actor) -> list[PostEntry]:
    """`shell.memberships`: the posts one may act in, the current one marked."""
    posts: list[Membership] = getattr(request, "memberships", [])
    url = reverse("access:membership-pick") if posts else ""
    return [
        PostEntry(
            id=post.pk,
            label=post.organisation.label,
            role=" · ".join(
                text for text in (str(post.get_role_display()), post.region.label if post.region else "") if text
            ),
            active=post.pk == actor.membership_id,
            url=url,
        )
        for post in posts
    ]


def admin_mode(request: HttpRequest, actor: Actor) -> Banner | None:
    """`shell.admin_mode`: None outside the mode."""
    mode: AdminMode | None = getattr(request, "admin_mode", None)
    return Banner(mode.reason, mode.expires_at, reverse("access:admin-mode-end")) if mode else None


def role_label(request: HttpRequest, actor: Actor) -> str:
    """`shell.role_label`: the name of the role acted in."""
    if actor.role is Role.PUBLIC:
        return _("暂无岗位，请联系本单位管理员") if actor.is_signed_in else ""
    return str(RoleLabel(actor.role.value).label)


def account_links(request: HttpRequest, actor: Actor) -> list[Link]:
    """`shell.account_links`: the account's own pages."""
    links: list[Any] = [Link(_("我的账号"), reverse("access:account"), "user-circle")]
    if actor.organisation_id is not None:
        links.append(Link(_("本单位"), reverse("access:organisation", args=[actor.organisation_id]), "building"))
    if actor.role in ADMIN_MODES.roles:
        links.append(Link(_("管理模式"), reverse("access:admin-modes"), "shield-lock"))
    return links


def register() -> None:
    """Hang values and navigation into the frame (once, in `apps.py`)."""
    shell.add_frame("memberships", memberships)
    shell.add_frame("admin_mode", admin_mode)
    shell.add_frame("role_label", role_label)
    shell.add_frame("account_links", account_links)
    shell.add_nav(
        shell.NavEntry(
            label=pgettext_lazy("several", "主体"),
            url_name="access:organisations",
            icon="building",
            order=60,
            roles=SIGNED_IN,
            prefix="/access/organisations/",
        )
    )
