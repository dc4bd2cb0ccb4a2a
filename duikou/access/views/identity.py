"""Signing in with an outside identity (OpenID Connect): what the library leaves open, closed here.

The library sends no nonce, does not compare whom token and userinfo speak of, and lets a provider that is down be an
error of the server.
"""

from __future__ import annotations

from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import AuthProcess, ProviderException
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.translation import gettext_lazy as _

from duikou.kernel.errors import DomainError

TIMEOUT = 5.0
"""Seconds to wait for the provider."""


class ProviderDown(DomainError):
    """The provider does not answer, or not as a provider does."""

    code = "identity_provider_down"
    status = 503
    default = _("统一身份认证暂时不可用，请稍后再试，或用密码登录。")


class ProviderSession(requests.Session):
    """Talks to the provider; whatever keeps it from answering properly is one refusal that people can read."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """An answer in time, not of a broken server, and readable where it describes the provider."""
        kwargs.setdefault("timeout", TIMEOUT)
        try:
            answer = super().request(*args, **kwargs)
            if "/.well-known/" in answer.url:
                answer.raise_for_status()
                if not isinstance(answer.json(), dict):
                    raise ProviderDown
        except requests.RequestException as error:
            raise ProviderDown from error
        if answer.status_code >= 500:
            raise ProviderDown
        return answer


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """The provider of the settings, asked with a nonce."""

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """To the provider's page; the nonce is kept beside the state, in the session."""
        nonce = get_random_string(32)
        asked = {**(kwargs.pop("auth_params", None) or self.get_auth_params()), "nonce": nonce}
        answer: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=asked, nonce=nonce, **kwargs
        )
        return answer

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Who it is; an answer that does not say so is refused."""
        try:
            return str(super().extract_uid(data))
        except KeyError as error:
            raise ProviderException from error


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An outside identity signs in where it is linked to an account; it never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up uninvited, whoever vouches for them."""
        return False

    def get_requests_session(self) -> requests.Session:
        """How the provider is talked to."""
        return ProviderSession()

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The provider, in this house's way."""
        found = super().get_provider(request, provider, client_id)
        return Provider(request, app=found.app) if type(found) is OpenIDConnectProvider else found

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse an answer to another question, and whoever has no account here."""
        provider = sociallogin.provider
        if not _answers(sociallogin):
            raise ImmediateHttpResponse(render_authentication_error(request, provider))
        if sociallogin.state.get("process") == AuthProcess.LOGIN and not sociallogin.is_existing:
            page = render(request, "socialaccount/no_account.html", {"provider": provider}, status=403)
            raise ImmediateHttpResponse(page)


def _answers(sociallogin: Any) -> bool:
    """Whether token and userinfo speak of one person, and the token answers what this session asked."""
    told = sociallogin.account.extra_data
    token, userinfo = told.get("id_token") or {}, told.get("userinfo") or {}
    asked = sociallogin.state.get("nonce") or ""
    is_one = not userinfo or userinfo.get("sub") == token.get("sub")
    return bool(asked) and is_one and constant_time_compare(str(token.get("nonce") or ""), asked)
