"""Alarms that a viewer may know of, and the parameters they are judged by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import today
from duikou.kernel.errors import NotFound
from duikou.kernel.verdict import Verdict
from duikou.progress.models import Alarm, AlarmRule, AlarmState
from duikou.progress.rules.alarms import Finding, Thresholds, is_watched, judge
from duikou.progress.selectors.alarm_facts import RELATED, Case, cases_of
from duikou.progress.states import FIRMS
from duikou.projects.models import Project, ProjectParty
from duikou.projects.policies import is_platform
from duikou.projects.selectors import projects_visible


@dataclass(frozen=True, slots=True)
class Rule:
    """What a programme's alarms are judged by today; version 0 is the example."""

    thresholds: Thresholds
    version: int = 0


def rules_of(programme_ids: Iterable[int], *, on: dt.date | None = None) -> dict[int, Rule]:
    """The parameters of each programme in force on a day (today): the last version that has begun (one query)."""
    ids = set(programme_ids)
    rows = AlarmRule.objects.filter(programme__in=ids, valid_from__lte=on or today()).order_by("version")
    found = {row.programme_id: Rule(row.thresholds, row.version) for row in rows}
    return {pk: found.get(pk) or Rule(Thresholds()) for pk in ids}


def rule_versions(*, programme_id: int) -> list[AlarmRule]:
    """All versions, the newest first."""
    return list(AlarmRule.objects.filter(programme_id=programme_id).order_by("-version"))


def _projects(actor: Actor) -> QuerySet[Project]:
    """Projects whose alarms `actor` may know of: those of its own region's pairings, of a firm those it takes part in.

    That a project is public does not make its alarms public.
    """
    rows = projects_visible(actor=actor)
    if actor.sees_all or is_platform(actor):
        return rows
    if actor.role in FIRMS:
        if actor.organisation_id is None:
            return rows.none()
        mine = ProjectParty.objects.filter(organisation_id=actor.organisation_id)
        return rows.filter(pk__in=mine.values("project_id"))
    path = actor.region_path
    if not path:
        return rows.none()
    sides = ("first_region", "second_region", "pairing__first_region", "pairing__second_region")
    touched = Q(pk__in=[])
    for side in sides:
        touched |= Q(**{f"{side}__path__startswith": path})
    return rows.filter(touched)


def alarms_visible(*, actor: Actor) -> QuerySet[Alarm]:
    """Alarms that `actor` may know of, in the query."""
    if is_platform(actor):
        return Alarm.objects.all()
    return Alarm.objects.filter(project__in=_projects(actor).order_by().values("pk"))


def alarms_listed(*, actor: Actor) -> QuerySet[Alarm]:
    """With what their rows name."""
    related = tuple(f"project__{name}" for name in RELATED)
    return alarms_visible(actor=actor).select_related("organisation", *related)


def alarm_visible(*, actor: Actor, alarm_id: int) -> Alarm:
    """One alarm with what its page names; raises `NotFound`."""
    found = alarms_listed(actor=actor).filter(pk=alarm_id).first()
    if found is None:
        raise NotFound
    return found


def unjudged_listed(*, actor: Actor) -> QuerySet[Project]:
    """Projects of which something cannot be judged; `alarm_standing` says what is missing."""
    rows = Project.objects.filter(alarm_standing__has_unjudged=True, merged_into=None)
    if not is_platform(actor):
        rows = rows.filter(pk__in=_projects(actor).order_by().values("pk"))
    return rows.select_related("alarm_standing", *RELATED)


def alarms_counted(*, actor: Actor, pairings: Iterable[int] | None = None) -> dict[str, int]:
    """How many open ones of each colour the viewer may know of (one query): {"red": 3, "yellow": 5}."""
    rows = alarms_visible(actor=actor).exclude(state=AlarmState.CLOSED)
    if pairings is not None:
        rows = rows.filter(project__pairing__in=list(pairings))
    found = dict(rows.order_by().values_list("colour").annotate(n=Count("pk")))
    return {"red": found.get("red", 0), "yellow": found.get("yellow", 0)}


def alarms_red(*, actor: Actor, pairings: Iterable[int] | None = None, many: int = 8) -> list[Alarm]:
    """The open red ones, the longest standing first (one query)."""
    rows = alarms_listed(actor=actor).filter(colour="red").exclude(state=AlarmState.CLOSED)
    if pairings is not None:
        rows = rows.filter(project__pairing__in=list(pairings))
    return list(rows.order_by("raised_on", "id")[:many])


@dataclass(frozen=True, slots=True)
class Page:
    """What a project's page says: each of the five as the figures are now, and the alarms that were raised."""

    case: Case
    findings: tuple[Finding, ...]
    alarms: dict[str, Alarm]
    rule: Rule

    @property
    def is_watched(self) -> bool:
        """Whether the project has so much central money that it gets extra monitoring."""
        return is_watched(self.case.known, self.rule.thresholds)


def project_judged(*, actor: Actor, project: Project) -> Page | None:
    """The five as the figures are now, with the open alarm of each; None for who may not know of them."""
    if not is_platform(actor) and not _projects(actor).filter(pk=project.pk).exists():
        return None
    case = cases_of([project])[0]
    rule = rules_of([project.programme_id])[project.programme_id]
    rows = Alarm.objects.filter(project=project).exclude(state=AlarmState.CLOSED)
    return Page(case, judge(case.known, rule.thresholds, today()), {row.kind: row for row in rows}, rule)


def alarm_sees(actor: Actor, alarm_id: str) -> Verdict:
    """Whether the actor may know of the alarm (for its files)."""
    is_id = alarm_id.isascii() and alarm_id.isdigit() and len(alarm_id) <= 18
    if is_id and alarms_visible(actor=actor).filter(pk=int(alarm_id)).exists():
        return Verdict.yes()
    return Verdict.no(_("没有找到这个页面或记录。"))
