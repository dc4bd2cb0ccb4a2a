"""Pages over ten times as many rows ask the database exactly as often: the baseline is `tests/query_counts.json`."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from duikou.access.models import Account, Membership, Organisation
from duikou.flow.services.inbox import To, item_open
from duikou.flow.services.notices import Telling, tell
from duikou.intake.services.runs import run_upload
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.money import Money
from duikou.meetings.models import ActionItem, Meeting
from duikou.plans.models import Plan, PlanVersion
from duikou.plans.services.comments import comment_add
from duikou.plans.services.entries import EntryDraft, MoneyDraft, UnitDraft, entry_add
from duikou.plans.services.plans import PlanDraft, plan_create
from duikou.programme.models import Pairing
from duikou.projects.services.draft import ProjectDraft, checked
from duikou.projects.services.projects import projects_create_many
from duikou.projects.services.statistics import StatisticDraft, statistic_record

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
FEW, MANY = 4, 40
"""Fewer than a page and ten times that."""


def _projects(numbers, _people):
    pairings = list(
        Pairing.objects.filter(programme__code="northeast-east-2017", second_region__isnull=False)
        .select_related("programme", "first_region", "second_region")
        .order_by("id")
    )
    programme = pairings[0].programme
    tasks = list(programme.clause_set.filter(is_task=True).order_by("id"))
    drafts = []
    for number in numbers:
        pairing = pairings[number % len(pairings)]
        amount = Money(100_000 * (number + 1))
        draft = ProjectDraft(
            programme,
            f"增长{number}",
            pairing,
            tasks[number % len(tasks)],
            pairing.first_region,
            year=2018 + number % 5,
            signed_amount=amount,
        )
        drafts.append(checked(draft))
    projects_create_many(actor=COMMAND, drafts=drafts)
    for number in numbers:
        statistic_record(
            actor=COMMAND, draft=StatisticDraft(programme, f"合作项目{number}个", amount=amount, year=2024)
        )


def _items(numbers, people):
    account = people["shenyang_lead"].account
    for number in numbers:
        to = To(account_id=account.pk)
        item_open(actor=COMMAND, key=f"growth-{number}", kind="intake.run", to=to, url="/projects/", title="增长")
        tell(Telling(f"growth-{number}", "intake.run", "增长", "/projects/", [account.pk]))


def _organisations(numbers, people):
    region = people["shenyang_lead"].membership.region
    for number in numbers:
        Organisation.objects.create(name=f"沈阳增长{number}厂", kind="enterprise", region=region)


def _people(numbers, people):
    home = people["shenyang_lead"]
    for number in numbers:
        account = Account.objects.create(
            username=f"growth{number}", email=f"g{number}@example.com", display_name="增长"
        )
        Membership.objects.create(
            account=account, organisation=home.organisation, role="office_editor", region=home.membership.region
        )


def _runs(numbers, people):
    for number in numbers:
        content = f"项目名称,结对,任务条款\n增长{number},沈阳-北京,3.2.2\n".encode()
        run_upload(actor=people["shenyang_lead"].actor, kind="records", name=f"{number}.csv", pieces=[content])


def _pairings():
    rows = Pairing.objects.filter(programme__code="northeast-east-2017", second_region__isnull=False)
    return list(rows.select_related("programme", "first_region", "second_region").order_by("id"))


def _plans(numbers, people):
    """Plans of every pairing, and a project field, a plan above and versions for some."""
    pairings = [*_pairings(), Pairing.objects.get(code="shenyang-beijing", programme__code="northeast-east-2017")]
    fields = list(pairings[0].programme.clause_set.filter(is_task=True).order_by("id"))
    stamp = {"created_at": now(), "created_by": "增长"}
    for number in numbers:
        pairing = pairings[number % len(pairings)] if number % 2 else pairings[-1]
        facts = {"programme": pairing.programme, "pairing": pairing, "kind": "special", **stamp}
        period = {"starts_on": dt.date(2018, 1, 1), "ends_on": dt.date(2020, 12, 31)}
        field = fields[number % len(fields)]
        above = Plan.objects.filter(pairing=pairing).order_by("id").first()
        plan = Plan.objects.create(title=f"增长{number}", field=field, parent=above, **period, **facts)
        PlanVersion.objects.create(plan=plan, number=1, state="superseded", digest="0" * 64, sealed="{}", **stamp)
        PlanVersion.objects.create(plan=plan, number=2, state="in_force", digest="0" * 64, sealed="{}", **stamp)


def _meetings(numbers, people):
    """Meetings of today, their action items, of every pairing."""
    pairings = [*_pairings(), Pairing.objects.get(code="shenyang-beijing", programme__code="northeast-east-2017")]
    moment = now()
    stamp = {"created_at": moment, "changed_at": moment}
    for number in numbers:
        pairing = pairings[number % len(pairings)] if number % 2 else pairings[-1]
        meeting = Meeting.objects.create(
            programme=pairing.programme,
            pairing=pairing,
            kind="work",
            layer="execution",
            title=f"增长{number}",
            host="first",
            starts_at=moment,
            ends_at=moment + dt.timedelta(hours=2),
            changed_by="增长",
            created_by="增长",
            **stamp,
        )
        ActionItem.objects.create(
            meeting=meeting,
            pairing=pairing,
            given_side="second",
            owner_side="first",
            organisation=people["shenyang_lead"].organisation,
            owner_name="沈阳市对口办",
            text=f"落实{number}",
            due_on=moment.date(),
            **stamp,
        )


def _entries(numbers, people):
    """Entries with units, money and remarks in one draft."""
    actor = people["shenyang_lead"].actor
    version = PlanVersion.objects.filter(plan__title="增长的方案").first()
    if version is None:
        pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(
            code="shenyang-beijing", programme__code="northeast-east-2017"
        )
        draft = PlanDraft(pairing, "phase", "增长的方案", dt.date(2018, 1, 1), dt.date(2020, 12, 31))
        version = plan_create(actor=actor, draft=draft)
    for number in numbers:
        units = (UnitDraft("first", f"甲{number}", True), UnitDraft("second", f"乙{number}", True))
        money = (MoneyDraft("local", Money("10000"), "first"),)
        draft = EntryDraft(f"事项{number}", "措施", clauses=("3.2.2",), units=units, money=money)
        entry = entry_add(actor=actor, version_id=version.pk, draft=draft)
        comment_add(actor=actor, version_id=version.pk, uid=entry.uid, text="意见")


def _of_version(name):
    return lambda people: reverse(name, args=[PlanVersion.objects.get(plan__title="增长的方案").pk])


def _of_plan(name):
    return lambda people: reverse(name, args=[PlanVersion.objects.get(plan__title="增长的方案").plan_id, 1])


def _entries_table(people):
    return _of_version("documents:paper")(people) + "file.xlsx?kind=table"


def _run_page(people):
    from duikou.intake.models import ImportRun

    return reverse("intake:run", args=[ImportRun.objects.order_by("id")[0].uid])


PAGES = {
    "projects.list.all": ("coordinator", "/projects/", _projects),
    "projects.list.office": ("shenyang_lead", "/projects/", _projects),
    "projects.export": ("coordinator", "/projects/export/?columns=parties", _projects),
    "desk.overview.all": ("coordinator", "/overview/", _projects),
    "desk.workbench.projects": ("shenyang_lead", "/", _projects),
    "desk.workbench.items": ("shenyang_lead", "/", _items),
    "programme.clause.projects": ("coordinator", "/programmes/northeast-east-2017/clauses/3.2.2/", _projects),
    "programme.pairing.projects": (
        "coordinator",
        "/programmes/northeast-east-2017/pairings/shenyang-beijing/",
        _projects,
    ),
    "flow.inbox": ("shenyang_lead", reverse("flow:inbox"), _items),
    "flow.inbox.notices": ("shenyang_lead", reverse("flow:inbox") + "?tab=notices", _items),
    "plans.list.all": ("coordinator", "/plans/", _plans),
    "plans.list.office": ("shenyang_lead", "/plans/", _plans),
    "plans.export": ("coordinator", "/plans/export/", _plans),
    "plans.missing": ("shenyang_lead", _of_version("plans:missing"), _entries),
    "plans.history.changes": ("shenyang_lead", _of_plan("plans:history"), _entries),
    "plans.talk.all": ("shenyang_lead", _of_version("plans:talk"), _entries),
    "documents.paper": ("shenyang_lead", _of_version("documents:paper"), _entries),
    "documents.entries": ("shenyang_lead", _entries_table, _entries),
    "programme.pairing.plans": (
        "coordinator",
        "/programmes/northeast-east-2017/pairings/shenyang-beijing/",
        _plans,
    ),
    "desk.workbench.plans": ("shenyang_lead", "/", _plans),
    "meetings.list.all": ("coordinator", "/meetings/", _meetings),
    "meetings.export": ("coordinator", "/meetings/export/", _meetings),
    "meetings.actions.all": ("coordinator", "/meetings/actions/", _meetings),
    "meetings.actions.export": ("coordinator", "/meetings/actions/export/", _meetings),
    "meetings.calendar.all": ("coordinator", "/meetings/calendar/", _meetings),
    "desk.workbench.meetings": ("shenyang_lead", "/", _meetings),
    "desk.search.plans": ("coordinator", "/search/?q=增长", _plans),
    "desk.search.meetings": ("coordinator", "/search/?q=增长", _meetings),
    "records.trail": ("auditor", reverse("records:trail"), _projects),
    "access.organisations": ("coordinator", reverse("access:organisations"), _organisations),
    "access.people": (
        "shenyang_lead",
        lambda people: reverse("access:people", args=[people["shenyang_lead"].organisation.pk]),
        _people,
    ),
    "intake.runs": ("shenyang_lead", reverse("intake:runs"), _runs),
    "intake.run": ("shenyang_lead", _run_page, _runs),
}


def _read(client, path):
    """The whole answer, also of an export that comes in pieces."""
    answer = client.get(path)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("name", PAGES)
def test_ten_times_the_rows_take_the_same_queries(name, client_for, coordinator, shenyang_lead, auditor, query_counts):
    people = {"coordinator": coordinator, "shenyang_lead": shenyang_lead, "auditor": auditor}
    who, address, grow = PAGES[name]
    client = client_for(people[who])
    grow(range(FEW), people)
    path = address(people) if callable(address) else address
    _read(client, path)
    with query_counts(name):
        _read(client, path)
    grow(range(FEW, MANY), people)
    _read(client, path)
    with query_counts(name):
        _read(client, path)
