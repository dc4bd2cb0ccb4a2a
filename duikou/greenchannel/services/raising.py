"""Raising a blocker: it has a named owner and a running clock from the same moment."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duikou.access.services.contact import is_phone
from duikou.greenchannel import policies
from duikou.greenchannel.models import GreenChannelRequest, StepKind
from duikou.greenchannel.selectors.owners import owner_for, side_regions
from duikou.greenchannel.selectors.parameters import term_of
from duikou.greenchannel.services.keeping import LONGEST, step_write
from duikou.greenchannel.services.waiting import turn_next
from duikou.kernel.actor import Actor
from duikou.kernel.clock import add_working_days, now, today
from duikou.kernel.errors import DomainError, Invalid
from duikou.kernel.facts import announce
from duikou.kernel.text import clean, clean_name, has_word, normalise
from duikou.programme.selectors import blocker_kinds_of
from duikou.projects.selectors import project_visible
from duikou.records.services.audit import record
from duikou.records.services.evidence import evidence_add

FARTHEST = dt.timedelta(days=366 * 5)


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What somebody fills in; `uid` names the form, so that sending it twice makes one request."""

    project_id: int
    kind_id: int
    side: str
    title: str
    wanted_on: dt.date
    needed: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    uid: uuid.UUID = field(default_factory=uuid.uuid4)


def request_raise(*, actor: Actor, draft: RequestDraft, files: Sequence[Any] = ()) -> GreenChannelRequest:
    """Raise a blocker of a project that the actor takes part in (clause 4.5), with its files.

    Raises `NotFound`, `Forbidden`, or `Invalid` by field. The same draft sent again gives the request that is there.
    """
    known = _known(actor, draft)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _raise(actor, draft, files)
    except IntegrityError:
        known = _known(actor, draft)
        if known is None:
            raise
        return known


def _known(actor: Actor, draft: RequestDraft) -> GreenChannelRequest | None:
    return GreenChannelRequest.objects.filter(uid=draft.uid, asker_id=actor.account_id).first()


def _raise(actor: Actor, draft: RequestDraft, files: Sequence[Any]) -> GreenChannelRequest:
    project = project_visible(actor=actor, project_id=draft.project_id)
    policies.raise_(actor, project).or_raise()
    kind = blocker_kinds_of(project.programme).filter(pk=draft.kind_id).first()
    if kind is None:
        raise Invalid(fields={"kind": [_("请选择类别。")]})
    regions = side_regions(project)
    checked = _checked(draft, regions)
    region, day, term = regions[draft.side], today(), term_of(kind)
    owner = owner_for(programme=project.programme, kind=kind, region=region)
    moment = now()
    request = GreenChannelRequest.objects.create(
        uid=draft.uid,
        programme=project.programme,
        project=project,
        kind=kind,
        side=draft.side,
        region=region,
        year=day.year,
        asker_id=actor.account_id,
        asker_name=actor.name[:150],
        asker_organisation_id=actor.organisation_id,
        owner_id=owner.account_id,
        owner_organisation_id=owner.organisation_id,
        owner_name=owner.name[:300],
        basis=owner.basis,
        term=term,
        started_on=day,
        due_on=add_working_days(day, term),
        raised_at=moment,
        changed_at=moment,
        **checked,
    )
    step_write(actor=actor, request=request, said=StepKind.RAISED, text=request.needed)
    after = {
        **{name: checked[name] for name in ("title", "wanted_on", "contact_name", "contact_phone")},
        "kind": kind.title,
        "side": draft.side,
        "owner": owner.name,
        "basis": owner.basis,
        "due_on": request.due_on,
    }
    record(actor=actor, action="greenchannel.request.raised", subject=request, after=after)
    _files(actor, request, files)
    turn_next(actor=actor, request=request)
    announce("greenchannel.request.raised", request_id=request.pk)
    return request


def _files(actor: Actor, request: GreenChannelRequest, files: Sequence[Any]) -> None:
    for file in files:
        try:
            evidence_add(actor=actor, subject=request, file=file)
        except DomainError as bad:
            raise Invalid(fields={"photos": [f"{file.name}：{bad.message}"]}) from None


def _checked(draft: RequestDraft, regions: dict[str, Any]) -> dict[str, Any]:
    found = {
        "title": clean_name(draft.title),
        "needed": clean(draft.needed),
        "contact_name": clean_name(draft.contact_name),
        "contact_phone": normalise(draft.contact_phone),
    }
    wrong: dict[str, list[object]] = {}
    if draft.side not in regions:
        wrong["side"] = [_("请选择须由哪一侧解决。")]
    if not has_word(found["title"]):
        wrong["title"] = [_("请用一句话写明需要解决什么。")]
    for name, limit in (("title", 100), ("needed", LONGEST), ("contact_name", 60), ("contact_phone", 40)):
        if len(found[name]) > limit:
            wrong[name] = [_("最多%(limit)s个字。") % {"limit": limit}]
    if not today() <= draft.wanted_on <= today() + FARTHEST:
        wrong["wanted_on"] = [_("希望解决的日期应从今天起，不超过五年。")]
    if found["contact_phone"] and "contact_phone" not in wrong and not is_phone(found["contact_phone"]):
        wrong["contact_phone"] = [_("请填写能拨打的电话号码，如“024-12345678转801”。")]
    if wrong:
        raise Invalid(fields=wrong)
    return {**found, "wanted_on": draft.wanted_on}
