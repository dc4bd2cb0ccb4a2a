"""Reports that are due wait for who owes them: the organisation that takes part, else the office of the side."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from duikou.access.models import Membership, Organisation
from duikou.flow.models import InboxItem, ItemState
from duikou.flow.services.inbox import To, item_close, item_open
from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.programme.models import Programme
from duikou.progress.models import ProgressReport, ReportingRule
from duikou.progress.rules.months import month_of, shifted
from duikou.progress.selectors.months import Days, days_of, rule_of
from duikou.progress.services.waiting import DUE, office_over
from duikou.progress.states import COUNTED, FIRMS
from duikou.projects.models import PartyRole, Project, ProjectParty

ME = Actor.job("progress.reminders")
_REPORTING = (PartyRole.LEAD.value, PartyRole.COOPERATING.value)


def reports_remind() -> int:
    """Open what is due for the last month and close what was sent; returns how many items are new. May run twice."""
    opened = 0
    month = shifted(month_of(today()), -1)
    for programme in Programme.objects.filter(illustrative=False):
        rule = rule_of(programme)
        days = days_of(rule, month)
        if days.remind_on <= today() and ProgressReport.objects.filter(project__programme=programme).exists():
            opened += _remind(programme, rule, days)
    _close_settled()
    return opened


def _remind(programme: Programme, rule: ReportingRule, days: Days) -> int:
    """One item an organisation, and one an office for the projects that no linked organisation reports on."""
    opened = 0
    owed = _owed(programme.pk, rule, days.month)
    for organisation_id in _organisations(owed):
        key = f"progress.due:{programme.pk}:{days.month}:o{organisation_id}"
        opened += _open(key, To(organisation_id=organisation_id), days)
    linked = ProjectParty.objects.filter(
        project=OuterRef("pk"), role__in=_REPORTING, organisation__in=Organisation.objects.filter(pk__in=_with_posts())
    )
    orphans = owed.filter(~Exists(linked))
    for region in {project.first_region_id: project.first_region for project in _one_a_region(orphans)}.values():
        to = office_over(region)
        key = f"progress.due:{programme.pk}:{days.month}:r{to.region.pk if to.region else 0}"
        opened += _open(key, to, days)
    return opened


def _one_a_region(projects: QuerySet[Project]) -> Iterator[Project]:
    """One project for each region of the first side: the sides are equal, the first is asked where nobody is linked."""
    regions = projects.order_by().values_list("first_region_id", flat=True).distinct()
    for region_id in list(regions):
        yield from projects.filter(first_region_id=region_id).select_related("first_region")[:1]


def _owed(programme_id: int, rule: ReportingRule, month: int) -> QuerySet[Project]:
    sent = ProgressReport.objects.filter(project=OuterRef("pk"), month=month, state__in=COUNTED)
    rows = Project.objects.filter(programme_id=programme_id, merged_into=None, state__in=rule.states)
    return rows.filter(~Exists(sent))


def _with_posts() -> QuerySet[Membership, int]:
    return Membership.objects.live().filter(role__in=FIRMS).values_list("organisation_id", flat=True)


def _organisations(owed: QuerySet[Project]) -> list[int]:
    parties = ProjectParty.objects.filter(
        project__in=owed.values("pk"), role__in=_REPORTING, organisation_id__in=_with_posts()
    )
    return sorted(pk for pk in parties.order_by().values_list("organisation_id", flat=True).distinct() if pk)


def _open(key: str, to: To, days: Days) -> bool:
    if InboxItem.objects.filter(key=key).exists():
        return False
    month = f"{days.month // 100}-{days.month % 100:02d}"
    item_open(
        actor=ME,
        key=key,
        kind=DUE,
        to=to,
        url=f"{reverse('progress:list')}?month={month}&status=missing",
        title=gettext_noop("请填报%(month)s的进展月报"),
        params={"month": month},
        due_on=days.due_on,
    )
    return True


def _close_settled() -> int:
    """Close the items of whom nothing is owed any more."""
    closed = 0
    for item in InboxItem.objects.filter(kind=DUE, state=ItemState.OPEN).order_by("pk"):
        _kind, programme, month, who = item.key.split(":")
        owed = _owed(int(programme), rule_of(int(programme)), int(month))
        if who[0] == "o":
            mine = ProjectParty.objects.filter(organisation_id=int(who[1:]), role__in=_REPORTING)
            owed = owed.filter(pk__in=mine.values("project"))
        else:
            owed = owed.filter(first_region__path__startswith=item.region_path)
        if not owed.exists():
            closed += item_close(actor=ME, key=item.key)
    return closed
