"""How one wants to be told; also from the link in a mail, without signing in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from duikou.access.models import Account
from duikou.flow import selectors
from duikou.flow.forms import wishes_posted
from duikou.flow.services.notices import account_of_token, preferences_set
from duikou.flow.states import MailMode
from duikou.kernel.actor import Actor, ActorKind, Role
from duikou.kernel.errors import NotFound
from duikou.kernel.web import PUBLIC, Page


class Preferences(Page):
    """My preferences."""

    needs = "flow.inbox.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Every kind, by inbox and mail."""
        return self.table(self.account_id())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep them."""
        return self.keep(Account.objects.get(pk=self.account_id()), self.actor)

    def account_id(self) -> int:
        """The person who asks; jobs and commands have no preferences."""
        if self.actor.account_id is None:
            raise NotFound
        return self.actor.account_id

    def table(self, account_id: int) -> HttpResponse:
        """The page for one person."""
        context = {"wishes": selectors.wishes_of(account_id=account_id), "modes": MailMode.choices}
        return self.render("flow/preferences.html", context)

    def keep(self, account: Account, actor: Actor) -> HttpResponse:
        """Store what was posted and show the table again."""
        preferences_set(actor=actor, account=account, wishes=wishes_posted(self.request.POST))
        messages.success(self.request, _("通知偏好已保存。"))
        return HttpResponseRedirect(self.request.get_full_path())


class PreferencesByToken(Preferences):
    """The same table by the signed link of a mail; shows nothing else about the person."""

    needs = PUBLIC

    def get(self, request: HttpRequest, token: str) -> HttpResponse:  # type: ignore[override]
        """Every kind, by inbox and mail."""
        return self.table(account_of_token(token).pk)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:  # type: ignore[override]
        """Keep them, in the name of the person whom the mail was sent to."""
        account = account_of_token(token)
        actor = Actor(kind=ActorKind.PERSON, role=Role.PUBLIC, name=str(account), account_id=account.pk)
        return self.keep(account, actor)
