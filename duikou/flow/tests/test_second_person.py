"""What waits for a second person waits in the inbox of those who can agree."""

from __future__ import annotations

import pytest
from django.core import mail

from duikou.access.services.invitation import InvitationDraft, invitation_send
from duikou.flow.selectors import inbox_for
from duikou.kernel import jobs
from duikou.kernel.actor import Role


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_a_second_person_stands_in_the_inbox_until_somebody_agrees(coordinator, operator, client_for):
    draft = InvitationDraft("new@example.com", "韩梅", Role.COORDINATOR)
    sent = invitation_send(actor=coordinator.actor, organisation=coordinator.organisation, draft=draft)
    jobs.drain()
    assert not mail.outbox or "invitations/accept" not in mail.outbox[-1].body
    waits = inbox_for(actor=operator.actor).filter(state="open", kind="flow.second")
    assert waits.count() == 1
    page = client_for(operator).get(waits.get().url).content.decode()
    assert "待第二人确认" in page
    client_for(operator).post(f"/access/invitations/{sent.pk}/confirm/")
    jobs.drain()
    assert not waits.all().exists()
    assert any("invitations/accept" in letter.body for letter in mail.outbox)
