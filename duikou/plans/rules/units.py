"""Responsible units as plans write them: 上海方：市发展改革委（牵头）、市商务委；大连方：…, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_KINDS = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "地区", "省", "市", "盟", "州")
_LEAD = re.compile(r"\s*[（(](?:牵头|牵头单位|主办|主责)[）)]\s*|^[★☆]|[★☆]$")
_ROLE = re.compile(
    r"(牵头(?:责任)?单位|牵头部门|牵头|主办单位|主办|责任单位|责任部门|配合单位|配合部门|配合|协办单位|协办|参与单位|参加单位)[：:]"
)
_LEADING = ("牵头", "主办")
_PARTS = re.compile(r"[、,，;；\n\t]+")
_NOTHING = frozenset({"", "无", "—", "-", "/", "等"})


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as a list names it."""

    name: str
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class SideNames:
    """How texts call the two sides; `first` and `second` are regions' names (大连市, 上海市)."""

    first: str
    second: str

    def side_at(self, text: str) -> tuple[str, str]:
        """The side that `text` begins with ("first", "second" or "") and the words after its name."""
        for side, label, order in (("first", self.first, "甲"), ("second", self.second, "乙")):
            for name in filter(None, (label, bare(label), order)):
                if text.startswith(name):
                    rest = text[len(name) :]
                    if label == name and rest[:1] not in {"方", "侧"}:
                        return side, rest
                    return side, rest.removeprefix("方").removeprefix("侧")
        return "", text


def bare(label: str) -> str:
    """上海市 → 上海, 内蒙古自治区 → 内蒙古."""
    kind = next((one for one in _KINDS if label.endswith(one) and len(label) > len(one) + 1), "")
    return label.removesuffix(kind) if kind else label


def side_name(label: str) -> str:
    """上海市 → 上海方: how a plan calls a side."""
    return f"{bare(label)}方"


def written(unit: Named) -> str:
    """A unit as a list names it."""
    return f"{unit.name}（牵头）" if unit.is_lead else unit.name


def read_list(text: str) -> tuple[tuple[Named, ...], int]:
    """The units of one side, and how many more than one are called leading (they stay, as units that help)."""
    found: list[str] = []
    leads: list[str] = []
    for role, words in _roles(text):
        first_of_role = role.startswith(_LEADING)
        for part in _split(words):
            name = _LEAD.sub("", part).strip(" 。：:")
            if name in _NOTHING:
                continue
            found.append(name)
            if first_of_role or name != part.strip(" 。：:"):
                leads.append(name)
                first_of_role = False
    lead = leads[0] if leads else None
    units = [Named(name, name == lead) for name in dict.fromkeys(found)]
    return tuple(sorted(units, key=lambda unit: not unit.is_lead)), len(set(leads)) - bool(leads)


def read_sides(text: str, names: SideNames) -> tuple[str, str, str]:
    """The words of a text about both sides, parted: of the first side, of the second, of neither.

    A side is known by its label (上海方：…), else by the names of its units (上海市发展改革委); what follows a known
    unit within one group between semicolons belongs to the same side, and of two groups the other one is the other's.
    """
    groups = [group for group in re.split(r"[;；\n]+", text.strip().rstrip("。.")) if group.strip()]
    sides: list[list[tuple[str, str]]] = [list(_sided(group, names)) for group in groups]
    known = [next((side for side, _words in parts if side), "") for parts in sides]
    if len(groups) == 2 and sorted(map(bool, known)) == [False, True]:
        other = {"first": "second", "second": "first"}
        at = known.index("")
        sides[at] = [(other[known[1 - at]], words) for _side, words in sides[at]]
    joined: dict[str, list[str]] = {"first": [], "second": [], "": []}
    for side, words in (part for parts in sides for part in parts):
        if words.strip(" 。、，,"):
            joined[side].append(words)
    return "；".join(joined["first"]), "；".join(joined["second"]), "；".join(joined[""])


def _sided(group: str, names: SideNames) -> Iterator[tuple[str, str]]:
    label = re.match(r"\s*([^：:（(]{1,12})[：:]", group)
    if label:
        side, rest = names.side_at(label[1].strip())
        if side and rest in {"", "责任单位", "单位", "牵头单位"}:
            yield side, (f"{rest}：" if rest == "牵头单位" else "") + group[label.end() :]
            return
    side = ""
    for role, words in _roles(group):
        for part in _split(words):
            own, _rest = names.side_at(_LEAD.sub("", part).strip())
            side = own or side
            yield side, f"{role}：{part}" if role.startswith(_LEADING) else part


def _roles(text: str) -> Iterator[tuple[str, str]]:
    """牵头单位：甲；配合单位：乙 parted by what the units are called ("" where nothing is said)."""
    at, role = 0, ""
    for found in _ROLE.finditer(text):
        yield role, text[at : found.start()]
        at, role = found.end(), found[1]
    yield role, text[at:]


def _split(text: str) -> Iterable[str]:
    """Parts of a list; separators inside brackets part nothing."""
    depth, start = 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "（(") - (sign in "）)")
        if depth <= 0 and _PARTS.fullmatch(sign):
            yield text[start:at]
            start, depth = at + 1, 0
    yield text[start:]
