"""Telling people once, by the ways they chose, in their language."""

import datetime as dt
import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from duikou.flow.models import Notice, NoticeMail, NoticePreference
from duikou.flow.services import jobs as flow_jobs
from duikou.flow.services.inbox import To
from duikou.flow.services.jobs import notice_on
from duikou.flow.services.mails import ATTEMPTS, LOST_AFTER, mails_send
from duikou.flow.services.notices import Telling, preferences_token, tell, tell_of_item
from duikou.flow.states import MailMode, MailState
from duikou.kernel import facts, jobs
from duikou.kernel.clock import now

pytestmark = pytest.mark.django_db


def telling(*people, key="n", kind="test.thing", **more):
    given = {"title": "%(region)s退回了计划", "url": "/projects/7/", "params": {"region": "沈阳"}, **more}
    return Telling(key, kind, accounts=[person.account.pk for person in people], **given)


@pytest.fixture
def lead(shenyang_lead):
    shenyang_lead.account.email = "lead@example.cn"
    shenyang_lead.account.save()
    return shenyang_lead


def test_one_is_told_of_one_occasion_once_and_mailed_once(lead):
    for _ in range(3):
        tell(telling(lead))
        mails_send()
    assert Notice.objects.filter(account=lead.account).count() == 1
    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert message.to == ["lead@example.cn"]
    assert "沈阳退回了计划" in message.subject
    assert "/projects/7/" in message.body
    assert message.alternatives[0].mimetype == "text/html"
    assert NoticeMail.objects.get().state == MailState.SENT


def test_the_mail_speaks_the_readers_language(lead, monkeypatch):
    from duikou.flow.services import mails

    spoken = []
    real = mails.render_to_string
    monkeypatch.setattr(
        mails, "render_to_string", lambda *args: (spoken.append(mails.translation.get_language()), real(*args))[1]
    )
    lead.account.language = "en"
    lead.account.save()
    tell(telling(lead))
    mails_send()
    assert spoken == ["en", "en"]
    assert '<html lang="en">' in mail.outbox[0].alternatives[0].content


def test_a_daily_mail_waits_for_the_morning_and_holds_all(lead):
    for n in range(3):
        tell(telling(lead, key=f"n{n}", kind="test.quiet"))
    assert mails_send() == 0
    due = NoticeMail.objects.first().due_at
    assert now() < due <= now() + dt.timedelta(days=1)
    NoticeMail.objects.update(due_at=now())
    assert mails_send() == 1
    assert mail.outbox[0].body.count("/projects/7/") == 3


def test_everything_can_be_switched_off_but_duties(lead):
    for kind in ("test.thing", "test.duty"):
        NoticePreference.objects.create(account=lead.account, kind=kind, inbox=False, mail=MailMode.OFF)
        tell(telling(lead, key=kind, kind=kind))
    notice = Notice.objects.get(account=lead.account)
    assert (notice.kind, notice.in_inbox) == ("test.duty", True)
    assert NoticeMail.objects.get().notice == notice


def test_without_an_address_the_notice_stays_on_the_site(lead):
    lead.account.email = ""
    lead.account.save()
    tell(telling(lead))
    assert Notice.objects.count() == 1
    assert not NoticeMail.objects.exists()


class Broken(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("down")


def test_a_failed_mail_is_tried_again_and_loses_nothing(lead, settings):
    good, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Broken"
    tell(telling(lead))
    for attempt in range(1, ATTEMPTS + 1):
        NoticeMail.objects.update(due_at=now())
        assert mails_send() == 0
        row = NoticeMail.objects.get()
        assert row.attempts == attempt
    assert row.state == MailState.FAILED
    assert Notice.objects.get().in_inbox
    settings.EMAIL_BACKEND = good
    NoticeMail.objects.update(state=MailState.SENDING, claimed_at=now() - 2 * LOST_AFTER)
    assert mails_send() == 1


def test_fan_out_to_many_takes_the_same_queries(request):
    people = [request.getfixturevalue(name) for name in ("shenyang_lead", "beijing_lead", "member", "unit", "auditor")]
    with CaptureQueriesContext(connection) as one:
        tell(telling(people[0], key="a"))
    with CaptureQueriesContext(connection) as many:
        tell(telling(*people, key="b"))
    assert len(many) == len(one)


def test_a_waiting_item_goes_into_the_mail_of_those_it_waits_for(lead, beijing_lead, opened):
    item = opened(to=To(organisation_id=lead.organisation.pk, role=lead.actor.role))
    tell_of_item(item_id=item.pk)
    tell_of_item(item_id=item.pk)
    notice = Notice.objects.get(account=lead.account)
    assert not notice.in_inbox
    assert not Notice.objects.filter(account=beijing_lead.account).exists()
    mails_send()
    assert [message.to for message in mail.outbox].count(["lead@example.cn"]) == 1
    tell_of_item(item_id=999_999)


@pytest.mark.django_db(transaction=True)
def test_a_fact_tells_people_by_a_job_after_commit_only(lead, monkeypatch):
    monkeypatch.setattr(facts, "_listeners", facts.defaultdict(list))
    monkeypatch.setattr(flow_jobs, "_sources", {})
    notice_on("test.thing.happened", lambda thing_id: telling(lead, key=f"t{thing_id}"))

    def fails():
        with transaction.atomic():
            facts.announce("test.thing.happened", thing_id=1)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fails()
    with transaction.atomic():
        facts.announce("test.thing.happened", thing_id=2)
    assert not Notice.objects.exists()
    jobs.drain()
    assert list(Notice.objects.values_list("key", flat=True)) == ["t2"]
    assert len(mail.outbox) == 1


def test_preferences_are_kept_and_duties_stay(client_for, lead):
    browser = client_for(lead)
    assert "不能关闭" in browser.get("/inbox/preferences/").content.decode()
    browser.post("/inbox/preferences/", {"mail-test.thing": "off", "mail-test.duty": "off", "mail-test.quiet": "zzz"})
    rows = NoticePreference.objects.filter(account=lead.account).values_list("kind", "inbox", "mail")
    assert list(rows) == [("test.thing", False, "off")]


def test_the_link_of_a_mail_switches_mail_off_without_signing_in_and_shows_nobody(client, lead):
    address = f"/inbox/preferences/{preferences_token(lead.account.pk)}/"
    page = client.get(address)
    assert page.status_code == 200
    assert lead.account.display_name not in page.content.decode()
    client.post(address, {"mail-test.thing": "off"})
    assert NoticePreference.objects.get(account=lead.account).mail == "off"
    assert client.get("/inbox/preferences/forged/").status_code == 404
    assert client.get(address[:-3] + "xx/").status_code == 404


def test_a_title_whose_values_do_not_fit_is_shown_as_it_stands(lead):
    tell(telling(lead, title="%(missing)s 100%", params={}))
    assert Notice.objects.get().words == "%(missing)s 100%"
