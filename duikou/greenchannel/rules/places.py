"""Places by their paths."""

from __future__ import annotations


def around(path: str) -> list[str]:
    """A region's own path, then those of the regions around it, the nearest first."""
    parts = [part for part in path.split("/") if part]
    return ["/".join(parts[:end]) + "/" for end in range(len(parts), 0, -1)]
