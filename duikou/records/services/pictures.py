"""Copies of pictures that may be shown: drawn anew, so that nothing of the original but its dots is in them."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageCms

from duikou.kernel.errors import Invalid, NotFound
from duikou.records.models import Blob
from duikou.records.services.exif import BROKEN, orientation_of
from duikou.records.states import FILE_KINDS

SIZES = {"thumb": 320, "view": 1600}
"""Longest side of each copy in dots."""

MAX_PIXELS = {"JPEG": 80_000_000}
MAX_PIXELS_OTHER = 40_000_000
"""A JPEG is read at an eighth of its size, others are unpacked whole: a phone's largest photo and a long screenshot
pass, a bomb does not."""

_VERSION = 1
"""Goes up when copies must be made anew."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_drawing = Lock()
"""One at a time: many large photos at once must not fill the memory."""


def picture_check(path: Path, form: str) -> None:
    """Read the picture at `path` (Pillow's name of its form) to its last dot.

    Raises `Invalid` for too many dots before anything is unpacked, and one of `exif.BROKEN` for a broken picture.
    """
    try:
        with Image.open(path, formats=[form]) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS.get(form, MAX_PIXELS_OTHER):
                raise _too_many()
            with _drawing:
                picture.draft(None, (SIZES["thumb"], SIZES["thumb"]))
                picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many() from None


def picture_copy(*, blob: Blob, size: str) -> Path:
    """Where the copy of the picture in `size` ("thumb" or "view") lies; made on first asking, kept in the data folder.

    The caller has asked `policies.may_read`. Raises `NotFound` for what is no picture or no longer there, `Invalid`
    for one that cannot be read.
    """
    kind = FILE_KINDS.get(blob.kind)
    if kind is None or not kind.picture or size not in SIZES:
        raise NotFound
    place = _place(blob.digest, size)
    if place.exists():
        return place
    with _drawing:
        if not place.exists():
            _keep(place, _drawn(blob, kind.picture, SIZES[size]))
    return place


def pictures_forget(*, digest: str) -> None:
    """Take away the copies of an original that is no longer there."""
    for size in SIZES:
        _place(digest, size).unlink(missing_ok=True)


def redrawn(source: Any, form: str, longest: int) -> bytes:
    """The picture in `source` as a JPEG in sRGB, upright, no side longer than `longest`, without a word about itself.

    Raises one of `exif.BROKEN` over broken bytes.
    """
    with Image.open(source, formats=[form]) as picture:
        turn = _TURNS.get(orientation_of(picture))
        picture.draft(None, (longest, longest))
        picture.load()
        small = _plain_mode(picture)
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        plain = _in_srgb(small, picture.info.get("icc_profile"))
    upright = plain if turn is None else plain.transpose(turn)
    fresh = Image.new("RGB", upright.size, "white")
    fresh.paste(upright, mask=upright.getchannel("A") if upright.mode == "RGBA" else None)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


def _plain_mode(picture: Image.Image) -> Image.Image:
    """The dots in a mode that can be made smaller and shown."""
    if picture.mode.startswith("I"):  # sixteen bits a dot
        return picture.convert("I").point(lambda dot: dot / 256).convert("L")
    return picture if picture.mode in {"L", "RGB", "CMYK"} else picture.convert("RGBA")


def _in_srgb(picture: Image.Image, profile: Any) -> Image.Image:
    """The dots in sRGB by the picture's own colour profile; as they are where it has none or a broken one."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if isinstance(profile, bytes) and profile and picture.mode in {"RGB", "CMYK"}:
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            found = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, *BROKEN):
            found = None
        if found is not None:
            return found
    return picture.convert(mode)


def _drawn(blob: Blob, form: str, longest: int) -> bytes:
    try:
        with default_storage.open(blob.path) as source:
            return redrawn(source, form, longest)
    except FileNotFoundError:
        raise NotFound(_("文件已不在存储中，请联系管理员。")) from None
    except BROKEN:
        raise Invalid(_("这张图片无法读取，可以下载原件查看。")) from None


def _keep(place: Path, content: bytes) -> None:
    """Whole or not at all: a reader never meets half a picture."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=place.parent, prefix="new-", delete=False) as target:
        target.write(content)
    Path(target.name).replace(place)


def _place(digest: str, size: str) -> Path:
    return Path(settings.HOME) / "pictures" / digest[:2] / digest[2:4] / f"{digest}-{size}-{_VERSION}.jpg"


def _too_many() -> Invalid:
    return Invalid(_("图片像素过大，请缩小后再上传。"))
