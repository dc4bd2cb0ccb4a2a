"""Where the time of one page of the project list goes: `python -m bench.profile_list [projects]` (default 1,000,000).

On a throw-away SQLite file. Prints the medians of the whole page, of its queries and of each template that it
includes, and the functions that cost most by themselves. It judges nothing: docs/profiles.md says what was learned.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ROUNDS = 15
SHOWN = 14


def main(size: int) -> int:
    """Fill, open, take apart."""
    with tempfile.TemporaryDirectory(prefix="duikou-bench-") as folder:
        os.environ["DUIKOU_HOME"] = str(Path(folder) / "home")
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
        os.environ.setdefault("DUIKOU_LOG_LEVEL", "WARNING")
        import django

        django.setup()
        from bench.overview import filled, signed_in

        filled(size)
        client = signed_in("shenyang")
        for name, path in (("newest", "/projects/?view=0"), ("by signed", "/projects/?sort=-signed")):
            client.get(path)
            _parts(name, [_once(client, path) for _round in range(ROUNDS)])
        _functions(client, "/projects/?view=0")
    return 0


def _once(client: Any, path: str) -> dict[str, float]:
    """Milliseconds of one page: all of it, its queries, and every included template with what it includes."""
    from django.db import connection
    from django.template.base import Template

    spent: dict[str, float] = defaultdict(float)
    render = Template._render

    def timed(self: Any, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return render(self, context)
        finally:
            spent[str(self.name)] += time.perf_counter() - started

    def query(execute: Any, *args: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent["· queries"] += time.perf_counter() - started
            spent["· number of queries"] += 0.001

    Template._render = timed  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(query):
            started = time.perf_counter()
            client.get(path)
            spent["· the whole page"] = time.perf_counter() - started
    finally:
        Template._render = render  # type: ignore[method-assign]
    return {name: seconds * 1000 for name, seconds in spent.items()}


def _parts(name: str, rounds: list[dict[str, float]]) -> None:
    medians = {part: statistics.median(one.get(part, 0.0) for one in rounds) for part in rounds[0]}
    print(f"\n{name}: milliseconds, medians of {len(rounds)}")
    for part, value in sorted(medians.items(), key=lambda pair: -pair[1])[:SHOWN]:
        print(f"  {value:8.1f}  {part}")


def _functions(client: Any, path: str) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for _round in range(ROUNDS):
        client.get(path)
    profile.disable()
    print(f"\nfunctions by their own time, {ROUNDS} pages under the profiler")
    pstats.Stats(profile).strip_dirs().sort_stats("tottime").print_stats(SHOWN)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
