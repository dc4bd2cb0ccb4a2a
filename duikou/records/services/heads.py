"""The chain's end kept outside of the database: who cuts the last rows off there cannot cut them off here.

`DUIKOU_HOME/audit-heads` holds `POSITION:HEAD TIME` of the newest seal; older lines stay only where the chain does not
hold them any more.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from duikou.kernel.clock import now
from duikou.records.models import AuditLink

Head = tuple[int, str]


def heads_path() -> Path:
    """Where they lie."""
    return Path(settings.HOME) / "audit-heads"


def heads_kept() -> list[Head]:
    """The ends written down so far, by position; a line that makes no sense stands for an end that no chain has."""
    return sorted(_head(line) for line in _lines())


def head_keep(position: int, head: str) -> None:
    """Write the end of the chain down, once the seal is committed; what the chain no longer holds stays as proof."""
    kept = []
    for line in _lines():
        known, chain = _head(line)
        if known > position or not AuditLink.objects.filter(position=known, chain=chain).exists():
            kept.append(line)
    kept.append(f"{position}:{head} {now().isoformat(timespec='seconds')}")
    path = heads_path()
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with draft.open("w") as out:
        out.write("\n".join(kept) + "\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)


def _lines() -> list[str]:
    try:
        return [line for line in heads_path().read_text("utf-8", "replace").splitlines() if line.strip()]
    except FileNotFoundError:
        return []


def _head(line: str) -> Head:
    position, _colon, head = line.split(maxsplit=1)[0].partition(":")
    return (int(position), head) if position.isdecimal() else (1, line)
