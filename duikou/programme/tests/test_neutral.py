"""Nothing in the code knows any region or programme."""

from __future__ import annotations

import re
from pathlib import Path

import duikou

ROOT = Path(duikou.__file__).parent
NAMES = re.compile("东北|东部|西部|northeast|north-east", re.IGNORECASE)
EXAMPLES = {"demonstration.py"}
"""Made-up people and organisations of the demonstration are data; a ministry's real name may stand there."""


def test_the_code_does_not_name_the_sides_of_any_programme():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in ROOT.rglob("*")
        if path.suffix in {".py", ".html", ".js", ".txt"} and "tests" not in path.parts and path.name not in EXAMPLES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NAMES.search(line)
    ]
    assert found == []
