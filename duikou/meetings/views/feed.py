"""Calendars that leave the site: one meeting as a file, and the feed with its private address."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from duikou.kernel import clock
from duikou.kernel.errors import NotFound, TooMany
from duikou.kernel.web import PUBLIC, Page
from duikou.meetings import selectors
from duikou.meetings.selectors.feeds import actor_of_secret, feed_of, feed_rows, secret_digest
from duikou.meetings.services.feeds import feed_renew, feed_withdraw
from duikou.meetings.services.ics import calendar_of
from duikou.meetings.views.lists import MeetingView

PER_MINUTE = 30
TYPE = "text/calendar; charset=utf-8"


class MeetingFile(MeetingView):
    """One meeting as an .ics file."""

    def get(self, request: HttpRequest, meeting_id: int) -> HttpResponse:
        """The file."""
        meeting = selectors.meeting_visible(actor=self.actor, meeting_id=meeting_id)
        answer = HttpResponse(calendar_of([meeting], site=_site(request)), content_type=TYPE)
        answer["Content-Disposition"] = f'attachment; filename="meeting-{meeting.pk}.ics"'
        return answer


class FeedPage(MeetingView):
    """Whether the viewer's post has an address; made, renewed and withdrawn here."""

    needs = "meetings.feed.write"
    for_units = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """What there is. The address itself cannot be shown again."""
        return self.render("meetings/feed.html", {"feed": feed_of(actor=self.actor), "address": ""})


class FeedRenew(FeedPage):
    """Make an address, or a new one."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Shown this once."""
        secret = feed_renew(actor=self.actor)
        address = request.build_absolute_uri(reverse("meetings:feed-ics", args=[secret]))
        answer = self.render("meetings/feed.html", {"feed": feed_of(actor=self.actor), "address": address})
        answer["Cache-Control"] = "no-store"
        return answer


class FeedWithdraw(FeedPage):
    """End the address."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """It answers nothing from now on."""
        feed_withdraw(actor=self.actor)
        return redirect("meetings:feed")


class Feed(Page):
    """The feed: whoever knows the address reads what its owner may see today."""

    needs = PUBLIC

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """The calendar; 304 while nothing changed, 404 for an address that is none, 429 for too many at once."""
        owner = actor_of_secret(token)
        if owner is None:
            # By place only for who guesses: a whole office may read its calendars from one address.
            _limit(f"meetings.feed:{request.META.get('REMOTE_ADDR', '')}")
            raise NotFound
        _limit(f"meetings.feed:{secret_digest(token)}")
        with translation.override(owner.language):
            meetings, actions, duties = feed_rows(actor=owner, today=clock.today())
            body = calendar_of(meetings, actions, duties, site=_site(request))
        answer = HttpResponse(body, content_type=TYPE)
        changed = [*(row.changed_at for row in meetings), *(row.changed_at for row in actions)]
        tag, last = quote_etag(hashlib.sha256(body).hexdigest()), max(changed, default=None)
        answer["ETag"] = tag
        if last is not None:
            answer["Last-Modified"] = last.astimezone(dt.UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        answer["Cache-Control"] = "private, max-age=900"
        answer["Referrer-Policy"] = "no-referrer"
        return get_conditional_response(request, etag=tag, response=answer) or answer


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _limit(key: str) -> None:
    """At most so many a minute; a calendar program asks once a quarter of an hour."""
    slot = f"{key}:{clock.now():%H%M}"
    cache.add(slot, 0, 120)
    try:
        count = cache.incr(slot)
    except ValueError:
        count = 1
    if count > PER_MINUTE:
        raise TooMany
