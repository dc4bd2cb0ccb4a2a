"""Personal data: encrypted at rest, masked to the eye, every full reading known."""

from __future__ import annotations

import pytest
from django.db import connection

from duikou.access.models import OrganisationContact, PersonalDataRead
from duikou.access.services.contact import ContactDraft, contact_add, contact_remove, contact_reveal
from duikou.kernel.errors import Forbidden, Invalid, NotFound
from duikou.records.models import AuditEvent

SECRET = ContactDraft("欧阳建国", "经理", "13812345678", "ouyang@example.com")


@pytest.fixture
def contact(member):
    return contact_add(actor=member.actor, organisation=member.organisation, draft=SECRET)


def test_the_raw_table_holds_nothing_readable(contact):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, email FROM access_organisationcontact")
        raw = str(cursor.fetchall())
    for text in ("欧阳", "138", "ouyang"):
        assert text not in raw
    assert OrganisationContact.objects.get(pk=contact.pk).name == "欧阳建国"


def test_the_trail_holds_masks_only(contact, member):
    contact_reveal(actor=member.actor, organisation=member.organisation, contact_id=contact.pk)
    contact_remove(actor=member.actor, organisation=member.organisation, contact_id=contact.pk)
    written = str(list(AuditEvent.objects.filter(action__startswith="access.contact").values()))
    assert "access.contact.removed" in written
    for text in ("欧阳建国", "13812345678", "ouyang@"):
        assert text not in written


def test_reading_in_full_leaves_who_and_when(contact, member, auditor):
    for person in (member, auditor):
        shown = contact_reveal(actor=person.actor, organisation=member.organisation, contact_id=contact.pk)
        assert shown.phone == "13812345678"
    assert list(PersonalDataRead.objects.order_by("id").values_list("account_id", "subject_id")) == [
        (member.account.pk, contact.pk),
        (auditor.account.pk, contact.pk),
    ]


def test_strangers_and_operators_outside_admin_mode_read_nothing(
    contact, member, other_member, shenyang_lead, operator
):
    for person in (other_member, shenyang_lead, operator):
        with pytest.raises(Forbidden):
            contact_reveal(actor=person.actor, organisation=member.organisation, contact_id=contact.pk)
    assert not PersonalDataRead.objects.exists()


def test_a_contact_is_reached_through_its_own_organisation_only(contact, other_member):
    with pytest.raises(NotFound):
        contact_reveal(actor=other_member.actor, organisation=other_member.organisation, contact_id=contact.pk)


@pytest.mark.parametrize("draft", [ContactDraft(""), ContactDraft("王", email="nowhere"), ContactDraft("王" * 61)])
def test_bad_contacts_are_refused(member, draft):
    with pytest.raises(Invalid):
        contact_add(actor=member.actor, organisation=member.organisation, draft=draft)


def test_masks_show_little(contact):
    assert (contact.masked_name, contact.masked_phone, contact.masked_email) == (
        "欧***",
        "138******78",
        "o***@example.com",
    )
