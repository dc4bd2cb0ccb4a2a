"""Puts the acting person, in the membership they picked, on each request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from duikou.access.models import Account, AdminMode, Membership
from duikou.access.selectors import actors
from duikou.kernel.actor import Actor, Role

SESSION_KEY = "membership_id"
"""Where the session remembers the post picked in the switcher."""


class ActorMiddleware:
    """`request.actor` for views; nobody in particular unless signed in.

    Adds at most two queries to Django's own (session, account): the posts, and for operators the admin mode.
    `request.memberships` and `request.admin_mode` are what the frame of the page shows of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.memberships = []
        request.admin_mode = None
        account = request.user
        if account.is_authenticated:
            request.memberships = actors.memberships_live(account=account)
            request.actor, request.admin_mode = self._act(request, account, request.memberships)
            self._speak(request, account)
        else:
            request.actor = Actor.anonymous()
        return self.get_response(request)

    @staticmethod
    def _act(request: HttpRequest, account: Account, memberships: list[Membership]) -> tuple[Actor, AdminMode | None]:
        picked = request.session.get(SESSION_KEY)
        membership = actors.membership_of_account(account=account, picked=picked, memberships=memberships)
        if membership is None:
            return actors.actor_without_post(account), None
        actor = actors.actor_of_membership(membership, account=account)
        if actor.role is not Role.OPERATOR:
            return actor, None
        mode = actors.admin_mode_running(account_id=account.pk)
        return (replace(actor, admin_mode_id=mode.pk), mode) if mode else (actor, None)

    @staticmethod
    def _speak(request: Any, account: Account) -> None:
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and account.language in dict(settings.LANGUAGES):
            translation.activate(account.language)
            request.LANGUAGE_CODE = translation.get_language()
