"""What waits for me, what I did, what I was told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.flow import policies, selectors
from duikou.flow.forms import InboxFilter
from duikou.flow.selectors import Tab
from duikou.flow.services.inbox import item_dismiss
from duikou.flow.services.notices import notices_read
from duikou.kernel import permissions
from duikou.kernel.clock import today
from duikou.kernel.errors import NotFound
from duikou.kernel.web import Page


class Inbox(Page):
    """Tabs: waiting, done, notices."""

    needs = "flow.inbox.read"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The tab of the address, filtered."""
        tab = Tab(request.GET["tab"]) if request.GET.get("tab") in set(Tab) else Tab.WAITING
        form = InboxFilter(request.GET or None, tab=tab)
        context = {
            "tab": tab.value,
            "has_duties": bool(policies.may_browse_duties(self.actor)),
            "has_delegations": bool(permissions.check(self.actor, "flow.delegation.write")),
            "form": form,
            "page": self._page(tab, form, request.GET.get("cursor", "")),
            "tabs": [
                {"label": label, "url": f"?tab={name.value}", "active": name is tab}
                for name, label in _labels().items()
            ],
        }
        return self.render("flow/inbox.html", context)

    def _page(self, tab: Tab, form: InboxFilter, cursor: str) -> Any:
        kind = form.wish("kind")
        if tab is Tab.NOTICES:
            unread = bool(form.wish("unread"))
            return selectors.notices_page(actor=self.actor, kind=kind, unread=unread, cursor=cursor)
        if tab is Tab.DONE:
            return selectors.done_page(actor=self.actor, kind=kind, cursor=cursor)
        overdue = today() if form.wish("overdue") else None
        return selectors.waiting_page(actor=self.actor, kind=kind, overdue_before=overdue, cursor=cursor)


def _labels() -> dict[Tab, str]:
    return {Tab.WAITING: _("待办"), Tab.DONE: _("已办"), Tab.NOTICES: _("通知")}


class Dismiss(Page):
    """Set an item aside."""

    needs = "flow.inbox.write"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Back to the inbox; duties are refused with the reason."""
        item = selectors.item_for(actor=self.actor, pk=pk)
        item_dismiss(actor=self.actor, item=item, reason=request.POST.get("reason", ""))
        messages.success(request, _("已忽略。"))
        return HttpResponseRedirect(reverse("flow:inbox"))


class Item(Page):
    """Where an item leads."""

    needs = "flow.inbox.read"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One item with its history of states, and the way on."""
        item = selectors.item_for(actor=self.actor, pk=pk)
        verdict = policies.may_dismiss(is_duty=item.about.is_duty)
        return self.render("flow/item.html", {"item": item, "verdict": verdict})


class NoticeOpen(Page):
    """Following a notice marks it read."""

    needs = "flow.inbox.read"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """On to what it speaks of."""
        notice = selectors.notices_for(actor=self.actor).filter(pk=pk).first()
        if notice is None:
            raise NotFound
        notices_read(actor=self.actor, pks=[pk])
        return HttpResponseRedirect(notice.url or reverse("flow:inbox"))


class NoticesRead(Page):
    """Mark many read at once."""

    needs = "flow.inbox.write"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Those ticked, or all with `all=1`."""
        ticked = [int(text) for text in request.POST.getlist("notice") if text.isdigit() and len(text) < 19]
        number = notices_read(actor=self.actor, pks=None if request.POST.get("all") else ticked)
        messages.success(request, _("已将%(number)d条通知标为已读。") % {"number": number})
        return HttpResponseRedirect(f"{reverse('flow:inbox')}?tab=notices")
