"""What the sign-in machinery (django-allauth) asks of this house: closed sign-up, encrypted codes, a trail."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa import signals as mfa_signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount import signals as social_signals
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest
from django.utils import translation

from duikou.access.models import Account
from duikou.access.services.account import account_event, account_locked, account_unlock
from duikou.access.services.admin_mode import admin_mode_end
from duikou.access.views.lockout import counted
from duikou.kernel.actor import Actor
from duikou.kernel.fields import cipher


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """The second step of signing in; whose second factor was taken off meanwhile starts again with the password."""

    def is_resumable(self, request: HttpRequest) -> bool:
        """Whether there is still anything to ask for: else this page and that of signing in pass one to and fro."""
        return bool(is_mfa_enabled(self.login.user))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up uninvited."""
        return False

    def get_login_stages(self) -> list[str]:
        """The library's, with the second step of this house."""
        ours = f"{SecondStep.__module__}.{SecondStep.__qualname__}"
        theirs = f"{AuthenticateStage.__module__}.{AuthenticateStage.__qualname__}"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the account that it is for, whatever language the page was in."""
        language = getattr(context.get("user"), "language", "")
        with translation.override(language or translation.get_language()):
            super().send_mail(template_prefix, email, context)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are encrypted with the platform's field keys."""

    def encrypt(self, text: str) -> str:
        """To the stored form."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """From the stored form."""
        return cipher().decrypt(encrypted_text.encode()).decode()


def listen() -> None:
    """Let the library's announcements leave audit events (once, in `apps.py`)."""
    for signal, action in (
        (account_signals.user_logged_in, "access.account.signed_in"),
        (user_logged_out, "access.account.signed_out"),
        (account_signals.password_changed, "access.account.password_changed"),
        (account_signals.password_set, "access.account.password_changed"),
        (account_signals.password_reset, "access.account.password_reset"),
        (account_signals.email_added, "access.account.email_added"),
        (account_signals.email_changed, "access.account.email_changed"),
        (account_signals.email_removed, "access.account.email_removed"),
        (mfa_signals.authenticator_added, "access.account.second_factor_added"),
        (mfa_signals.authenticator_removed, "access.account.second_factor_removed"),
        (mfa_signals.authenticator_reset, "access.account.recovery_codes_renewed"),
        (social_signals.social_account_added, "access.account.identity_linked"),
        (social_signals.social_account_removed, "access.account.identity_unlinked"),
    ):
        signal.connect(_receiver(action), weak=False, dispatch_uid=f"duikou.{action}.{id(signal)}")
    user_logged_out.connect(_leave_admin_mode, dispatch_uid="duikou.access.leave_admin_mode")
    account_signals.password_reset.connect(_unlock, dispatch_uid="duikou.access.unlock")
    user_locked_out.connect(_locked, dispatch_uid="duikou.access.locked")


def _locked(sender: Any, request: Any, username: str, ip_address: str | None, **_told: Any) -> None:
    """The failure that locks leaves an event; those after it, while the lock holds, count nothing and leave none."""
    if counted(request, username, ip_address):
        account_locked(name=username, address=ip_address)


def _leave_admin_mode(sender: Any, request: Any, user: Any, **_told: Any) -> None:
    """Signing out ends the admin mode that this session opened: nobody could end it from here any more."""
    if isinstance(user, Account) and getattr(request, "admin_mode", None) is not None:
        admin_mode_end(actor=request.actor, account=user)
        request.admin_mode = None


def _unlock(sender: Any, user: Any, **_told: Any) -> None:
    """Who has shown to hold the mailbox need not wait: the page that locks says so."""
    account_unlock(actor=Actor.job("access.reset"), username=user.username)


def _receiver(action: str) -> Any:
    def receive(sender: Any, **told: Any) -> None:
        linked = told.get("sociallogin") or told.get("socialaccount")
        account = told.get("user") or getattr(linked, "user", None)
        if isinstance(account, Account):
            factor = told.get("authenticator")
            account_event(account=account, action=action, after={"type": str(factor.type)} if factor else None)

    return receive
