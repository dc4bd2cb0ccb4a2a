"""Finding projects written alike without comparing every name with every other."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count
from rapidfuzz import fuzz

from duikou.kernel.bulk import insert_many
from duikou.kernel.text import near_key
from duikou.projects.models import ProjectNearKey

_crc = zlib.crc32
ALIKE = 82.0
"""Likeness of two names (0–100) from which a person is asked."""
CROWDED = 60
"""A key that more projects share says nothing and is passed over."""
_ENDINGS = ("项目", "工程", "基地", "有限公司", "公司", "集团", "合作", "建设", "计划")
_BEFORE_ENDINGS = ("建设", "合作", "产业", "投资", "示范", "综合", "重点")
_BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_DIGITS = re.compile(r"\d+|[一二三四五六七八九十]+(?=期|批|号|标段|阶段)")


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
    """Up to three numbers: of the beginning, of the end, and of the least two-character piece of the name's core."""
    text = core(name, key)
    if not text:
        return ()
    salt = root_pairing_id & 0x7FFF
    data = text.encode("utf-16-le")
    least = min([_crc(data[at : at + 4]) for at in range(0, max(2, len(data) - 2), 2)])
    made = (
        (salt << 34) | (1 << 32) | _crc(data[:8]),
        (salt << 34) | (2 << 32) | _crc(data[-8:]),
        (salt << 34) | (3 << 32) | least,
    )
    return tuple(dict.fromkeys(made))


def near_keys_write(projects: Iterable[tuple[int, Iterable[int]]]) -> None:
    """Keep the keys of new projects (id, keys), in the caller's transaction."""
    rows = sorted(
        ((key, pk) for pk, keys in projects for key in keys)
    )  # in the index's order, so that it grows in place
    insert_many(ProjectNearKey, ("key", "project"), rows)


def near_keys_replace(project_id: int, keys: Iterable[int]) -> None:
    """Keep a project's keys after its name or pairing changed."""
    ProjectNearKey.objects.filter(project_id=project_id).delete()
    near_keys_write([(project_id, keys)])


def likeness(one: str, other: str) -> int:
    """How alike two names are, 0–100; names that differ in a number (一期, 二期) are not alike at all."""
    if _DIGITS.findall(one) != _DIGITS.findall(other):
        return 0
    left, right = core(one), core(other)
    whole = fuzz.ratio(near_key(one), near_key(other))
    if min(len(left), len(right)) < 3:
        return int(whole)
    return int(max(whole, fuzz.ratio(left, right) - 2))


class Blocks:
    """Projects by key for one import; remembers which keys are too crowded to be of use."""

    def __init__(self) -> None:
        self._crowded: set[int] = set()

    def find(self, keys: Iterable[int]) -> Mapping[int, list[int]]:
        """Ids of projects by key (two queries however many keys)."""
        wanted = [key for key in set(keys) if key not in self._crowded]
        found: dict[int, list[int]] = defaultdict(list)
        rows = ProjectNearKey.objects.filter(key__in=wanted)
        usable = []
        for key, number in rows.values("key").annotate(n=Count("id")).values_list("key", "n"):
            if number > CROWDED:
                self._crowded.add(key)
            else:
                usable.append(key)
        for key, project_id in ProjectNearKey.objects.filter(key__in=usable).values_list("key", "project_id"):
            found[key].append(project_id)
        return found
