"""Fill an empty database with many made-up projects, in bulk: `python -m bench.generate 100000`.

Rows go straight into the tables (no trail: they are nobody's work) and the sums are built by `summary_rebuild`, as an
operator would after a restore. The database is the one of DATABASE_URL; regions and the 2017 programme are loaded
first when they are missing.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

import django

BATCH = 2000
SEEDS = 20_000


def generate(count: int, *, seed: int = 2017) -> float:
    """Add `count` projects; returns the seconds it took."""
    from django.db import transaction

    from duikou.projects.models import Project
    from duikou.projects.services.summaries import summary_rebuild

    started = time.perf_counter()
    load_programme()
    with transaction.atomic():
        batch: list[Project] = []
        for project in made(min(count, SEEDS), seed):
            batch.append(project)
            if len(batch) == BATCH:
                Project.objects.bulk_create(batch)
                batch = []
        Project.objects.bulk_create(batch)
        if count > SEEDS:
            multiply(count - SEEDS)
    summary_rebuild()
    return time.perf_counter() - started


def multiply(more: int) -> None:
    """Let the database itself copy the newest `SEEDS` rows under other names until there are `more` of them."""
    from django.db import connection
    from django.db.models import Max

    from duikou.projects.models import Project

    newest = Project.objects.aggregate(found=Max("id"))["found"] - SEEDS
    columns = [field.column for field in Project._meta.local_concrete_fields if not field.generated]
    columns.remove("id")
    renamed = {"name", "near_key", "search_text"}
    turn = 0
    with connection.cursor() as cursor:
        while more > 0:
            turn += 1
            values = ", ".join(f"{name} || 'z{turn}'" if name in renamed else name for name in columns)
            cursor.execute(
                f"INSERT INTO projects_project ({', '.join(columns)}) SELECT {values} FROM projects_project "  # noqa: S608
                "WHERE id > %s AND id <= %s ORDER BY id LIMIT %s",
                [newest, newest + SEEDS, min(more, SEEDS)],
            )
            more -= SEEDS


def load_programme() -> None:
    """Regions, industries and the 2017 programme, unless they are there."""
    from django.conf import settings

    from duikou.kernel.actor import Actor
    from duikou.programme.models import Programme
    from duikou.programme.services.industry_load import industries_load
    from duikou.programme.services.pack_load import programme_load

    if not Programme.objects.filter(code=settings.PROGRAMME).exists():
        actor = Actor.command("bench")
        industries_load(actor=actor)
        programme_load(actor=actor, folder=settings.PACKS / settings.PROGRAMME)


def made(count: int, seed: int) -> Iterator:
    """Made-up projects over all pairings, tasks, states and years; a third of the amounts is unknown."""
    from django.conf import settings

    from duikou.kernel.clock import now
    from duikou.kernel.money import Bound, Money
    from duikou.kernel.text import near_key
    from duikou.programme.models import Clause, Pairing, ProjectKind, Region
    from duikou.projects.models import Project
    from duikou.projects.states import ProjectState, Visibility

    chance = random.Random(seed)
    pairings = list(Pairing.objects.filter(programme__code=settings.PROGRAMME, second_region__isnull=False))
    clauses = list(Clause.objects.filter(programme__code=settings.PROGRAMME, is_task=True))
    kinds = list(ProjectKind.objects.filter(programme__code=settings.PROGRAMME))
    states, bounds, moment = list(ProjectState), list(Bound), now()
    places = {
        side: list(
            Region.objects.filter(path__startswith=path, path__regex=r"^(\d+/){1,2}$").values_list("pk", flat=True)
        )
        for pairing in pairings
        for side, path in (
            (pairing.first_region_id, pairing.first_region.path),
            (pairing.second_region_id, pairing.second_region.path),
        )
    }
    words = [
        "智能",
        "装备",
        "新能源",
        "粮食",
        "冷链",
        "文旅",
        "产业园",
        "研究院",
        "物流",
        "医药",
        "汽车",
        "数控",
        "石墨",
    ]
    for number in range(count):
        pairing = chance.choice(pairings)
        signed = chance.randrange(10**6, 10**11) if chance.random() < 0.66 else None
        name = f"{''.join(chance.sample(words, 3))}项目{number}"
        yield Project(
            programme_id=pairing.programme_id,
            name=name,
            near_key=near_key(name),
            search_text=near_key(name),
            pairing=pairing,
            first_region_id=_somewhere(chance, pairing.first_region_id, places),
            second_region_id=_somewhere(chance, pairing.second_region_id, places),
            clause=chance.choice(clauses),
            kind=chance.choice(kinds),
            state=chance.choice(states).value,
            visibility=(Visibility.PUBLIC if chance.random() < 0.4 else Visibility.PAIRING).value,
            year=chance.choice([None, *range(2015, 2026)]),
            signed_amount=Money.from_cents(signed) if signed is not None else None,
            signed_bound=chance.choice(bounds).value,
            planned_amount=Money.from_cents(signed * 2) if signed is not None else None,
            completed_amount=Money.from_cents(signed // 3) if signed is not None and chance.random() < 0.5 else None,
            source_name="生成的数据",
            created_at=moment,
            updated_at=moment,
        )


def _somewhere(chance: random.Random, side: int, places: dict[int, list[int]]) -> int:
    """Half of the projects name a city inside the side."""
    return chance.choice(places[side]) if places[side] and chance.random() < 0.5 else side


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    wanted = int(sys.argv[1])
    print(f"{wanted} projects in {generate(wanted):.1f} s")
