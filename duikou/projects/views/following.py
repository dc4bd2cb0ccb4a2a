"""Following projects, cells and saved views, and all that one follows."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from duikou.flow.models import MailMode
from duikou.kernel.errors import Invalid, NotFound
from duikou.kernel.web import Page
from duikou.projects import policies, selectors
from duikou.projects.selectors.following import followed
from duikou.projects.services.following import follow_cell, follow_end, follow_mail, follow_project, follow_view


class _Acting(Page):
    needs = "projects.follow.write"

    def number(self, name: str) -> int:
        """A posted id; `NotFound` for what is none."""
        text = self.request.POST.get(name, "")
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise NotFound
        return int(text)

    def back(self) -> HttpResponse:
        """To the page from which it was asked."""
        to = self.request.POST.get("next", "")
        known = url_has_allowed_host_and_scheme(to, allowed_hosts=None) and to.startswith("/")
        return HttpResponseRedirect(to if known else reverse("projects:following"))


class Following(_Acting):
    """All that one follows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        policies.browse(self.actor).or_raise()
        context = {"rows": followed(actor=self.actor), "modes": MailMode.choices}
        return self.render("projects/following.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Follow something."""
        what = request.POST.get("what")
        if what == "project":
            follow_project(actor=self.actor, project_id=self.number("project"))
        elif what == "view":
            follow_view(actor=self.actor, view_id=self.number("view"))
        elif what == "cell":
            programme = selectors.programme_chosen(request.POST.get("programme", ""), selectors.programmes_open())
            if programme is None:
                raise NotFound
            codes = {f"{name}_code": request.POST.get(name, "").replace("\x00", "") for name in ("pairing", "clause")}
            follow_cell(actor=self.actor, programme_id=programme.pk, **codes)
        else:
            raise NotFound
        messages.success(request, _("已关注。有变化时会在收件箱中通知您。"))
        return self.back()


class FollowEnd(_Acting):
    """Follow it no longer."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """At once."""
        follow_end(actor=self.actor, subscription_id=pk)
        messages.success(request, _("已取消关注。"))
        return self.back()


class FollowMail(_Acting):
    """How its mail goes."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep it."""
        mail = request.POST.get("mail", "")
        if mail not in MailMode.values:
            raise Invalid(_("请选择邮件的方式。"))
        follow_mail(actor=self.actor, subscription_id=pk, mail=MailMode(mail))
        messages.success(request, _("已保存。"))
        return self.back()
