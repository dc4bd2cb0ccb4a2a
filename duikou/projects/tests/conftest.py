"""A small programme of its own: two provinces with a sub-pairing, and a pair of cities."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest

from duikou.kernel.actor import Actor, ActorKind, Role
from duikou.programme.models import Clause, Pairing, Programme, ProjectKind, Region
from duikou.projects.models import Project
from duikou.projects.services.draft import ProjectDraft
from duikou.projects.services.projects import project_create


@dataclass
class World:
    """The programme, its regions, pairings and clauses by short names."""

    programme: Any
    regions: dict[str, Region] = field(default_factory=dict)
    pairings: dict[str, Pairing] = field(default_factory=dict)
    clauses: dict[str, Clause] = field(default_factory=dict)
    kinds: dict[str, ProjectKind] = field(default_factory=dict)

    def draft(self, name: str = "深哈产业园", pairing: str = "shenyang-beijing", **given: Any) -> ProjectDraft:
        """A draft with only what must be there, the rest as given; `places`: regions taken where they lie inside."""
        pair = self.pairings[pairing]
        clause = self.clauses[given.pop("clause", "3.2.2")]
        first, second = given.pop("places", (None, None))
        facts: dict[str, Any] = {
            "programme": self.programme,
            "name": name,
            "pairing": pair,
            "clause": clause,
            "first_region": self._inside(pair.first_region, first),
            "second_region": self._inside(pair.second_region, second),
            **given,
        }
        return ProjectDraft(**facts)

    def _inside(self, side: Region, adcode: str | None) -> Region:
        place = self.regions.get(adcode or "")
        return place if place is not None and side.covers(place) else side

    def project(self, name: str = "深哈产业园", pairing: str = "shenyang-beijing", **given: Any) -> Project:
        """A registered project."""
        return project_create(actor=Actor.command("tests"), draft=self.draft(name, pairing, **given), partial=True)


def build() -> World:
    """Write the small programme; pairs overlap: 大庆 lies in 黑龙江, 广州 in 广东."""
    programme = Programme.objects.create(
        code="small",
        title="小方案",
        title_en="Small",
        short_title="小方案",
        short_title_en="Small",
        issuer="测试",
        version="1",
        first_side_label="甲",
        first_side_label_en="A",
        second_side_label="乙",
        second_side_label_en="B",
        issued_on=dt.date(2017, 3, 7),
    )
    world = World(programme)
    for code, name in {
        "230000": "黑龙江省",
        "440000": "广东省",
        "210100": "沈阳市",
        "110000": "北京市",
        "230600": "大庆市",
        "230200": "齐齐哈尔市",
        "440100": "广州市",
        "441300": "惠州市",
        "210200": "大连市",
        "310000": "上海市",
    }.items():
        path = "".join(f"{part}/" for part in dict.fromkeys([f"{code[:2]}0000", code]))
        region, _new = Region.objects.get_or_create(
            adcode=code,
            defaults={
                "name": name,
                "short_name": name[:-1],
                "name_en": code,
                "level": "province",
                "path": path,
                "pinyin": "x",
                "initials": "x",
            },
        )
        world.regions[code] = region
    for order, (code, first, second, parent) in enumerate(
        [
            ("heilongjiang-guangdong", "230000", "440000", None),
            ("shenyang-beijing", "210100", "110000", None),
            ("dalian-shanghai", "210200", "310000", None),
            ("daqing-huizhou", "230600", "441300", "heilongjiang-guangdong"),
            ("qiqihar-guangzhou", "230200", "440100", "heilongjiang-guangdong"),
        ]
    ):
        world.pairings[code] = Pairing.objects.create(
            programme=programme,
            code=code,
            order=order,
            name=code,
            name_en=code,
            first_region=world.regions[first],
            second_region=world.regions[second],
            parent=world.pairings.get(parent or ""),
            level="sub" if parent else "city",
            source="测试",
        )
    section = Clause.objects.create(
        programme=programme, code="3.2", title="产业", title_en="Industry", kind="section", order=1
    )
    for order, code in enumerate(["3.2.1", "3.2.2", "3.4.2"], 2):
        world.clauses[code] = Clause.objects.create(
            programme=programme,
            code=code,
            title=code,
            title_en=code,
            kind="task",
            is_task=True,
            order=order,
            parent=section,
        )
    world.clauses["4.2"] = Clause.objects.create(
        programme=programme, code="4.2", title="方案", title_en="Plan", kind="safeguard", order=9
    )
    world.clauses["3.2"] = section
    world.kinds["park"] = ProjectKind.objects.create(
        programme=programme,
        code="park",
        title="园区",
        title_en="Park",
        fields=[
            {"key": "area", "label": "面积", "type": "area", "unit": "亩", "required": True},
            {"key": "stage", "label": "阶段", "type": "choice", "choices": [{"value": "a", "label": "一期"}]},
            {"key": "residents", "label": "入驻", "type": "int"},
        ],
    )
    world.kinds["plain"] = ProjectKind.objects.create(
        programme=programme, code="plain", title="一般", title_en="Plain", fields=[]
    )
    return world


@pytest.fixture
def world(db: None) -> World:
    """The small programme."""
    return build()


def office(path: str, role: Role = Role.OFFICE_EDITOR) -> Actor:
    """An office over the region at `path`."""
    return Actor(kind=ActorKind.PERSON, role=role, name="办公室", account_id=1, region_path=path)
