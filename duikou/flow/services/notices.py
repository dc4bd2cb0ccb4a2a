"""Telling people: one notice a person and occasion, by the ways they chose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.db import transaction

from duikou.access.models import Account
from duikou.flow.models import InboxItem, Notice, NoticeMail, NoticePreference, kinds
from duikou.flow.selectors import accounts_addressed, wishes_of_many
from duikou.flow.selectors.preferences import Wish
from duikou.flow.states import MailMode
from duikou.kernel.actor import Actor
from duikou.kernel.clock import SHANGHAI, now
from duikou.kernel.errors import NotFound
from duikou.records.services.audit import record

MORNING = dt.time(8, 0)
"""When the daily mail goes out, Asia/Shanghai."""

SALT = "flow.preferences"


@dataclass(frozen=True, slots=True)
class Telling:
    """What to tell whom: `title` is a msgid with named placeholders for `params`, `url` an address on this site.

    A title never carries personal data of others: it goes out by mail.
    """

    key: str
    kind: str
    title: str
    url: str
    accounts: Collection[int]
    params: Mapping[str, Any] = field(default_factory=dict)


Source = Callable[..., "Telling | Iterable[Telling] | None"]
"""Called with a fact's ids; says what to tell whom, or nothing."""


def tell(telling: Telling) -> int:
    """Write the notices of one telling and queue their mails, in six queries however many people; safe to run twice."""
    with transaction.atomic():
        return _tell(telling, None)


def tell_many(tellings: Sequence[Telling]) -> int:
    """Write many tellings, each to its own people, in a few queries for each kind among them; safe to run twice."""
    made = 0
    with transaction.atomic():
        for kind in sorted({telling.kind for telling in tellings}):
            made += _tell_kind(kind, [telling for telling in tellings if telling.kind == kind])
    return made


def _tell_kind(kind: str, tellings: list[Telling]) -> int:
    accounts = {account for telling in tellings for account in telling.accounts}
    people = {account.pk: account for account in Account.objects.filter(pk__in=accounts, is_active=True)}
    wishes, at = wishes_of_many(account_ids=list(people), kind=kind), now()
    made = [
        _notice(telling, account_id, wishes[account_id], at)
        for telling in tellings
        for account_id in telling.accounts
        if account_id in people and (wishes[account_id].inbox or wishes[account_id].mail is not MailMode.OFF)
    ]
    Notice.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    keys = {telling.key[:200] for telling in tellings}
    told = Notice.objects.filter(kind=kind, key__in=keys, mail=None).values_list("pk", "account_id")
    NoticeMail.objects.bulk_create(
        [
            NoticeMail(notice_id=pk, account_id=account_id, due_at=_due(wishes[account_id].mail, at))
            for pk, account_id in told
            if account_id in people and people[account_id].email and wishes[account_id].mail is not MailMode.OFF
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    return len(made)


def _notice(telling: Telling, account_id: int, wish: Wish, at: dt.datetime) -> Notice:
    return Notice(
        account_id=account_id,
        key=telling.key[:200],
        kind=telling.kind,
        title=telling.title,
        params=dict(telling.params),
        url=telling.url[:300],
        in_inbox=wish.inbox,
        created_at=at,
    )


def tell_of_item(*, item_id: int) -> int:
    """Carry a waiting item into the mail of those it waits for."""
    item = InboxItem.objects.filter(pk=item_id).first()
    if item is None:
        return 0
    accounts = [account.pk for account in accounts_addressed(item)]
    telling = Telling(f"item:{item.key}"[:200], item.kind, item.title, item.url, accounts, item.params)
    with transaction.atomic():
        return _tell(telling, item)


def _tell(telling: Telling, item: InboxItem | None) -> int:
    people = {account.pk: account for account in Account.objects.filter(pk__in=telling.accounts, is_active=True)}
    wishes = wishes_of_many(account_ids=list(people), kind=telling.kind)
    at = now()
    made = [
        Notice(
            account_id=account_id,
            key=telling.key[:200],
            kind=telling.kind,
            item=item,
            title=telling.title,
            params=dict(telling.params),
            url=telling.url[:300],
            in_inbox=item is None and wish.inbox,
            created_at=at,
        )
        for account_id, wish in wishes.items()
        if wish.inbox or wish.mail is not MailMode.OFF
    ]
    Notice.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    told = Notice.objects.filter(key=telling.key[:200], account_id__in=list(people), mail=None)
    mails = [
        NoticeMail(notice_id=pk, account_id=account_id, due_at=_due(wishes[account_id].mail, at))
        for pk, account_id in told.values_list("pk", "account_id")
        if people[account_id].email and wishes[account_id].mail is not MailMode.OFF
    ]
    NoticeMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=500)
    return len(made)


def _due(mode: MailMode, at: dt.datetime) -> dt.datetime:
    if mode is MailMode.NOW:
        return at
    morning = dt.datetime.combine(at.astimezone(SHANGHAI).date(), MORNING, SHANGHAI)
    return morning if morning > at else morning + dt.timedelta(days=1)


def notices_read(*, actor: Actor, pks: Collection[int] | None = None) -> int:
    """Mark the actor's notices read: those of `pks`, or all. Reading is no change of business: nothing is recorded."""
    if actor.account_id is None:
        return 0
    mine = Notice.objects.filter(account_id=actor.account_id, read_at=None)
    return (mine if pks is None else mine.filter(pk__in=pks)).update(read_at=now())


def preferences_set(*, actor: Actor, account: Account, wishes: Mapping[str, tuple[bool, MailMode]]) -> None:
    """Keep how `account` wants to be told: kind → (on the site, by mail). Duties and unknown kinds are passed over."""
    known = {kind.code: kind for kind in kinds()}
    with transaction.atomic():
        for code, (inbox, mail) in wishes.items():
            if code in known and not known[code].is_duty:
                NoticePreference.objects.update_or_create(
                    account=account, kind=code, defaults={"inbox": inbox, "mail": mail}
                )
        after = {code: f"{int(inbox)}/{mail}" for code, (inbox, mail) in wishes.items()}
        record(actor=actor, action="flow.noticepreference.set", subject=account, after=after)


def preferences_token(account_id: int) -> str:
    """What a mail's link carries, so that mail can be switched off without signing in."""
    return signing.dumps(account_id, salt=SALT)


def account_of_token(token: str) -> Account:
    """The person of a mail's link; `NotFound` for anything forged, or older than a year."""
    try:
        account_id = signing.loads(token, salt=SALT, max_age=dt.timedelta(days=366))
    except signing.BadSignature:
        raise NotFound from None
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound
    return account
