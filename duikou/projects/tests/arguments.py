"""What the addresses of this room with parameters speak of (see tests/arguments.py)."""

from __future__ import annotations

from typing import Any

from tests.arguments import NOWHERE, Known, Subject, once
from tests.arguments import SUBJECTS as COMMON


@once
def _party(known: Known) -> dict[str, Any]:
    """A party of the project of the address table."""
    from duikou.projects.services.parties import party_add
    from duikou.projects.states import PartyRole, Side

    project = COMMON["projects:project"](known)
    actor = known["people"]["shenyang_editor"].actor
    project_id = next(iter(project.values()))
    party = party_add(actor=actor, project_id=project_id, name="地址表的单位", side=Side.FIRST, role=PartyRole.LEAD)
    return {"project_id": project_id, "party_id": party.pk}


SUBJECTS: dict[str, Subject] = {
    **{f"projects:follow-{verb}": lambda known: {"pk": NOWHERE} for verb in ("end", "mail")},
    "projects:party-add": lambda known: {"project_id": _party(known)["project_id"]},
    "projects:party-link": _party,
    "projects:party-unlink": _party,
}
