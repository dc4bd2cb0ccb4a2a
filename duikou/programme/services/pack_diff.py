"""What loading a pack would change, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from duikou.programme import selectors
from duikou.programme.rules.blockers import DEFAULT
from duikou.programme.rules.compare import Piece, compare
from duikou.programme.services.pack_check import clause_text
from duikou.programme.services.pack_export import programme_export
from duikou.programme.services.pack_read import Pack

_SECTIONS = (
    "clauses",
    "pairings",
    "targets",
    "bodies",
    "duties",
    "indicators",
    "kinds",
    "routes",
    "topics",
    "blockers",
)


def programme_diff(pack: Pack) -> list[str]:
    """Lines for a person: `+` new, `-` retired, `→` moved, `~` amended with the words that go and come."""
    programme = selectors.programme_at(pack.code)
    if programme is None:
        return [_("+ 方案%(code)s尚未装载。") % {"code": pack.code}]
    if programme.current is not None and programme.current.digest == pack.digest():
        return []
    loaded = programme_export(programme)
    lines = []
    if programme.version != pack.version:
        lines.append(f"~ version: {programme.version} → {pack.version}")
    for name, value in loaded["programme"].items():
        if name in pack.head and name != "version" and pack.head[name] != value:
            lines.append(f"~ {name}: {value} → {pack.head[name]}")
    for key in _SECTIONS:
        lines += _section(key, {row["code"]: row for row in loaded[key]}, pack)
    return lines


def _section(key: str, loaded: dict[str, dict[str, Any]], pack: Pack) -> list[str]:
    wanted = {
        row["code"]: _comparable(key, row.data, clause_text(row) if key == "clauses" else "") for row in pack.rows[key]
    }
    if key == "blockers" and not wanted:
        wanted = {row["code"]: row for row in DEFAULT}
    moved = {row["moved_from"]: row["code"] for row in pack.rows[key] if row.data.get("moved_from") in loaded}
    lines = []
    for code, row in loaded.items():
        if code in moved:
            lines.append(f"→ {key} {code} → {moved[code]}")
            lines += _amended(key, moved[code], row, wanted[moved[code]])
        elif code not in wanted:
            lines.append(f"- {key} {code}")
        else:
            lines += _amended(key, code, row, wanted[code])
    kept = (set(loaded) - set(moved)) | set(moved.values())
    return lines + [f"+ {key} {code}" for code in wanted if code not in kept]


def _comparable(key: str, data: Mapping[str, Any], text: str) -> dict[str, Any]:
    found = {
        name: value for name, value in data.items() if name not in ("heading", "body", "moved_from", "named", "at")
    }
    if key == "clauses":
        found["text"] = text
    if key == "pairings":
        found["parent"] = found["parent"] or None
    if key in ("bodies", "kinds", "topics"):
        found["clauses"] = sorted(found["clauses"])
    return found


def _amended(key: str, code: str, loaded: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    lines = []
    for name, value in wanted.items():
        if name == "code" or name not in loaded or loaded[name] == value:
            continue
        if name == "text":
            shown = "".join(_mark(piece) for piece in compare(loaded[name], value))
        else:
            shown = f"{loaded[name]} → {value}"
        lines.append(f"~ {key} {code} {name}: {shown}")
    return lines


def _mark(piece: Piece) -> str:
    if piece.kind == "same":
        return piece.text if len(piece.text) <= 40 else f"{piece.text[:18]}…{piece.text[-18:]}"
    return f"[-{piece.text}-]" if piece.kind == "gone" else f"{{+{piece.text}+}}"
