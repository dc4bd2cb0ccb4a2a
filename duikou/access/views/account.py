"""One's own account: profile, posts, switching between them."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.forms import AccountForm
from duikou.access.middleware import SESSION_KEY
from duikou.access.services.account import account_edit
from duikou.access.services.membership import membership_pick
from duikou.kernel.errors import Invalid
from duikou.kernel.web import PUBLIC, Page


class AccountPage(Page):
    """My account; open to whoever is signed in, also without a working post."""

    needs = PUBLIC

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody in particular signs in first."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Profile, posts and what protects the account."""
        user: Any = request.user
        return self._show(AccountForm(initial={"display_name": user.display_name, "language": user.language}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the profile; the language holds from the next page on."""
        form = AccountForm(request.POST)
        account: Any = request.user
        if not form.is_valid():
            return self._show(form)
        try:
            account_edit(actor=self.actor, account=account, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
            return self._show(form)
        messages.success(request, _("已保存。"))
        done = HttpResponseRedirect(reverse("access:account"))
        done.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            account.language,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return done

    def _show(self, form: AccountForm) -> HttpResponse:
        request: Any = self.request
        context = {
            "form": form,
            "account": request.user,
            "memberships": request.memberships,
            "has_second_factor": is_mfa_enabled(request.user),
            "oidc": bool(settings.SOCIALACCOUNT_PROVIDERS),
        }
        return self.render("access/account.html", context, status=400 if form.is_bound else 200)


class MembershipPick(Page):
    """Acting in another of one's own posts."""

    needs = policies.POST_PICK.code

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember the choice and go on."""
        text = request.POST.get("membership", "")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
        account: Any = request.user
        post = membership_pick(actor=self.actor, account=account, membership_id=number)
        request.session[SESSION_KEY] = post.pk
        target = request.POST.get("next", "/")
        safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(target if safe else "/")
