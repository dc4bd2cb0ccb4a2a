"""What people want to be told, and how."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from duikou.flow.models import Kind, NoticePreference, kind_of, kinds
from duikou.flow.states import MailMode


@dataclass(frozen=True, slots=True)
class Wish:
    """One kind as one person wants it. A duty is always shown and always mailed, at least once a day."""

    kind: Kind
    inbox: bool
    mail: MailMode


def wishes_of(*, account_id: int) -> list[Wish]:
    """Every kind, as the person wants it (one query)."""
    rows = {row.kind: row for row in NoticePreference.objects.filter(account_id=account_id)}
    return [_wish(kind, rows.get(kind.code)) for kind in kinds()]


def wishes_of_many(*, account_ids: Collection[int], kind: str) -> dict[int, Wish]:
    """One kind, as each of many people wants it (one query)."""
    about = kind_of(kind)
    rows = NoticePreference.objects.filter(account_id__in=account_ids, kind=kind)
    known = {row.account_id: row for row in rows}
    return {account_id: _wish(about, known.get(account_id)) for account_id in account_ids}


def _wish(kind: Kind, row: NoticePreference | None) -> Wish:
    inbox = row.inbox if row else True
    mail = MailMode(row.mail) if row else kind.mail
    if kind.is_duty:
        return Wish(kind, inbox=True, mail=MailMode.DAILY if mail is MailMode.OFF else mail)
    return Wish(kind, inbox, mail)
