"""Linking committed events into the chain, by one job, so that no writer ever waits for it.

Reasoning: docs/decisions/audit-chain.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError, transaction

from duikou.kernel.bulk import insert_many
from duikou.kernel.clock import now
from duikou.records.models import AuditLink, AuditSeal
from duikou.records.rules import START, chained, seal_mac
from duikou.records.services.canon import Row, at_text, digest_of, is_signed, rows_unlinked
from duikou.records.services.heads import head_keep
from duikou.records.services.keys import event_keys, seal_keys

WINDOW = dt.timedelta(hours=6)
"""How long a transaction may run and still find its events linked by the ordinary run; a full run finds the rest."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one run did: links made, rows left out because they are not signed, the chain's end."""

    linked: int
    unsigned: int
    position: int
    head: str


@dataclass(frozen=True, slots=True)
class _End:
    position: int
    head: str
    floor: int


def trail_seal(*, everything: bool = False, told: Callable[[int], None] = lambda _linked: None) -> Sealed:
    """Link every committed event that is not in the chain yet; `everything` looks beyond the window as well.

    Two thousand links go in one transaction: some 10 ms of the write lock on SQLite. `told` hears after each how many
    there are. Safe to run twice and side by side: the loser of a race makes nothing. Rows without the platform's
    signature are never linked: `trail_verify` names them.
    """
    keys = event_keys()
    linked = unsigned = 0
    end = _end()
    for batch in rows_unlinked(after=0 if everything else _floor()):
        ours = [row for row in batch if is_signed(row, keys)]
        unsigned += len(batch) - len(ours)
        if not ours:
            continue
        after = _append(ours, end)
        if after is None:
            break
        linked, end = linked + len(ours), after
        told(linked)
    if linked:
        transaction.on_commit(partial(head_keep, end.position, end.head))
    return Sealed(linked, unsigned, end.position, end.head)


def _append(rows: Sequence[Row], end: _End) -> _End | None:
    """Links and a seal for `rows` behind `end`; None when another sealer was there first."""
    links = []
    head, position, floor = end.head, end.position, end.floor
    for row in rows:
        position += 1
        digest = digest_of(row)
        head = chained(head, position, row[0], digest)
        floor = max(floor, row[0])
        links.append((position, row[0], digest, head))
    at = now()
    first = end.position + 1
    mac = seal_mac(first, position, floor, at_text(at), head, seal_keys()[0])
    try:
        with transaction.atomic():
            if _end() != end:
                return None
            insert_many(AuditLink, ("position", "event_id", "digest", "chain"), links)
            AuditSeal(at=at, first=first, last=position, floor=floor, head=head, mac=mac).save()
    except IntegrityError:
        return None
    return _End(position, head, floor)


def _end() -> _End:
    seal = AuditSeal.objects.order_by("-last").first()
    return _End(seal.last, seal.head, seal.floor) if seal else _End(0, START, 0)


def _floor() -> int:
    """The largest event id sealed before the window: below it nothing can still be in an open transaction."""
    settled = AuditSeal.objects.filter(at__lt=now() - WINDOW).order_by("-last").values_list("floor", flat=True).first()
    return settled or 0
