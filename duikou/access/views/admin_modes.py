"""The operator's admin mode: start, end, and the list that audit reads."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.access import policies
from duikou.access.forms import AdminModeForm
from duikou.access.middleware import MODE_KEY
from duikou.access.models import AdminMode
from duikou.access.selectors.actors import admin_mode_running
from duikou.access.selectors.people import admin_mode_get, admin_modes_visible, pages_visited
from duikou.access.services.admin_mode import admin_mode_end, admin_mode_start
from duikou.kernel import permissions
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.web import Page

START = policies.ADMIN_MODE.code


class AdminModes(Page):
    """Past and running admin modes, and the form to start one."""

    needs = policies.ADMIN_MODES.code

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        return self._show(AdminModeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start one."""
        permissions.check(self.actor, policies.ADMIN_MODE.code).or_raise()
        form = AdminModeForm(request.POST)
        account: Any = request.user
        if form.is_valid():
            try:
                mode = admin_mode_start(actor=self.actor, account=account, reason=form.cleaned_data["reason"])
            except (Invalid, Conflict) as error:
                form.refuse(error)
            else:
                request.session[MODE_KEY] = mode.pk
                messages.warning(request, _("已进入管理模式，所有查看均有记录。"))
                return HttpResponseRedirect("/")
        return self._show(form)

    def _show(self, form: AdminModeForm) -> HttpResponse:
        page = Paginator(admin_modes_visible(actor=self.actor), 50).get_page(self.request.GET.get("page"))
        context = {
            "form": form,
            "page_obj": page,
            "may_start": permissions.check(self.actor, policies.ADMIN_MODE.code),
            "minutes": settings.ADMIN_MODE_MINUTES,
            "elsewhere": self._elsewhere(),
        }
        return self.render("access/admin_modes.html", context, status=400 if form.is_bound else 200)

    def _elsewhere(self) -> AdminMode | None:
        """One's own mode that another session opened and that runs still."""
        account_id = self.actor.account_id
        if account_id is None or self.actor.admin_mode_id is not None or not permissions.check(self.actor, START):
            return None
        return admin_mode_running(account_id=account_id)


class AdminModePage(Page):
    """One admin mode: why, when, and everything looked at."""

    needs = policies.ADMIN_MODES.code

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The record."""
        mode = admin_mode_get(actor=self.actor, pk=pk)
        return self.render(
            "access/admin_mode.html", {"mode": mode, "events": pages_visited(actor=self.actor, mode=mode)}
        )


class AdminModeEnd(Page):
    """Ending one's admin mode early."""

    needs = policies.ADMIN_MODE.code

    def post(self, request: HttpRequest) -> HttpResponse:
        """Back to the ordinary sight."""
        account: Any = request.user
        admin_mode_end(actor=self.actor, account=account)
        request.session.pop(MODE_KEY, None)
        messages.success(request, _("已退出管理模式。"))
        return HttpResponseRedirect(reverse("access:admin-modes"))
