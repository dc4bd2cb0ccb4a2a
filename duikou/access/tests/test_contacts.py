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


def test_who_sees_or_audits_all_reads_contacts_and_is_noted_ministries_and_the_cadre_authority_do_not(
    contact, member, coordinator, auditor, ministry, cadre_authority
):
    for person in (ministry, cadre_authority):
        with pytest.raises(Forbidden) as refused:
            contact_reveal(actor=person.actor, organisation=member.organisation, contact_id=contact.pk)
        assert "联系人信息仅供" in str(refused.value.message)
    for person in (coordinator, auditor):
        contact_reveal(actor=person.actor, organisation=member.organisation, contact_id=contact.pk)
    assert PersonalDataRead.objects.count() == 2


@pytest.mark.parametrize("phone", ["abc", "12", "一二三四", "138-abcd-1234", "1" * 21, "---", "打前台", "+", "转801"])
def test_what_cannot_be_dialled_is_no_telephone_number(member, phone):
    with pytest.raises(Invalid) as refused:
        contact_add(actor=member.actor, organisation=member.organisation, draft=ContactDraft("王", phone=phone))
    assert set(refused.value.fields) == {"phone"}


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("12345", "12345"),
        ("１３８１２３４５６７８", "13812345678"),
        ("+86 138 1234 5678", "+86 138 1234 5678"),
        ("(024) 1234-5678转801", "(024) 1234-5678转801"),
        ("（010）12345678 转 6", "(010)12345678 转 6"),
        ("", ""),
    ],
)
def test_numbers_as_people_write_them_are_kept(member, phone, kept):
    draft = ContactDraft("王", phone=phone)
    assert contact_add(actor=member.actor, organisation=member.organisation, draft=draft).phone == kept


@pytest.mark.parametrize("name", ["🙂🙂", "···", "\u200b", "\u202e", "\x00", "—"])
def test_a_name_without_a_word_in_it_is_refused(member, name):
    with pytest.raises(Invalid):
        contact_add(actor=member.actor, organisation=member.organisation, draft=ContactDraft(name))
