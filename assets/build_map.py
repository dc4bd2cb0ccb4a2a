"""Builds the map of China for the charts from the geometry package: simplified without tearing shared borders.

Writes `generated/map.json` ({"main", "south_sea"}: two GeoJSON collections) and `generated/centres.json`
(adcode -> [lon, lat]). The main picture holds every province; what lies south of it goes into the inset of the South
China Sea, together with the coasts around it. Nothing of the source is left out of both. See docs/decisions/map.md.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiLineString, box, mapping, shape

from duikou.kernel import geo

TOLERANCE = 0.025
"""Degrees; at the size of a screen a border moves by less than a pixel."""
SOUTH_SEA = box(105.0, 2.5, 123.2, 25.0)
MAIN_FLOOR = 18.0
"""Latitude: the main picture ends south of the island of Hainan, the inset shows the rest."""
HERE = Path(__file__).resolve().parent / "generated"


def build(folder: Path = HERE) -> None:
    """Write both files into `folder`; deterministic for one version of the package."""
    folder.mkdir(exist_ok=True)
    provinces, lines = [], []
    for feature in geo.features("province"):
        geometry = shapely.make_valid(shape(feature["geometry"]))
        code = geo.adcode_of(feature)
        if code:
            provinces.append((code, feature["properties"]["name"], shapely.set_precision(geometry, 1e-6)))
        else:
            lines.extend(getattr(geometry, "geoms", [geometry]))
    provinces.sort(key=lambda row: row[0])
    thin = shapely.coverage_simplify([geometry for _code, _name, geometry in provinces], TOLERANCE)
    shapes = [(code, name, geometry) for (code, name, _full), geometry in zip(provinces, thin, strict=True)]
    dashes, borders = _dashes(lines)
    north = box(70.0, MAIN_FLOOR, 140.0, 56.0)
    main = [_region(code, name, _north_part(code, geometry)) for code, name, geometry in shapes]
    main += [_line("南海断续线", dashes, north), _line("未定界", borders, north)]
    inset = [
        _region(code, name, part)
        for code, name, geometry in shapes
        if not (part := _areas(geometry.intersection(SOUTH_SEA))).is_empty
    ]
    inset += [_line("南海断续线", dashes, SOUTH_SEA)]
    pictures = {"main": _collection(main), "south_sea": _collection(inset)}
    (folder / "map.json").write_text(json.dumps(pictures, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    centres = {**geo.centres("province"), **geo.centres("prefecture")}
    (folder / "centres.json").write_text(json.dumps(centres, sort_keys=True, separators=(",", ":")), encoding="utf-8")


def _north_part(code: str, geometry: Any) -> Any:
    """Hainan's main island stays in the main picture; its southern islands are in the inset."""
    if code != "460000":
        return geometry
    return shapely.multipolygons([part for part in geometry.geoms if part.bounds[3] > MAIN_FLOOR])


def _dashes(lines: list[Any]) -> tuple[list[Any], list[Any]]:
    """The ten dashes of the South China Sea come as one feature of ten lines; the rest are other boundary lines."""
    dashes = [
        line
        for line in lines
        if line.bounds[3] < 24.7
        and (line.bounds[2] > 118.5 or line.bounds[3] < 17)
        and line.bounds[2] - line.bounds[0] + line.bounds[3] - line.bounds[1] > 0.9
    ]
    if len(dashes) != 10:
        raise SystemExit(f"expected the ten dashes of the South China Sea, found {len(dashes)}")
    kept = set(map(id, dashes))
    undelimited = [line for line in lines if id(line) not in kept and line.bounds[2] < 80]
    return dashes, undelimited


def _areas(geometry: Any) -> Any:
    parts = [part for part in getattr(geometry, "geoms", [geometry]) if part.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _region(code: str, name: str, geometry: Any) -> dict[str, Any]:
    centre = geo.centre_of(code)
    return {
        "type": "Feature",
        "properties": {"name": name, "adcode": code, "cp": centre},
        "geometry": _rounded(geometry),
    }


def _line(name: str, lines: list[Any], window: Any) -> dict[str, Any]:
    kept = [line.simplify(0.02) for line in lines if line.intersects(window)]
    return {"type": "Feature", "properties": {"name": name}, "geometry": _rounded(MultiLineString(kept))}


def _rounded(geometry: Any) -> dict[str, Any]:
    """GeoJSON with three decimals (about 100 m); shared borders stay shared, since equal numbers round equally."""

    def walk(value: Any) -> Any:
        if isinstance(value[0], (int, float)):
            return [round(value[0], 3), round(value[1], 3)]
        return [walk(item) for item in value]

    plain = mapping(geometry)
    return {"type": plain["type"], "coordinates": walk(plain["coordinates"])}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


if __name__ == "__main__":
    build()
