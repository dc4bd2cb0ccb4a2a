"""The front end is built from what the environment holds, and the map shows the whole country."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ASSETS = Path(__file__).resolve().parents[3] / "assets"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ASSETS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("map")
    load("build_map").build(folder)
    text = (folder / "map.json").read_text(encoding="utf-8")
    assert len(text.encode()) < 400_000
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_lock_file_carries_no_download_addresses() -> None:
    lock = json.loads((ASSETS / "package-lock.json").read_text())
    assert lock["packages"]
    for name, package in lock["packages"].items():
        assert "resolved" not in package, name
        assert not name or "integrity" in package, name


def test_the_map_shows_every_province_and_names_its_code(pictures: dict[str, Any]) -> None:
    regions = {
        f["properties"]["adcode"]: f["properties"]["name"]
        for f in pictures["main"]["features"]
        if "adcode" in f["properties"]
    }
    assert len(regions) == 34
    assert regions["710000"] == "台湾省"
    assert regions["810000"] == "香港特别行政区"
    assert regions["820000"] == "澳门特别行政区"


def test_the_south_sea_stands_in_the_inset_with_all_ten_dashes(pictures: dict[str, Any]) -> None:
    features = {f["properties"]["name"]: f["geometry"] for f in pictures["south_sea"]["features"]}
    assert len(features["南海断续线"]["coordinates"]) == 10
    islands = features["海南省"]["coordinates"]
    assert len(islands) > 300
    southernmost = min(point[1] for part in islands for point in part[0])
    assert southernmost < 4.0


def test_neighbours_still_share_their_border_after_simplifying(pictures: dict[str, Any]) -> None:
    def points(name: str) -> set[tuple[float, float]]:
        shape = next(f["geometry"] for f in pictures["main"]["features"] if f["properties"]["name"] == name)
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        return {(x, y) for part in parts for ring in part for x, y in ring}

    assert len(points("吉林省") & points("黑龙江省")) > 30
    assert len(points("北京市") & points("河北省")) > 15


def test_icons_are_found_where_templates_and_code_name_them() -> None:
    icons = load("build").used_icons()
    assert {"map", "bell", "menu-2", "layout-dashboard"} <= set(icons)
