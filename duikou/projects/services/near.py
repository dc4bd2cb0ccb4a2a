"""Finding projects written alike without comparing every name with every other."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import add

import orjson
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from rapidfuzz import fuzz

from duikou.kernel.actor import Actor
from duikou.kernel.bulk import insert_many
from duikou.kernel.text import near_key
from duikou.programme.models import Pairing, Programme
from duikou.projects.models import Project, ProjectNearKey
from duikou.projects.models.near import PROJECT_BITS
from duikou.projects.selectors.scope import projects_visible

_crc = zlib.crc32
_LAST = (1 << PROJECT_BITS) - 1
ALIKE = 82.0
"""Likeness of two names (0–100) from which a person is asked."""
CROWDED = 60
"""A key that more projects share says nothing and is passed over."""
_ENDINGS = ("项目", "工程", "基地", "有限公司", "公司", "集团", "合作", "建设", "计划")
_BEFORE_ENDINGS = ("建设", "合作", "产业", "投资", "示范", "综合", "重点")
_GENERAL = re.compile(r"股份|有限|责任|公司|集团|产业园区?|园区|基地|工程|建设|合作|示范|项目|计划")
"""Words that one report of a project has and another leaves out."""
_BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_DIGITS = re.compile(r"\d+|[一二三四五六七八九十]+(?=期|批|号|标段|阶段)")


class _Pieces(dict[str, int]):
    """Numbers of two-character pieces; few hundreds make up most names."""

    def __missing__(self, piece: str) -> int:
        number = _crc(piece.encode("utf-16-le"))
        if len(self) > 50_000:
            self.clear()
        self[piece] = number
        return number


_pieces = _Pieces()


def core(name: str, key: str = "") -> str:
    """The part of a name that tells it apart: no brackets, no general endings; the whole name when nothing is left.

    `key` is the name as compared, where the caller has it already.
    """
    bare = key if key and not _BRACKETED.search(name) else near_key(_BRACKETED.sub("", name))
    cut = _without(bare, _ENDINGS)
    if cut != bare:
        cut = _without(cut, _BEFORE_ENDINGS)
    return cut if len(cut) >= 3 else bare or near_key(name)


def _without(text: str, endings: tuple[str, ...]) -> str:
    """`text` with all of `endings` taken off its end, however many stand there."""
    while text.endswith(endings):
        text = text[: -next(len(ending) for ending in endings if text.endswith(ending))]
    return text


def near_keys(root_pairing_id: int, name: str, key: str = "") -> tuple[int, ...]:
    """Up to three numbers of 32 bits: of the beginning, of the end, and of the least two-character piece of the core.

    Each is salted with the top pairing and with which of the three it is. Two different pieces seldom share a number;
    when they do, the names themselves are compared and found unlike.
    """
    text = core(name, key)
    if not text:
        return ()
    salt = _crc(b"%d" % root_pairing_id)
    data = text.encode("utf-16-le")
    if 2 < len(data) == 2 * len(text):
        least = min(map(_pieces.__getitem__, map(add, text, text[1:])))
    else:
        least = min([_crc(data[at : at + 4]) for at in range(0, max(2, len(data) - 2), 2)])
    made = (_crc(data[:8], salt), _crc(data[-8:], salt ^ 1), _crc(b"%d" % least, salt ^ 2))
    return tuple(dict.fromkeys(made))


def near_key_rows(projects: Iterable[tuple[int, Iterable[int]]]) -> list[tuple[int]]:
    """The keys of new projects (id, keys) as rows, in the order of their tree, so that it grows in place."""
    return list(zip(sorted([key << PROJECT_BITS | pk for pk, keys in projects for key in keys])))


def near_keys_write(projects: Iterable[tuple[int, Iterable[int]]]) -> None:
    """Keep the keys of new projects (id, keys), in the caller's transaction."""
    insert_many(ProjectNearKey, ("id",), near_key_rows(projects))


def near_keys_replace(project_id: int, *, before: Iterable[int], after: Iterable[int]) -> None:
    """Keep a project's keys after its name or pairing changed; `before` are those of the old ones."""
    old, new = set(before), set(after)
    ProjectNearKey.objects.filter(pk__in=[key << PROJECT_BITS | project_id for key in old - new]).delete()
    near_keys_write([(project_id, new - old)])


def likeness(one: str, other: str) -> int:
    """How alike two names are, 0–100; names that differ in a number (一期, 二期) are not alike at all."""
    if _DIGITS.findall(one) != _DIGITS.findall(other):
        return 0
    left, right = core(one), core(other)
    whole = fuzz.ratio(near_key(one), near_key(other))
    if min(len(left), len(right)) < 3:
        return int(whole)
    best = max(whole, fuzz.ratio(left, right) - 2)
    if best < ALIKE:
        left, right = _GENERAL.sub("", left), _GENERAL.sub("", right)
        if min(len(left), len(right)) >= 5:
            best = max(best, fuzz.ratio(left, right) - 4)
    return int(best)


def same_year(one: int | None, other: int | None) -> bool:
    """Whether two reports may be of one project by their years: one often names that of signing, one of starting."""
    return one is None or other is None or abs(one - other) <= 1


def near_projects(
    *, actor: Actor, programme: Programme, pairing: Pairing, name: str, year: int | None = None, limit: int = 5
) -> list[Project]:
    """Visible projects of the programme with this very name, then those an import would ask about, likest first.

    A constant number of queries; only projects that share a near key are compared name by name.
    """
    key = near_key(name)[:200]
    if not key:
        return []
    visible = projects_visible(actor=actor).filter(programme=programme).select_related("pairing")
    found = list(visible.filter(near_key=key).order_by("id")[:limit])
    keys = near_keys(pairing.root.pk, name, key)
    ids = {pk for many in Blocks().find(keys).values() for pk in many} - {project.pk for project in found}
    if ids and len(found) < limit:
        scored = [(likeness(name, other.name), other) for other in visible.filter(pk__in=ids)]
        near = [(score, other) for score, other in scored if score >= ALIKE and same_year(year, other.year)]
        found += [other for _score, other in sorted(near, key=lambda pair: (-pair[0], pair[1].pk))]
    return found[:limit]


class Blocks:
    """Projects by key for one import; remembers which keys are too crowded to be of use."""

    def __init__(self) -> None:
        self._crowded: set[int] = set()

    def find(self, keys: Iterable[int]) -> Mapping[int, list[int]]:
        """Ids of projects by key (two queries however many keys); no more of a key is read than tells it crowded."""
        wanted = [key for key in set(keys) if key not in self._crowded]
        found: dict[int, list[int]] = defaultdict(list)
        if not wanted:
            return found
        connection = connections[router.db_for_read(ProjectNearKey)]
        table = connection.ops.quote_name(ProjectNearKey._meta.db_table)
        given = "unnest(%s::bigint[]) AS k(value)" if connection.vendor == "postgresql" else "json_each(%s) AS k"
        within = f"n.id BETWEEN k.value << {PROJECT_BITS} AND (k.value << {PROJECT_BITS}) + {_LAST}"
        counted = f"(SELECT COUNT(*) FROM (SELECT 1 FROM {table} n WHERE {within} LIMIT {CROWDED + 1}) AS met)"  # noqa: S608 - our own names
        count = f"SELECT k.value, {counted} FROM {given}"  # noqa: S608
        fetch = f"SELECT n.id FROM {given} CROSS JOIN {table} n WHERE {within}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(count, [_listed(connection, wanted)])
            numbers = dict(cursor.fetchall())
            self._crowded.update(key for key, number in numbers.items() if number > CROWDED)
            usable = [key for key, number in numbers.items() if 0 < number <= CROWDED]
            cursor.execute(fetch, [_listed(connection, usable)])
            for (number,) in cursor.fetchall():
                found[number >> PROJECT_BITS].append(number & _LAST)
        return found


def _listed(connection: BaseDatabaseWrapper, keys: list[int]) -> list[int] | str:
    """The keys as one parameter."""
    return keys if connection.vendor == "postgresql" else orjson.dumps(keys).decode()
