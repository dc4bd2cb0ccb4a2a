"""Pages of people: posts of an organisation, invitations, and accepting one."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.forms import AcceptForm, InvitationForm, MembershipForm, ReasonForm, region_of
from duikou.access.middleware import SESSION_KEY
from duikou.access.models import Account, Membership, Organisation
from duikou.access.selectors import people as selectors
from duikou.access.selectors.actors import memberships_live
from duikou.access.selectors.organisations import organisation_get
from duikou.access.services import invitation as invitations
from duikou.access.services import membership as memberships
from duikou.access.services.second_factor import second_factor_reset
from duikou.kernel.actor import Role
from duikou.kernel.errors import Conflict, Forbidden, Invalid
from duikou.kernel.web import PUBLIC, Page


def people_page(organisation_id: int) -> str:
    """The address of an organisation's people."""
    return reverse("access:people", args=[organisation_id])


class People(Page):
    """Posts and invitations of an organisation, and the form to invite."""

    needs = policies.PEOPLE.code

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who works here."""
        return self._show(self._organisation(pk), None)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Invite somebody."""
        organisation = self._organisation(pk)
        policies.people_manage(self.actor, organisation).or_raise()
        roles = policies.roles_grantable(self.actor, organisation)
        form = InvitationForm(request.POST, roles=roles)
        if form.is_valid():
            try:
                sent = invitations.invitation_send(actor=self.actor, organisation=organisation, draft=form.draft())
            except (Invalid, Conflict, Forbidden) as error:
                form.refuse(error)
            else:
                done = _("邀请已登记，待第二人确认后发出。") if sent.is_waiting else _("邀请已发送至%(email)s。")
                messages.success(request, done % {"email": sent.email})
                return HttpResponseRedirect(people_page(pk))
        return self._show(organisation, form)

    def _organisation(self, pk: int) -> Organisation:
        organisation = organisation_get(actor=self.actor, pk=pk)
        policies.people_read(self.actor, organisation).or_raise()
        return organisation

    def _show(self, organisation: Organisation, form: InvitationForm | None) -> HttpResponse:
        actor = self.actor
        posts = list(selectors.people_of(actor=actor, organisation=organisation)[:500])
        for post in posts:
            post.organisation = organisation
        sent = selectors.invitations_of(actor=actor, organisation=organisation)[:100]
        context = {
            "organisation": organisation,
            "may_manage": policies.people_manage(actor, organisation),
            "posts": [
                (post, policies.membership_manage(actor, post), policies.membership_restore(actor, post))
                for post in posts
            ],
            "invitations": [(row, policies.invitation_confirm(actor, row)) for row in sent],
            "form": form or InvitationForm(roles=policies.roles_grantable(actor, organisation)),
        }
        return self.render("access/people.html", context, status=400 if form else 200)


class InvitationResend(Page):
    """Sending an invitation again."""

    needs = policies.INVITE.code

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A fresh link goes out; the old one stops working."""
        sent = invitations.invitation_resend(actor=self.actor, invitation_id=pk)
        messages.success(request, _("邀请已重新发送，旧链接失效。"))
        return HttpResponseRedirect(people_page(sent.organisation_id))


class InvitationConfirm(Page):
    """The second person's yes to an invitation."""

    needs = policies.INVITE.code

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The mail goes out."""
        sent = invitations.invitation_confirm(actor=self.actor, invitation_id=pk)
        messages.success(request, _("已确认，邀请已发出。"))
        return HttpResponseRedirect(people_page(sent.organisation_id))


class InvitationRevoke(Page):
    """Taking an invitation back."""

    needs = policies.INVITE.code

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The link stops working."""
        taken = invitations.invitation_revoke(actor=self.actor, invitation_id=pk)
        messages.success(request, _("邀请已撤销。"))
        return HttpResponseRedirect(people_page(taken.organisation_id))


class InvitationAccept(Page):
    """The page behind an invitation's link."""

    needs = PUBLIC

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """What is offered; expired, used and unknown links say so."""
        return self._show(token, AcceptForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Take the post up: with the account signed in, else with a new one, which is then signed in."""
        form = AcceptForm(request.POST)
        account: Any = request.user if request.user.is_authenticated else None
        if account is None and not form.is_valid():
            return self._show(token, form, status=400)
        names = {"username": "", "password": ""} if account else form.cleaned_data
        try:
            post = invitations.invitation_accept(
                token=token, account=account, username=names["username"], password=names["password"]
            )
        except Invalid as error:
            form.refuse(error)
            return self._show(token, form, status=400)
        if account is None:
            login(request, post.account, backend="allauth.account.auth_backends.AuthenticationBackend")
        request.session[SESSION_KEY] = post.pk
        messages.success(request, _("欢迎加入%(organisation)s。") % {"organisation": post.organisation.name})
        return HttpResponseRedirect("/")

    def _show(self, token: str, form: AcceptForm, status: int = 200) -> HttpResponse:
        invitation = invitations.invitation_of_token(token=token)
        known: Account | None = invitations.account_of_address(invitation.email)
        context = {
            "invitation": invitation,
            "form": form,
            "must_sign_in": known is not None and not self.actor.is_signed_in,
            "sign_in_url": f"{reverse('account_login')}?next={self.request.path}",
        }
        page = self.render("access/invitation_accept.html", context, status=status)
        page["Cache-Control"] = "no-store"
        return page


class MembershipPage(Page):
    """The page of one post: its form, and the way back in for a holder who lost the second factor."""

    needs = policies.INVITE.code

    def show(
        self, post: Membership, reset: ReasonForm, form: MembershipForm | None = None, status: int = 200
    ) -> HttpResponse:
        """The page, with what was refused."""
        context = {
            "membership": post,
            "form": form or MembershipForm(roles=self._roles(post), initial=MembershipForm.initial_of(post)),
            "reset_form": reset,
            "has_second_factor": is_mfa_enabled(post.account),
            "may_reset": policies.second_factor_reset(self.actor, post, memberships_live(account=post.account)),
        }
        return self.render("access/membership.html", context, status=status)

    def _membership(self, pk: int) -> Membership:
        post = selectors.membership_get(actor=self.actor, pk=pk)
        policies.membership_manage(self.actor, post).or_raise()
        return post

    def _roles(self, post: Membership) -> frozenset[Role]:
        return policies.roles_grantable(self.actor, post.organisation)


class MembershipChange(MembershipPage):
    """Changing a post."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form filled with what is known."""
        post = self._membership(pk)
        return self.show(post, ReasonForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save, or show what stands in the way."""
        post = self._membership(pk)
        form = MembershipForm(request.POST, roles=self._roles(post))
        if form.is_valid():
            data = form.cleaned_data
            try:
                memberships.membership_change(
                    actor=self.actor,
                    membership_id=pk,
                    role=Role(data["role"]),
                    region=region_of(data),
                    valid_to=data["valid_to"],
                    is_organisation_admin=data["is_organisation_admin"],
                )
            except (Invalid, Conflict, Forbidden) as error:
                form.refuse(error)
            else:
                messages.success(request, _("已保存。"))
                return HttpResponseRedirect(people_page(post.organisation_id))
        return self.show(post, ReasonForm(), form, status=400)


class SecondFactorReset(MembershipPage):
    """Taking a lost second factor off the account of a post's holder."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Done, and its holder told; or what stands in the way."""
        post = self._membership(pk)
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                second_factor_reset(actor=self.actor, membership_id=pk, reason=form.cleaned_data["reason"])
            except (Invalid, Conflict) as error:
                form.refuse(error)
            else:
                messages.success(request, _("已重置，并已通知本人。对方可用密码登录，再重新启用。"))
                return HttpResponseRedirect(reverse("access:membership", args=[pk]))
        return self.show(post, form, status=400)


class MembershipSwitch(Page):
    """Suspending and restoring a post; `is_active` says which."""

    needs = policies.INVITE.code
    is_active = False

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """It takes effect at the person's next request."""
        post = selectors.membership_get(actor=self.actor, pk=pk)
        if self.is_active:
            memberships.membership_restore(actor=self.actor, membership_id=post.pk)
            messages.success(request, _("岗位已恢复。"))
        else:
            reason = request.POST.get("reason", "")[:500]
            memberships.membership_suspend(actor=self.actor, membership_id=post.pk, reason=reason)
            messages.success(request, _("岗位已停用，对方的下一次操作起生效。"))
        return HttpResponseRedirect(people_page(post.organisation_id))
