"""Whom to call about a request, read in full: a trace is left."""

from __future__ import annotations

from django.db import transaction

from duikou.access.services.contact import personal_data_note
from duikou.greenchannel import policies
from duikou.greenchannel.models import GreenChannelRequest
from duikou.greenchannel.selectors.scope import request_visible
from duikou.kernel.actor import Actor
from duikou.records.services.audit import record


@transaction.atomic
def contact_reveal(*, actor: Actor, request_id: int) -> GreenChannelRequest:
    """The request, its contact to be shown in full; leaves a `PersonalDataRead` and an audit event."""
    request = request_visible(actor=actor, request_id=request_id)
    policies.reveal(actor, request).or_raise()
    personal_data_note(actor=actor, subject=request, organisation_id=request.asker_organisation_id)
    record(actor=actor, action="greenchannel.request.contact", subject=request)
    return request
