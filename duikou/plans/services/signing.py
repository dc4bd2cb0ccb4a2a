"""A version on its way: sent, signed, filed, issued, in force, superseded; or returned or withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.canonical import digest
from duikou.kernel.clock import now, today
from duikou.kernel.errors import Conflict, Invalid, Stale
from duikou.kernel.facts import announce
from duikou.kernel.text import clean_name
from duikou.plans import policies
from duikou.plans.models import PlanVersion
from duikou.plans.rules.content import canonical
from duikou.plans.selectors.completeness import Completeness, completeness
from duikou.plans.selectors.content import content_of
from duikou.plans.services.carrying import carried_let_go, carried_links
from duikou.plans.services.plans import version_locked
from duikou.plans.states import LIFECYCLE, VersionState
from duikou.records.services.audit import record

MOST_SAID = 50


class Incomplete(Conflict):
    """The version lacks what must be there before anybody signs; `missing` is the list."""

    code = "incomplete"

    def __init__(self, found: Completeness) -> None:
        self.missing = found
        super().__init__(
            _("还有%(count)d处不完整，不能送签。") % {"count": len(found.errors)},
            missing=[one.words for one in found.errors[:MOST_SAID]],
        )


@transaction.atomic
def version_close(*, actor: Actor, version_id: int, revision: int) -> PlanVersion:
    """Close the draft for signing, as its sender saw it; raises `Incomplete` (the list) or `Stale`."""
    version = version_locked(version_id)
    policies.write(actor, version).or_raise()
    if version.revision != revision:
        raise Stale(_("草案在您打开之后又有修改，请看过现在的内容再送签。"), revision=version.revision)
    missing = completeness(version)
    if not missing.ready:
        raise Incomplete(missing)
    version.submitted_at = now()
    return _moved(actor, version, "submit", "submitted", ["submitted_at"])


@transaction.atomic
def version_signed(*, actor: Actor, version_id: int) -> PlanVersion:
    """Both sides signed: the text is kept as it is, with its digest. A second time it does nothing."""
    version = version_locked(version_id)
    if version.state != VersionState.IN_COSIGN and version.digest:
        return version
    text = canonical(content_of(version))
    version.sealed, version.digest, version.signed_at = text.decode(), digest(text), now()
    return _moved(actor, version, "sign", "signed", ["sealed", "digest", "signed_at"])


@transaction.atomic
def version_filed(*, actor: Actor, version_id: int) -> PlanVersion:
    """Both who receive it in Beijing have confirmed."""
    version = version_locked(version_id)
    version.filed_at = now()
    return _moved(actor, version, "file", "filed", ["filed_at"])


@transaction.atomic
def version_issued(
    *,
    actor: Actor,
    version_id: int,
    document_number: str = "",
    document_date: dt.date | None = None,
    in_force_on: dt.date | None = None,
) -> PlanVersion:
    """Issued under its number; it takes effect on the day given, at once when that day has come (None: today)."""
    version = version_locked(version_id)
    version.issued_at = now()
    version.in_force_on = in_force_on or today()
    version.document_number, version.document_date = clean_name(document_number)[:60], document_date
    names = ("document_number", "document_date", "in_force_on")
    kept = {name: getattr(version, name) for name in names if getattr(version, name)}
    version = _moved(actor, version, "issue", "issued", ["issued_at", *names], more=kept)
    return _in_force(actor, version) if version.in_force_on and version.in_force_on <= today() else version


@transaction.atomic
def version_returned(*, actor: Actor, version_id: int, reason: str) -> PlanVersion:
    """Sent back to its authors: a draft again before both signed, kept as signed (`returned`) afterwards."""
    version = version_locked(version_id)
    verb = "returned" if version.state != VersionState.IN_COSIGN else "drafted"
    return _moved(actor, version, "return", verb, [], reason)


@transaction.atomic
def version_withdrawn(*, actor: Actor, version_id: int, reason: str) -> PlanVersion:
    """Taken back by its senders before the last signature: a draft again."""
    return _moved(actor, version_locked(version_id), "withdraw", "drafted", [], reason)


@transaction.atomic
def version_take_effect(*, actor: Actor, version_id: int) -> PlanVersion:
    """In force from its day on; the version in force until then is superseded."""
    version = version_locked(version_id)
    if version.state == VersionState.IN_FORCE:
        return version
    if version.in_force_on is None or version.in_force_on > today():
        raise Invalid(_("施行日期还没有到。"))
    return _in_force(actor, version)


def versions_due() -> list[int]:
    """Issued versions whose day has come."""
    due = PlanVersion.objects.filter(state=VersionState.ISSUED, in_force_on__lte=today())
    return list(due.values_list("pk", flat=True))


def _in_force(actor: Actor, version: PlanVersion) -> PlanVersion:
    running = PlanVersion.objects.filter(plan=version.plan_id, state=VersionState.IN_FORCE).first()
    if running is not None:
        _moved(actor, version_locked(running.pk), "supersede", "superseded", [])
        carried_let_go(actor=actor, links=carried_links(running))
    return _moved(actor, version, "take_effect", "in_force", [])


def _moved(
    actor: Actor,
    version: PlanVersion,
    verb: str,
    said: str,
    fields: list[str],
    reason: str = "",
    more: Mapping[str, object] | None = None,
) -> PlanVersion:
    before = version.state
    version.state = LIFECYCLE.go(VersionState(before), verb).value
    version.save(update_fields=["state", *fields])
    after = {"state": version.state, **({"digest": version.digest} if version.digest else {}), **(more or {})}
    record(
        actor=actor,
        action=f"plans.version.{said}",
        subject=version,
        before={"state": before},
        after=after,
        reason=reason,
    )
    announce("plans.version.moved", version_id=version.pk, state=version.state)
    return version
