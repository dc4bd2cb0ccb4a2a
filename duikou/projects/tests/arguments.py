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


@once
def _difference(known: Known) -> dict[str, Any]:
    """What 北京 says otherwise of a project that 沈阳 reported."""
    from duikou.kernel.actor import Actor, ActorKind, Role
    from duikou.projects.services.contested import figure_contest

    project = COMMON["projects:project"](known)
    actor = Actor(kind=ActorKind.PERSON, role=Role.OFFICE_EDITOR, name="北京", region_path="110000/")
    told = {"figure": "year", "value": "2019", "reason": "地址表"}
    return {**project, "difference_id": figure_contest(actor=actor, **project, **told).pk}


SUBJECTS: dict[str, Subject] = {
    **{f"projects:follow-{verb}": lambda known: {"pk": NOWHERE} for verb in ("end", "mail")},
    "projects:party-add": lambda known: {"project_id": _party(known)["project_id"]},
    "projects:figure-contest": COMMON["projects:project"],
    "projects:figure-answer": _difference,
    "projects:entry-link": COMMON["projects:project"],
    "projects:entry-unlink": lambda known: {**COMMON["projects:project"](known), "link_id": NOWHERE},
    "projects:party-link": _party,
    "projects:party-unlink": _party,
}
