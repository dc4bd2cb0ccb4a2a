"""Reading the whole chain again and naming the first row that is not as it was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.db import connection
from django.db.models import Max

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.facts import announce
from duikou.records.models import AuditCheck, AuditLink, AuditSeal
from duikou.records.rules import START, chained, seal_mac
from duikou.records.services import guards
from duikou.records.services.canon import Linked, Row, at_text, digest_of, is_signed, rows_linked, rows_unlinked
from duikou.records.services.heads import Head, heads_kept
from duikou.records.services.keys import event_keys, seal_keys
from duikou.records.services.seal import WINDOW
from duikou.records.states import What

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that is not as it was written; `near` puts findings in the order of events."""

    what: What
    row: str
    near: int = 0

    def __str__(self) -> str:
        return f"{self.what.value}: {self.row}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification saw. `findings` holds the first of each pass, in the order of events."""

    links: int
    unsealed: int
    position: int
    head: str
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding | None:
        """The first altered, removed or inserted row."""
        return self.findings[0] if self.findings else None


class _Broken(Exception):
    def __init__(self, finding: Finding) -> None:
        self.finding = finding


@dataclass(slots=True)
class _Walk:
    """Where the walk along the chain stands."""

    told: Callable[[int], None]
    anchors: dict[int, str]
    position: int = 0
    head: str = START
    event_id: int = 0
    links: int = 0


def trail_verify(
    *,
    actor: Actor,
    since: dt.datetime | None = None,
    anchors: Iterable[Head] = (),
    told: Callable[[int], None] = lambda _read: None,
) -> Report:
    """Walk the chain, compare every event, link and seal, and look for rows that stand outside of it.

    `since` trusts the last seal before that moment and walks from there. `anchors` are ends of the chain written down
    elsewhere; with those kept in the data folder they find a chain that was written anew or cut. Memory stays flat;
    `told` hears now and then how many links were read. The outcome is kept as an `AuditCheck`; a finding is announced
    as `records.trail.broken`.
    """
    start = _trusted(since)
    walk = _Walk(told, dict([*heads_kept(), *anchors]))
    if start:
        walk.position, walk.head, walk.event_id = start.last, start.head, start.floor
    findings: list[Finding] = []
    last_link = AuditLink.objects.aggregate(last=Max("position"))["last"] or 0
    try:
        _walk_seals(walk, last_link)
    except _Broken as broken:
        findings.append(broken.finding)
    unsealed, outside = _outside(start)
    findings.extend(outside)
    findings.sort(key=lambda finding: finding.near)
    findings.extend(Finding(What.GUARD_REMOVED, name) for name in guards.missing(connection))
    report = Report(walk.links, unsealed, walk.position, walk.head, tuple(findings))
    _keep(actor, since, report)
    return report


def _keep(actor: Actor, since: dt.datetime | None, report: Report) -> None:
    check = AuditCheck.objects.create(
        at=now(),
        by=actor.name,
        since=since,
        links=report.links,
        unsealed=report.unsealed,
        finding=str(report.first or "")[:300],
        head=report.head,
    )
    if report.first:
        announce("records.trail.broken", check_id=check.pk)


def _trusted(since: dt.datetime | None) -> AuditSeal | None:
    if since is None:
        return None
    return AuditSeal.objects.filter(at__lt=since).order_by("-last").first()


def _walk_seals(walk: _Walk, last_link: int) -> None:
    keys = seal_keys()
    for seal in AuditSeal.objects.filter(last__gt=walk.position).order_by("last").iterator(chunk_size=_CHUNK):
        _check_seal(walk, seal, keys)
        _walk_links(walk, seal.last)
        if walk.head != seal.head:
            raise _Broken(Finding(What.SEAL_ALTERED, f"seal {seal.pk}", walk.event_id))
    if last_link > walk.position:
        raise _Broken(_beyond(walk, last_link))
    if (known := max(walk.anchors, default=0)) > walk.position:
        missing = f"links {walk.position + 1}-{known}"
        raise _Broken(Finding(What.END_REMOVED, missing, walk.event_id + 1))


def _check_seal(walk: _Walk, seal: AuditSeal, keys: tuple[bytes, ...]) -> None:
    if not any(seal.mac == seal_mac(seal.first, seal.last, seal.floor, at_text(seal.at), seal.head, k) for k in keys):
        raise _Broken(Finding(What.SEAL_ALTERED, f"seal {seal.pk}", walk.event_id + 1))
    if seal.first != walk.position + 1:
        raise _Broken(Finding(What.SEAL_REMOVED, f"seal of position {walk.position + 1}", walk.event_id + 1))


def _beyond(walk: _Walk, last_link: int) -> Finding:
    """Links stand behind the last seal: one was put there, or the seal was taken away."""
    first = walk.position + 1
    before = walk.head
    for link in AuditLink.objects.filter(position__gt=walk.position).order_by("position")[:_CHUNK]:
        if link.position != first or link.chain != chained(before, link.position, link.event_id, link.digest):
            return Finding(What.LINK_INSERTED, f"link {link.position}", walk.event_id + 1)
        first, before = first + 1, link.chain
    return Finding(What.SEAL_REMOVED, f"seal of positions {walk.position + 1}-{last_link}", walk.event_id + 1)


def _walk_links(walk: _Walk, last: int) -> None:
    keys = event_keys()
    for links in rows_linked(after=walk.position, until=last):
        for link in links:
            _check_link(walk, link, keys)
            walk.position, walk.head, walk.event_id = link.position, link.chain, link.event_id
            if walk.anchors.get(link.position, link.chain) != link.chain:
                raise _Broken(Finding(What.ANCHOR_LOST, f"position {link.position}", link.event_id))
        walk.links += len(links)
        walk.told(walk.links)
    if walk.position < last:
        raise _Broken(Finding(What.LINK_REMOVED, f"link {walk.position + 1}", walk.event_id + 1))


def _check_link(walk: _Walk, link: Linked, keys: tuple[bytes, ...]) -> None:
    position, event_id, row = link.position, link.event_id, link.row
    if position != walk.position + 1:
        raise _Broken(Finding(What.LINK_REMOVED, f"link {walk.position + 1}", walk.event_id + 1))
    if link.chain != chained(walk.head, position, event_id, link.digest):
        raise _Broken(Finding(What.LINK_ALTERED, f"link {position} (event {event_id})", event_id))
    if row is None:
        raise _Broken(Finding(What.EVENT_REMOVED, f"event {event_id} (link {position})", event_id))
    if digest_of(row) != link.digest or not is_signed(row, keys):
        raise _Broken(Finding(What.EVENT_ALTERED, f"event {event_id} (link {position})", event_id))


def _outside(start: AuditSeal | None) -> tuple[int, list[Finding]]:
    """Events that no link names: young signed ones wait for the sealer; the first of any other kind is a finding."""
    keys = event_keys()
    newest = AuditSeal.objects.order_by("-last").first()
    grace = at_text(newest.at - WINDOW) if newest else ""
    unsealed = 0
    for row in chain.from_iterable(_waiting(start)):
        if not is_signed(row, keys):
            return unsealed, [Finding(What.EVENT_INSERTED, f"event {row[0]}", row[0])]
        if row[3] < grace:
            return unsealed, [Finding(What.EVENT_UNSEALED, f"event {row[0]}", row[0])]
        unsealed += 1
    return unsealed, []


def _waiting(start: AuditSeal | None) -> Iterator[list[Row]]:
    if start is None:
        return rows_unlinked(after=0)
    settled = AuditSeal.objects.filter(at__lt=start.at - WINDOW).order_by("-last").first()
    return rows_unlinked(after=settled.floor if settled else 0)
