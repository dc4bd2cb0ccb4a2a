"""Every dependency has a line that says what it is for and under which licence it comes."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINE = re.compile(r"^\| `(?P<name>[@\w./-]+)` \| (?P<purpose>[^|]+) \| (?P<licence>[^|]+) \| (?P<why>[^|]+) \|$")


def _wanted() -> set[str]:
    names = set()
    for source in ("base.in", "dev.in", "tools.in"):
        for line in (ROOT / "requirements" / source).read_text().splitlines():
            text = line.split("#")[0].strip()
            if text and not text.startswith("-"):
                names.add(re.split(r"[\[~=<> ]", text)[0].lower())
    package = json.loads((ROOT / "assets" / "package.json").read_text())
    return names | set(package["dependencies"]) | set(package["devDependencies"])


def test_every_dependency_is_explained_and_nothing_else():
    table = (ROOT / "docs" / "decisions" / "dependencies.md").read_text().splitlines()
    explained = {match["name"].lower() for match in map(LINE.match, table) if match}
    assert sorted(_wanted() - explained) == [], "not explained in docs/decisions/dependencies.md"
    assert sorted(explained - _wanted()) == [], "explained, but not required"
