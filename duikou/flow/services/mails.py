"""Sending what is due by mail: one mail a person, in the person's language, each notice once."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from duikou.access.models import Account
from duikou.flow.models import NoticeMail
from duikou.flow.services.notices import preferences_token
from duikou.flow.states import MailState
from duikou.kernel.clock import now

log = structlog.stdlib.get_logger("duikou.mail")

ATTEMPTS = 5
LOST_AFTER = dt.timedelta(minutes=30)
"""A mail taken up so long ago and not sent: its worker died; it is taken up again (under the same Message-ID)."""

BATCH = 500


def mails_send() -> int:
    """Send every mail that is due and return how many went out; safe to run twice and side by side."""
    at = now()
    waiting = Q(state=MailState.QUEUED, due_at__lte=at) | Q(state=MailState.SENDING, claimed_at__lt=at - LOST_AFTER)
    due = NoticeMail.objects.filter(waiting).order_by("account_id", "id")
    sent = 0
    for account_id, group in groupby(due.values_list("account_id", "id")[:BATCH], key=lambda pair: pair[0]):
        wanted = [pk for _account, pk in group]
        if NoticeMail.objects.filter(waiting, pk__in=wanted).update(state=MailState.SENDING, claimed_at=at) == 0:
            continue
        sent += _send(account_id, at, wanted)
    return sent


def _send(account_id: int, at: dt.datetime, wanted: list[int]) -> int:
    mine = NoticeMail.objects.filter(pk__in=wanted, state=MailState.SENDING, claimed_at=at)
    mails = list(mine.select_related("notice").order_by("id"))
    account = Account.objects.filter(pk=account_id, is_active=True).exclude(email="").first()
    if account is None or not mails:
        mine.update(state=MailState.FAILED, error="no address")
        return 0
    try:
        message_for(account, mails).send()
    except (SMTPException, OSError) as error:
        log.warning("mail.failed", account_id=account_id, mails=len(mails), error=type(error).__name__)
        mine.update(attempts=F("attempts") + 1, error=type(error).__name__)
        mine.filter(attempts__gte=ATTEMPTS).update(state=MailState.FAILED)
        mine.update(state=MailState.QUEUED, due_at=now() + dt.timedelta(minutes=10))
        return 0
    mine.update(state=MailState.SENT, error="")
    return 1


def message_for(account: Account, mails: list[NoticeMail]) -> EmailMultiAlternatives:
    """The mail in the reader's language: what waits, what is new, where to look, how to have less of it."""
    site = str(settings.PUBLIC_URL)
    with translation.override(account.language):
        preferences = site + reverse("flow:preferences-token", args=[preferences_token(account.pk)])
        context = {
            "lines": [
                {"text": mail.notice.words, "url": site + mail.notice.url, "duty": mail.notice.about.is_duty}
                for mail in mails
            ],
            "account": account,
            "preferences": preferences,
            "language": translation.get_language(),
        }
        subject = mails[0].notice.words if len(mails) == 1 else _("您有%(number)d条新消息") % {"number": len(mails)}
        message = EmailMultiAlternatives(
            subject=f"[{_('对口合作平台')}] {subject}".replace("\n", " ").replace("\r", " ")[:200],
            body=render_to_string("flow/mail.txt", context),
            to=[account.email],
            headers={
                "Message-ID": f"<notice-{mails[0].pk}-{mails[-1].pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
                "List-Unsubscribe": f"<{preferences}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(render_to_string("flow/mail.html", context), "text/html")
    return message
