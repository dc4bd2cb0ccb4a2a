"""What waits finds those it waits for, and nobody else."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from duikou.flow import selectors
from duikou.flow.models import InboxItem, Notice
from duikou.flow.services.inbox import To, item_close, item_dismiss, item_open
from duikou.flow.services.notices import Telling, notices_read, tell
from duikou.flow.states import ItemState
from duikou.flow.tests.conftest import JOB
from duikou.kernel.actor import Actor, Role
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Forbidden
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db


def waiting(person):
    return set(selectors.inbox_for(actor=person.actor).filter(state=ItemState.OPEN).values_list("key", flat=True))


@pytest.fixture
def everybody(request):
    names = ("coordinator", "shenyang_editor", "shenyang_lead", "beijing_lead", "dalian_lead", "member", "operator")
    return {name: request.getfixturevalue(name) for name in names}


def _found(everybody):
    return {name for name, person in everybody.items() if "k" in waiting(person)}


def test_an_item_for_one_person_is_theirs_alone(everybody, opened):
    opened(to=To(account_id=everybody["member"].account.pk))
    assert _found(everybody) == {"member"}


def test_an_item_for_a_role_over_a_region_is_for_its_holders(everybody, opened):
    opened(to=To(role=Role.OFFICE_LEAD, region=everybody["shenyang_lead"].membership.region))
    assert _found(everybody) == {"shenyang_lead"}


def test_an_item_for_a_nationwide_role_is_for_its_holders(everybody, opened):
    opened(to=To(role=Role.COORDINATOR))
    assert _found(everybody) == {"coordinator"}


def test_an_item_for_an_organisation_is_for_its_people(everybody, opened):
    opened(to=To(organisation_id=everybody["shenyang_lead"].organisation.pk))
    same = {
        name
        for name, person in everybody.items()
        if person.organisation.pk == everybody["shenyang_lead"].organisation.pk
    }
    assert "shenyang_lead" in same
    assert _found(everybody) == same


def test_an_item_for_a_role_in_an_organisation_is_for_that_role(everybody, opened):
    opened(to=To(organisation_id=everybody["shenyang_lead"].organisation.pk, role=Role.OFFICE_LEAD))
    assert _found(everybody) == {"shenyang_lead"}


def test_an_item_without_an_address_cannot_be(opened):
    with pytest.raises(IntegrityError), transaction.atomic():
        opened(to=To())


def test_the_same_occasion_opens_once_and_stays_closed(shenyang_lead, opened):
    to = To(account_id=shenyang_lead.account.pk)
    first = opened(to=to)
    assert opened(to=to).pk == first.pk
    assert item_close(actor=JOB, key="k") is True
    assert item_close(actor=JOB, key="k") is False
    again = opened(to=to)
    assert (again.pk, again.state) == (first.pk, ItemState.DONE)
    assert AuditEvent.objects.filter(subject_kind="flow.inboxitem", subject_id=str(first.pk)).count() == 2


def test_a_duty_cannot_be_set_aside_and_other_things_once(shenyang_lead, opened):
    to = To(account_id=shenyang_lead.account.pk)
    with pytest.raises(Forbidden, match="必须办理"):
        item_dismiss(actor=shenyang_lead.actor, item=opened("d", to=to, kind="test.duty"))
    item = opened(to=to)
    item_dismiss(actor=shenyang_lead.actor, item=item, reason="重复")
    with pytest.raises(Conflict):
        item_dismiss(actor=shenyang_lead.actor, item=item)
    item.refresh_from_db()
    assert (item.state, item.closed_by) == (ItemState.DISMISSED, shenyang_lead.actor.name)


def test_the_most_urgent_comes_first_and_what_is_late_is_marked(shenyang_lead, opened):
    to = To(account_id=shenyang_lead.account.pk)
    opened("none", to=to)
    opened("later", to=to, due_on=today() + dt.timedelta(days=3))
    late = opened("late", to=to, due_on=today() - dt.timedelta(days=1))
    rows = selectors.waiting_page(actor=shenyang_lead.actor).rows
    assert [row.key for row in rows] == ["late", "later", "none"]
    assert late.is_overdue
    only = selectors.waiting_page(actor=shenyang_lead.actor, overdue_before=today()).rows
    assert [row.key for row in only] == ["late"]


def test_somebody_elses_item_is_not_found(client_for, shenyang_lead, beijing_lead, opened):
    item = opened(to=To(account_id=shenyang_lead.account.pk))
    stranger = client_for(beijing_lead)
    assert stranger.get(f"/inbox/{item.pk}/").status_code == 404
    assert stranger.post(f"/inbox/{item.pk}/dismiss/").status_code == 404
    assert client_for(shenyang_lead).get(f"/inbox/{item.pk}/").status_code == 200


def test_the_inbox_shows_tabs_and_the_bell_counts(client_for, shenyang_lead, opened):
    browser = client_for(shenyang_lead)
    assert "没有等您处理" in browser.get("/inbox/").content.decode()
    item = opened(to=To(account_id=shenyang_lead.account.pk), kind="test.duty")
    page = browser.get("/inbox/").content.decode()
    assert "沈阳退回了计划" in page
    assert "必办" in page
    assert browser.post(f"/inbox/{item.pk}/dismiss/").status_code == 403
    item_close(actor=JOB, key="k")
    assert "沈阳退回了计划" in browser.get("/inbox/?tab=done").content.decode()
    for query in ("tab=zzz", "tab=notices&cursor=x", "cursor=99999999999", "kind=nope", "tab=done&cursor=-1"):
        assert browser.get(f"/inbox/?{query}").status_code == 200


def test_what_the_platform_asks_by_itself_bears_no_program_s_name(client_for, shenyang_lead):
    item_open(
        actor=Actor.job("flow.duties"),
        key="k",
        kind="flow.duty",
        to=To(account_id=shenyang_lead.account.pk),
        url="/projects/",
        title="年度计划",
    )
    item = InboxItem.objects.get(key="k")
    browser = client_for(shenyang_lead)
    for page in ("/inbox/", f"/inbox/{item.pk}/"):
        words = browser.get(page).content.decode()
        assert "平台自动提醒" in words
        assert "flow.duties" not in words
    item.opened_by = "J. Smith"
    assert item.opener == "J. Smith"


def test_notices_are_read_by_following_in_bulk_or_all(client_for, shenyang_lead, beijing_lead):
    for number in range(4):
        tell(Telling(f"n{number}", "test.thing", "第%(n)d件", "/inbox/", [shenyang_lead.account.pk], {"n": number}))
    mine = Notice.objects.filter(account=shenyang_lead.account).order_by("id")
    ids = list(mine.values_list("pk", flat=True))
    assert selectors.count_shown(actor=shenyang_lead.actor) == 4
    assert client_for(beijing_lead).get(f"/inbox/notices/{ids[0]}/").status_code == 404
    assert notices_read(actor=beijing_lead.actor, pks=ids) == 0
    browser = client_for(shenyang_lead)
    assert browser.get(f"/inbox/notices/{ids[0]}/")["Location"] == "/inbox/"
    browser.post("/inbox/notices/read/", {"notice": [str(ids[1]), "x", "9" * 30]})
    assert mine.filter(read_at=None).count() == 2
    assert "第2件" in browser.get("/inbox/?tab=notices&unread=on").content.decode()
    browser.post("/inbox/notices/read/", {"all": "1"})
    assert not mine.filter(read_at=None).exists()


def test_the_number_of_queries_does_not_grow_with_the_inbox(client_for, shenyang_lead, opened):
    browser = client_for(shenyang_lead)
    counts = []
    for number in (2, 28):
        for n in range(number):
            opened(f"{number}-{n}", to=To(account_id=shenyang_lead.account.pk))
        browser.get("/inbox/")
        with CaptureQueriesContext(
            connection,
        ) as found:
            browser.get("/inbox/")
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_pages_of_the_done_tab_show_every_item_once(shenyang_lead, opened):
    for n in range(65):
        opened(str(n), to=To(account_id=shenyang_lead.account.pk))
        item_close(actor=JOB, key=str(n))
    seen, cursor = [], ""
    while cursor is not None:
        page = selectors.done_page(actor=shenyang_lead.actor, cursor=cursor)
        seen += [row.pk for row in page.rows]
        cursor = page.next
    mine = InboxItem.objects.filter(account=shenyang_lead.account, state=ItemState.DONE)
    assert sorted(seen) == sorted(mine.values_list("pk", flat=True))
    assert len(seen) == len(set(seen)) == 65


@pytest.mark.django_db
def test_what_is_done_between_two_pages_hides_nothing_that_waits(shenyang_lead):
    for number in range(40):
        day = None if number % 3 else dt.date(2026, 1, 1) + dt.timedelta(days=number)
        to = To(account_id=shenyang_lead.account.pk)
        item_open(actor=Actor.job("t"), key=f"k{number}", kind="t.t", to=to, url="/", title="事", due_on=day)
    first = selectors.waiting_page(actor=shenyang_lead.actor)
    for item in first.rows[:5]:
        item_close(actor=shenyang_lead.actor, key=item.key)
    second = selectors.waiting_page(actor=shenyang_lead.actor, cursor=first.next)
    assert len(first.rows) + len(second.rows) == 40
    assert not {item.pk for item in first.rows} & {item.pk for item in second.rows}
    days = [item.due_on or dt.date.max for item in [*first.rows, *second.rows]]
    assert days == sorted(days)
    back = selectors.waiting_page(actor=shenyang_lead.actor, cursor=second.previous)
    assert [item.pk for item in back.rows] == [item.pk for item in first.rows[5:]]
