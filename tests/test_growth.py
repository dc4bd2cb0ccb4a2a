"""Pages over ten times as many rows ask the database exactly as often: the baseline is `tests/query_counts.json`."""

from __future__ import annotations

import pytest
from django.urls import reverse

from duikou.access.models import Account, Membership, Organisation
from duikou.flow.services.inbox import To, item_open
from duikou.flow.services.notices import Telling, tell
from duikou.intake.services.runs import run_upload
from duikou.kernel.actor import Actor
from duikou.kernel.money import Money
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


def _run_page(people):
    from duikou.intake.models import ImportRun

    return reverse("intake:run", args=[ImportRun.objects.order_by("id")[0].uid])


PAGES = {
    "projects.list.all": ("coordinator", "/projects/", _projects),
    "projects.list.office": ("shenyang_lead", "/projects/", _projects),
    "projects.export": ("coordinator", "/projects/export/", _projects),
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


@pytest.mark.parametrize("name", PAGES)
def test_ten_times_the_rows_take_the_same_queries(name, client_for, coordinator, shenyang_lead, auditor, query_counts):
    people = {"coordinator": coordinator, "shenyang_lead": shenyang_lead, "auditor": auditor}
    who, address, grow = PAGES[name]
    client = client_for(people[who])
    grow(range(FEW), people)
    path = address(people) if callable(address) else address
    assert client.get(path).status_code == 200
    with query_counts(name):
        client.get(path)
    grow(range(FEW, MANY), people)
    client.get(path)
    with query_counts(name):
        client.get(path)
