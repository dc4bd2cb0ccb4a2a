"""What this room's addresses speak of in the table of every address × role."""

from __future__ import annotations

from typing import Any

from tests.arguments import Known, once


@once
def _view(known: Known) -> dict[str, Any]:
    """A view of the list of projects that 沈阳's editor shares with the office."""
    from duikou.flow.services.views import view_save

    actor = known["people"]["shenyang_editor"].actor
    view = view_save(actor=actor, name_of_list="projects:list", query="state=signed", name="已签约", is_shared=True)
    return {"pk": view.pk}


SUBJECTS = {
    **{f"flow:view-{page}": _view for page in ("edit", "update", "delete", "usual")},
    "flow:view-move": lambda known: {**_view(known), "way": "up"},
}
