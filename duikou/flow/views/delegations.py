"""Who stands in for me, and for whom I do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.access.models import Account, Membership
from duikou.flow.forms import DelegationForm
from duikou.flow.selectors.delegations import delegations_of, posts_of, takers_of
from duikou.flow.services.delegations import delegation_close, delegation_open
from duikou.kernel.actor import Role
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.web import Page
from duikou.records.selectors.wording import role_label


class Delegations(Page):
    """Given and taken, and the form to open one."""

    needs = "flow.delegation.write"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return self._page(self._form(posts_of(actor=self.actor)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open one."""
        posts = posts_of(actor=self.actor)
        form = self._form(posts, request.POST)
        if form.is_valid():
            data = form.cleaned_data
            post = next(one for one in posts if str(one.pk) == data["post"])
            try:
                delegation_open(
                    actor=self.actor,
                    to_account=Account.objects.get(pk=data["to_account"]),
                    role=Role(post.role),
                    region=post.region,
                    valid_from=data["valid_from"],
                    valid_to=data["valid_to"],
                    reason=data["reason"],
                )
                messages.success(request, _("已委托。"))
                return HttpResponseRedirect(reverse("flow:delegations"))
            except Invalid as bad:
                for name, texts in (bad.fields or {"": [bad.message]}).items():
                    form.add_error(name if name in form.fields else None, texts[0])
            except Conflict as again:
                form.add_error(None, again.message)
        return self._page(form, 400)

    def _form(self, posts: list[Membership], data: Any = None) -> DelegationForm:
        people = {person.pk: str(person) for post in posts for person in takers_of(actor=self.actor, post=post)[:500]}
        labels = [(post.pk, " · ".join(_place(post))) for post in posts]
        day = today()
        return DelegationForm(
            data, posts=labels, people=sorted(people.items(), key=lambda one: one[1]), initial={"valid_from": day}
        )

    def _page(self, form: DelegationForm, status: int = 200) -> HttpResponse:
        found = delegations_of(actor=self.actor)
        lists = [(True, _("我委托别人"), found.given), (False, _("别人委托我"), found.taken)]
        context = {
            "form": form,
            "has_post": bool(form.fields["post"].choices),  # type: ignore[attr-defined]
            "lists": [
                (is_given, title, [(one, role_label(one.role)) for one in rows]) for is_given, title, rows in lists
            ],
        }
        return self.render("flow/delegations.html", context, status=status)


def _place(post: Membership) -> list[str]:
    return [role_label(post.role), post.organisation.label, *([post.region.label] if post.region else [])]


class DelegationClose(Page):
    """End one."""

    needs = "flow.delegation.write"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """At once; what was done meanwhile stands."""
        delegation_close(actor=self.actor, delegation_id=pk)
        messages.success(request, _("委托已终止。"))
        return HttpResponseRedirect(reverse("flow:delegations"))
