"""Who is told what happened to their account."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail

from duikou.access.services.second_factor import second_factor_reset
from duikou.flow.models import Notice
from duikou.kernel import jobs


@pytest.mark.django_db(transaction=True)
def test_who_loses_the_second_factor_is_told_at_once_in_the_inbox_and_by_mail(operator, member):
    TOTP.activate(member.account, generate_totp_secret())
    second_factor_reset(actor=operator.actor, membership_id=member.membership.pk, reason="手机丢失，已核实本人")
    jobs.drain()
    notice = Notice.objects.get(account=member.account, kind="flow.account")
    assert "双因素认证" in notice.words
    assert notice.in_inbox
    assert [message.to for message in mail.outbox] == [["member@example.com"]]
