"""The outline of a park: a GeoJSON polygon that somebody uploads, checked and made ready to be drawn."""

from __future__ import annotations

import json
import math
from typing import Any

MOST_POINTS = 2000
MOST_BYTES = 400_000
WEST, SOUTH, EAST, NORTH = 73.0, 3.0, 136.0, 54.0
"""Degrees; the outline of a park lies inside."""
LONGEST = 1.2
"""Degrees that a park may stretch; about a hundred kilometres."""

Ring = list[list[float]]


class BadOutline(ValueError):
    """What is wrong with an outline; `code` names it, the room has the words."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def outline_of(text: str) -> list[Ring]:
    """The rings of the polygons in a GeoJSON text (Polygon, MultiPolygon, or one such Feature), six decimals each.

    Raises `BadOutline`: size, json, kind, points, place, extent, crossing.
    """
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise BadOutline("size")
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadOutline("json") from None
    rings = _rings(found)
    if not rings or sum(len(ring) for ring in rings) > MOST_POINTS:
        raise BadOutline("points")
    _check_place(rings)
    if not _is_simple(rings):
        raise BadOutline("crossing")
    return rings


def _refuse(_name: str) -> Any:
    raise ValueError


def _rings(found: Any) -> list[Ring]:
    geometry = found
    for _depth in range(2):
        if isinstance(geometry, dict) and geometry.get("type") == "FeatureCollection":
            features = geometry.get("features")
            geometry = features[0] if isinstance(features, list) and len(features) == 1 else None
        elif isinstance(geometry, dict) and geometry.get("type") == "Feature":
            geometry = geometry.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise BadOutline("kind")
    polygons = geometry.get("coordinates")
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    if not isinstance(polygons, list) or len(polygons) > MOST_POINTS:
        raise BadOutline("kind")
    rings: list[Ring] = []
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon or len(polygon) > MOST_POINTS:
            raise BadOutline("kind")
        rings += [_ring(ring) for ring in polygon]
    return rings


def _ring(points: Any) -> Ring:
    if not isinstance(points, list) or not 4 <= len(points) <= MOST_POINTS:
        raise BadOutline("points")
    ring = []
    for point in points:
        if not isinstance(point, list) or len(point) < 2:
            raise BadOutline("kind")
        x, y = point[0], point[1]
        if any(isinstance(value, bool) or not isinstance(value, int | float) for value in (x, y)):
            raise BadOutline("kind")
        if not (abs(x) < 1e6 and abs(y) < 1e6):
            raise BadOutline("place")
        ring.append([round(float(x), 6), round(float(y), 6)])
    if ring[0] != ring[-1]:
        raise BadOutline("kind")
    return ring


def _check_place(rings: list[Ring]) -> None:
    xs = [point[0] for ring in rings for point in ring]
    ys = [point[1] for ring in rings for point in ring]
    if min(xs) < WEST or max(xs) > EAST or min(ys) < SOUTH or max(ys) > NORTH:
        raise BadOutline("place")
    if max(xs) - min(xs) > LONGEST or max(ys) - min(ys) > LONGEST:
        raise BadOutline("extent")


def _is_simple(rings: list[Ring]) -> bool:
    from shapely.geometry import Polygon  # noqa: PLC0415 - heavy, and only an upload needs it

    return all(Polygon(ring).is_valid and Polygon(ring).area > 0 for ring in rings)


def picture(rings: list[Ring], *, width: int = 320, height: int = 220, margin: int = 12) -> tuple[str, int]:
    """The outline as the path of an SVG of `width` × `height`, north up and true to scale, and how many metres 100
    units of it stand for."""
    xs = [point[0] for ring in rings for point in ring]
    ys = [point[1] for ring in rings for point in ring]
    shrink = math.cos(math.radians((min(ys) + max(ys)) / 2))
    wide, high = (max(xs) - min(xs)) * shrink, max(ys) - min(ys)
    scale = min((width - 2 * margin) / max(wide, 1e-9), (height - 2 * margin) / max(high, 1e-9))
    left, top = (width - wide * scale) / 2, (height - high * scale) / 2
    parts = []
    for ring in rings:
        points = [
            f"{left + (x - min(xs)) * shrink * scale:.1f},{top + (max(ys) - y) * scale:.1f}" for x, y in ring[:-1]
        ]
        parts.append(f"M{'L'.join(points)}Z")
    return "".join(parts), round(100 / scale * 111_320)
