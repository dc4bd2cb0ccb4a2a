"""What happens to projects, told to those who follow them: once a change, in one bundle a run."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from duikou.access.selectors import actor_of_membership
from duikou.flow.models import MailMode
from duikou.flow.selectors.views import address_of
from duikou.flow.services.notices import Telling, tell_many
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.programme.models import Clause, Region
from duikou.projects.models import Project, ProjectClause, ProjectNews, ProjectParty, Subscription
from duikou.projects.selectors.following import cell_address
from duikou.projects.selectors.lists import ListFilter
from duikou.projects.selectors.matching import Matcher, Needle, Straw, needle_of
from duikou.projects.selectors.scope import pairings_of
from duikou.projects.selectors.sights import sights
from duikou.projects.states import NEWS_WORDS
from duikou.records.models import AuditEvent

FOLLOW_KINDS = {
    MailMode.DAILY: "projects.follow",
    MailMode.NOW: "projects.follow_now",
    MailMode.OFF: "projects.follow_site",
}
"""The kind of notice by how a subscription's mail goes; the reader's preferences rule over each."""

KEPT = dt.timedelta(days=7)
"""How long what was told is kept, so that a job that runs late tells nothing twice."""

Parse = Callable[[Actor, str], tuple[int, ListFilter] | None]
"""A saved view's address → programme and filter; None when it can no longer be read."""


def news_note(*, what: str, project_ids: Collection[int], event: int = 0) -> int:
    """Note that `what` happened to the projects; `event` numbers it, else the trail's last event does and says who."""
    at, noted, ids = now(), 0, list(project_ids)
    for start in range(0, len(ids), 5000):
        some = ids[start : start + 5000]
        known = {} if event else _last_events(some)
        rows = [
            ProjectNews(project_id=pk, what=what, event=number, account_number=account, at=at)
            for pk in Project.objects.filter(pk__in=some).values_list("pk", flat=True)
            for number, account in [known.get(pk, (event, None))]
        ]
        noted += len(ProjectNews.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000))
    return noted


def _last_events(ids: Collection[int]) -> dict[int, tuple[int, int | None]]:
    events = AuditEvent.objects.filter(subject_kind="projects.project", subject_id__in=[str(pk) for pk in ids])
    last = events.values("subject_id").annotate(last=Max("pk")).values_list("last", flat=True)
    found = AuditEvent.objects.filter(pk__in=list(last)).values_list("subject_id", "pk", "account_id")
    return {int(subject): (pk, account) for subject, pk, account in found}


@transaction.atomic
def news_tell(*, parse: Parse) -> int:
    """Tell followers of all that is noted and untold; returns how many notices. Queries grow with neither."""
    news = list(ProjectNews.objects.select_for_update().filter(told_at=None).order_by("pk"))
    if not news:
        return 0
    told = _told(news, parse) if Subscription.objects.exists() else 0
    ProjectNews.objects.filter(told_at=None, pk__lte=news[-1].pk).update(told_at=now())
    ProjectNews.objects.filter(told_at__lt=now() - KEPT).delete()
    return told


def _told(news: list[ProjectNews], parse: Parse) -> int:
    subscriptions = list(
        Subscription.objects.select_related(
            "account",
            "post__account",
            "post__organisation",
            "post__region",
            "project",
            "view",
            "pairing__programme",
            "clause",
        ).order_by("pk")
    )
    pairings, clauses = pairings_of(), list(Clause.objects.all())
    actors = [actor_of_membership(one.post) if one.post.is_live else None for one in subscriptions]
    among = Project.objects.filter(pk__in=ProjectNews.objects.filter(told_at=None).values("project_id"))
    needles = [
        _needle(one, actor, pairings, clauses, parse, among) for one, actor in zip(subscriptions, actors, strict=True)
    ]
    seen = sights(actors={actor for actor in actors if actor is not None}, pairings=pairings, among=among)
    groups = _groups(news, subscriptions, needles, actors, seen, list(_straws(among, clauses)))
    last = news[-1].pk
    tellings = [_telling(subscriptions[at], found, last) for at, found in groups.items()]
    return tell_many(tellings)


def _needle(
    one: Subscription,
    actor: Actor | None,
    pairings: list[Any],
    clauses: list[Clause],
    parse: Parse,
    among: QuerySet[Project],
) -> Needle:
    if actor is None:
        return Needle({"project": frozenset()})
    if one.project_id is not None:
        return Needle({"project": frozenset({one.project_id})})
    wanted: tuple[int, ListFilter] | None
    if one.view is not None:
        shared = one.view.is_shared and one.view.organisation_id == actor.organisation_id
        wanted = parse(actor, one.view.query) if shared or one.view.owner_id == one.account_id else None
    else:
        assert one.pairing is not None  # noqa: S101 - a constraint of the table
        wanted = one.pairing.programme_id, ListFilter(pairing=one.pairing, clause=one.clause)
    if wanted is None:
        return Needle({"project": frozenset()})
    needle = needle_of(wanted[1], programme_id=wanted[0], pairings=pairings, clauses=clauses)
    if wanted[1].own:  # a kind's own fields are compared by the database: one query for each view that asks for them
        there = among.filter(wanted[1].rest()).values_list("pk", flat=True)
        return replace(needle, values={**needle.values, "project": frozenset(there)})
    return needle


def _straws(among: Any, clauses: list[Clause]) -> Iterator[tuple[int, Straw]]:
    """Every project that something happened to, taken apart (three queries)."""
    tasks = {clause.pk: clause.is_task for clause in clauses}
    further: dict[int, list[int]] = defaultdict(list)
    for project_id, clause_id in ProjectClause.objects.filter(project__in=among).values_list("project_id", "clause_id"):
        further[project_id].append(clause_id)
    firms: dict[int, list[int | None]] = defaultdict(list)
    for pk, organisation_id in ProjectParty.objects.filter(project__in=among, organisation__isnull=False).values_list(
        "project_id", "organisation_id"
    ):
        firms[pk].append(organisation_id)
    beside = Q(pk__in=among.values("first_region")) | Q(pk__in=among.values("second_region"))
    paths = dict(Region.objects.filter(beside).values_list("pk", "path"))
    for row in among.defer("description", "source_note", "extra").iterator(chunk_size=2000):
        places = {paths[pk] for pk in (row.first_region_id, row.second_region_id) if pk in paths}
        values = {
            "project": (row.pk,),
            "programme": (row.programme_id,),
            "pairing": (row.pairing_id,),
            "clause": (row.clause_id,),
            "any_clause": (row.clause_id, *further[row.pk]),
            "is_task": (tasks.get(row.clause_id),),
            "kind": (row.kind_id,),
            "state": (row.state,),
            "visibility": (row.visibility,),
            "opinion": (row.opinion,),
            "organisation": tuple(firms[row.pk]),
            "has_year": (row.year is not None,),
            "place": tuple(sorted({above for path in places for above in _above(path)})),
        }
        amounts = {name: getattr(row, f"{name}_amount") for name in ("planned", "signed", "completed")}
        numbers = {"year": row.year} | {name: money.cents if money else None for name, money in amounts.items()}
        yield row.pk, Straw(values, numbers, row.search_text, (row.project_code, str(row.pk)), row.source_name.lower())


def _above(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["".join(f"{part}/" for part in parts[: at + 1]) for at in range(len(parts))]


Bundle = tuple[int, int, list[int], set[str]]
"""How many projects, how many of them new, one of them, and what happened to it."""


def _groups(
    news: list[ProjectNews],
    subscriptions: list[Subscription],
    needles: list[Needle],
    actors: list[Actor | None],
    seen: dict[Actor, set[int]],
    straws: list[tuple[int, Straw]],
) -> dict[int, Bundle]:
    """What to tell, by the place of the subscription."""
    matcher = Matcher(needles)
    what: dict[int, set[str]] = defaultdict(set)
    who: dict[int, set[int | None]] = defaultdict(set)
    for one in news:
        what[one.project_id].add(one.what)
        who[one.project_id].add(one.account_number)
    by_account, by_actor = defaultdict[Any, int](int), defaultdict[Any, int](int)
    for at, (one_of, actor) in enumerate(zip(subscriptions, actors, strict=True)):
        by_account[one_of.account_id] |= 1 << at
        if actor is not None:
            by_actor[actor] |= 1 << at
    bundles: dict[tuple[int, bool], list[int]] = defaultdict(list)
    sighted: dict[tuple[int, ...], int] = {}
    order = list(by_actor)
    for pk, straw in straws:
        found = matcher.passed(straw) if pk in what else 0
        if not found:
            continue
        eyes = tuple(at for at, actor in enumerate(order) if pk in seen[actor])
        if eyes not in sighted:
            sighted[eyes] = sum(by_actor[order[at]] for at in eyes)
        found &= sighted[eyes]
        if len(who[pk]) == 1:
            found &= ~by_account[next(iter(who[pk]))]
        if found:
            bundles[found, "created" in what[pk]].append(pk)
    told: dict[int, Bundle] = {}
    for (bits, is_new), ids in bundles.items():
        rest = bits
        while rest:
            at = (rest & -rest).bit_length() - 1
            rest &= rest - 1
            number, new, some, words = told.get(at, (0, 0, [], set()))
            told[at] = (number + len(ids), new + is_new * len(ids), [*some, *ids[:1]][:1], words | what[ids[0]])
    return told


def _telling(one: Subscription, found: Bundle, last: int) -> Telling:
    number, new, _ids, words = found
    params: dict[str, Any] = {"number": number, "new": new}
    if one.project is not None:
        title = gettext_noop("您关注的项目“%(project)s”：%(what)s")
        said = [NEWS_WORDS[name] for name in sorted(words) if name in NEWS_WORDS]
        params = {
            "project": one.project.name[:80],
            "what": {"zh": "、".join(zh for zh, _en in said), "en": ", ".join(en for _zh, en in said)},
        }
        url = reverse("projects:project", args=[one.project_id])
    elif one.view is not None:
        title = gettext_noop("您关注的视图“%(view)s”：%(number)d个项目有变化，其中新增%(new)d个")
        params["view"] = one.view.name
        url = address_of(one.view)
    else:
        assert one.pairing is not None and one.clause is not None  # noqa: S101, PT018 - a constraint of the table
        title = gettext_noop("您关注的“%(pairing)s × %(clause)s”：%(number)d个项目有变化，其中新增%(new)d个")
        params["pairing"] = {"zh": one.pairing.name, "en": one.pairing.name_en}
        params["clause"] = one.clause.code
        url = cell_address(one.pairing, one.clause)
    kind = FOLLOW_KINDS[MailMode(one.mail)]
    return Telling(f"follow:{one.pk}:{last}", kind, title, url, [one.account_id], params)
