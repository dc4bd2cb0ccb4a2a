"""What the addresses of this room speak of in the table of every address × role."""

from __future__ import annotations

from typing import Any

from tests.arguments import Known, once


@once
def _project_of_park(known: Known) -> dict[str, Any]:
    """A park's project of 沈阳 and 北京 that has no page yet."""
    from duikou.parks.tests.conftest import park_project

    return {"project_id": park_project("地址表中的园区项目").pk}


@once
def _park(known: Known) -> dict[str, Any]:
    """A park of 沈阳 and 北京 that the unit's organisation looks after, with a company."""
    from duikou.parks.services.parks import ParkDraft, park_open
    from duikou.parks.tests.conftest import ME, park_project
    from duikou.projects.models import ProjectParty

    body = known["people"]["unit"].organisation
    project = park_project("地址表中的园区")
    ProjectParty.objects.create(project=project, organisation=body, name=str(body), near_key="unit", side="first")
    return {"park_id": park_open(actor=ME, project_id=project.pk, draft=ParkDraft(manager_id=body.pk)).pk}


@once
def _resident(known: Known) -> dict[str, Any]:
    from duikou.parks.models import Park
    from duikou.parks.tests.conftest import settle

    return {"resident_id": settle(Park.objects.get(pk=_park(known)["park_id"]), state="talking").pk}


@once
def _figure(known: Known) -> dict[str, Any]:
    """A draft."""
    from duikou.parks.models import Resident
    from duikou.parks.tests.conftest import report

    return {"figure_id": report(Resident.objects.get(pk=_resident(known)["resident_id"]), "2023", tax=1).pk}


@once
def _agreement(known: Known) -> dict[str, Any]:
    from duikou.parks.models import Park
    from duikou.parks.tests.conftest import agreement

    return {"agreement_id": agreement(Park.objects.get(pk=_park(known)["park_id"])).pk}


@once
def _split(known: Known) -> dict[str, Any]:
    """A draft of 沈阳's."""
    from duikou.parks.models import Park, Resident
    from duikou.parks.tests.conftest import accept, report, share_out

    park = Park.objects.get(pk=_park(known)["park_id"])
    report(Resident.objects.get(pk=_resident(known)["resident_id"]), "2022", tax=1)
    accept(park, "2022")
    agreement_id = _agreement(known)["agreement_id"]
    return {"split_id": share_out(park, accepted=False, year=2022, agreement_id=agreement_id).pk}


_OF_PARK = (
    "park",
    "edit",
    "totals",
    "agreement-new",
    "residents",
    "residents-export",
    "resident-new",
    "figures",
    "figures-export",
    "figures-form",
    "review",
    "split-new",
)
SUBJECTS = {
    "parks:new": _project_of_park,
    **{f"parks:{name}": _park for name in _OF_PARK},
    **{f"parks:{name}": _agreement for name in ("agreement", "agreement-edit")},
    **{
        f"parks:{name}": _resident
        for name in ("resident", "resident-edit", "figure-new", "sign", "build", "produce", "leave")
    },
    **{f"parks:{name}": _figure for name in ("figure-edit", "figure-drop")},
    **{
        f"parks:{name}": _split
        for name in ("split", "split-correct", "split-return", "split-submit", "split-accept", "split-drop")
    },
}
