"""docs/facts.md lists every fact that is announced and who listens; `python -m tests.test_facts` writes it anew."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

from duikou.kernel import facts

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "facts.md"
HEAD = """# Facts

What rooms announce after commit (`kernel.facts.announce`), and who listens. A listener only queues a job, which takes
ids, calls one service and may run twice. Written by `python -m tests.test_facts`; a test compares the two.

| fact | announced in | listeners |
|---|---|---|
"""


def announced() -> dict[str, set[str]]:
    """Every fact named in a call of `announce`, with the files that do so."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "duikou").rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "announce":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found[first.value].add(str(path.relative_to(ROOT / "duikou")))
    return found


def page() -> str:
    """The document as it should be."""
    listeners = facts.listeners()
    named = announced()
    rows = [
        f"| `{name}` | {', '.join(sorted(named.get(name, {'—'})))} | {_names(listeners.get(name, ()))} |"
        for name in sorted({*named, *listeners})
    ]
    return HEAD + "\n".join(rows) + "\n"


def _names(found: tuple[object, ...]) -> str:
    return ", ".join(f"`{_name(listener)}`" for listener in found) or "nobody yet"


def _name(listener: object) -> str:
    module = getattr(listener, "__module__", "").removeprefix("duikou.")
    name = str(getattr(listener, "__name__", listener))
    return name if "." in name else f"{module}.{name}"


def test_the_page_of_facts_is_what_the_code_says():
    assert DOCUMENT.read_text() == page(), "run `python -m tests.test_facts` and commit docs/facts.md"


def test_nobody_listens_to_a_fact_that_nobody_announces():
    assert sorted(set(facts.listeners()) - set(announced())) == []


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    import django

    django.setup()
    DOCUMENT.write_text(page())
    sys.stdout.write("facts.md written\n")
