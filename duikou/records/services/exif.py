"""What a photo says of itself: when, where and with what it was taken (EXIF 2.32)."""

from __future__ import annotations

import datetime as dt
import math
import re
import struct
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from duikou.kernel.clock import SHANGHAI
from duikou.records.rules import storable

BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, EOFError),
    *(struct.error, Image.DecompressionBombError, Image.DecompressionBombWarning),
)
"""What readers of pictures raise over bytes that are not what they say."""

CAMERA = 100
_TIMES = (
    (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
    (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
    (ExifTags.Base.DateTime, ExifTags.Base.OffsetTime),
)
_MOMENT = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_YEARS = range(1970, 2200)
_SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """When (aware; Beijing time where the photo names no zone, then `taken_zone` is empty), where (degrees, WGS 84,
    both or neither), with what."""

    taken_at: dt.datetime | None = None
    taken_zone: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    camera: str = ""


def photo_facts(path: Path, form: str) -> PhotoFacts:
    """What the picture at `path` (Pillow's name of its form) says of itself; what is missing or broken stays empty."""
    try:
        with Image.open(path, formats=[form]) as picture:
            exif = picture.getexif()
            main, detail, place = dict(exif), _part(exif, ExifTags.IFD.Exif), _part(exif, ExifTags.IFD.GPSInfo)
    except BROKEN:
        return PhotoFacts()
    taken_at, zone = _taken({**main, **detail})
    latitude, longitude = _place(place)
    return PhotoFacts(taken_at, zone, latitude, longitude, _camera(main))


def orientation_of(picture: Image.Image) -> int:
    """How the camera was held: 1 to 8, 1 where nothing readable is said."""
    try:
        found = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except BROKEN:
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _part(exif: Image.Exif, which: int) -> dict[int, Any]:
    try:
        return dict(exif.get_ifd(which))
    except BROKEN:
        return {}


def _taken(tags: dict[int, Any]) -> tuple[dt.datetime | None, str]:
    for moment, offset in _TIMES:
        found = _MOMENT.match(_text(tags.get(moment)))
        if found is None or int(found[1]) not in _YEARS:
            continue
        zone = _OFFSET.fullmatch(_text(tags.get(offset)))
        if zone is not None and (int(zone[2]) > 14 or int(zone[3]) > 59):
            zone = None
        try:
            plain = dt.datetime(*(int(part) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
        except ValueError:
            continue
        if zone is None:
            return plain.replace(tzinfo=SHANGHAI), ""
        away = dt.timedelta(hours=int(zone[2]), minutes=int(zone[3]))
        return plain.replace(tzinfo=dt.timezone(-away if zone[1] == "-" else away)), zone[0]
    return None, ""


def _place(tags: dict[int, Any]) -> tuple[Decimal | None, Decimal | None]:
    latitude = _degrees(tags.get(ExifTags.GPS.GPSLatitude), tags.get(ExifTags.GPS.GPSLatitudeRef), "NS", 90)
    longitude = _degrees(tags.get(ExifTags.GPS.GPSLongitude), tags.get(ExifTags.GPS.GPSLongitudeRef), "EW", 180)
    if latitude is None or longitude is None or latitude == longitude == 0:  # phones without a fix write zeros
        return None, None
    return latitude, longitude


def _degrees(parts: Any, side: Any, sides: str, most: int) -> Decimal | None:
    """Degrees, minutes, seconds as one number, south and west negative; None where they are not all there."""
    mark = _text(side)[:1].upper()
    if not isinstance(parts, (tuple, list)) or len(parts) != 3 or not mark or mark not in sides:
        return None
    numbers = [number for number in map(_number, parts) if number is not None]
    if len(numbers) != 3 or any(number < 0 or number > 360 for number in numbers):
        return None
    degrees = numbers[0] + numbers[1] / 60 + numbers[2] / 3600
    if degrees > most:
        return None
    return (-degrees if mark == sides[1] else degrees).quantize(_SIX_PLACES)


def _number(value: Any) -> Decimal | None:
    """An EXIF number exactly; None for 0/0 and what is no number."""
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    top, bottom = getattr(value, "numerator", None), getattr(value, "denominator", None)
    if not isinstance(top, int) or not isinstance(bottom, int) or bottom == 0:
        return None
    return Decimal(top) / bottom


def _camera(tags: dict[int, Any]) -> str:
    make, model = _text(tags.get(ExifTags.Base.Make)), _text(tags.get(ExifTags.Base.Model))
    return (model if model.lower().startswith(make.lower()) else f"{make} {model}").strip()[:CAMERA].strip()


def _text(value: Any) -> str:
    """An EXIF text without control characters; UTF-8 that was read as Latin-1 is put right."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str):
        return ""
    try:
        value = value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        pass
    return " ".join("".join(c if c.isprintable() else " " for c in storable(value)).split())
