"""typst, with the fonts of this machine: a layout and its data in, pages out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from duikou.kernel import clock

STANDARD = "a-2b"
"""PDF/A-2b (ISO 19005-2): what archives take in, and the form in which a character without a glyph is an error."""


def folders() -> list[str]:
    """Folders with fonts besides the system's (`DUIKOU_FONTS`)."""
    return [str(folder) for folder in map(Path, settings.DUIKOU_FONT_FOLDERS) if folder.is_dir()]


@cache
def fonts() -> Any:
    """Every font that can be used here, searched for once."""
    return typst.Fonts(include_system_fonts=True, font_paths=folders())


def typeset(source: bytes, data: Mapping[str, Any], *, standard: str | None = None) -> bytes:
    """PDF of a layout with its data; raises `typst.TypstError` for a broken layout or, under PDF/A, a missing glyph."""
    made: Any = typst.compile(
        source,
        font_paths=fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=[standard] if standard else [],  # type: ignore[list-item] # a literal to its stubs
        timestamp=int(clock.now().timestamp()),
    )
    return bytes(made)


def drawn(source: bytes, data: Mapping[str, Any]) -> list[bytes]:
    """Every page as PNG, sharp enough for a screen."""
    made: Any = typst.compile(
        source, font_paths=fonts(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, format="png", ppi=80
    )
    return [bytes(made)] if isinstance(made, bytes) else [bytes(page) for page in made]
