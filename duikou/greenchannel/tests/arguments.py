"""What the addresses of this room speak of in the table of every address × role."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.arguments import Known, Subject, _project, once


@once
def _request(known: Known) -> dict[str, Any]:
    """What 沈阳's editor asks for the project; the office's lead owns it."""
    from duikou.greenchannel.services.raising import RequestDraft, request_raise
    from duikou.kernel.clock import today
    from duikou.programme.models import BlockerKind
    from duikou.projects.models import Project

    project = Project.objects.get(pk=_project(known)["project_id"])
    kind = BlockerKind.objects.get(programme_id=project.programme_id, code="land")
    wanted = today() + dt.timedelta(days=30)
    draft = RequestDraft(project.pk, kind.pk, "first", "地址表中的诉求", wanted, contact_name="某某")
    return {"request_id": request_raise(actor=known["people"]["shenyang_editor"].actor, draft=draft).pk}


@once
def _rule(known: Known) -> dict[str, Any]:
    """Who owns land in 沈阳."""
    from duikou.greenchannel.services.rules import RuleDraft, rule_set
    from duikou.programme.models import BlockerKind, Region
    from duikou.programme.selectors import programme_at

    programme, unit = programme_at("northeast-east-2017"), known["people"]["unit"]
    assert programme is not None
    kind = BlockerKind.objects.get(programme=programme, code="finance")
    draft = RuleDraft(programme, Region.objects.get(adcode="210100"), kind, unit.organisation)
    return {"rule_id": rule_set(actor=known["people"]["shenyang_lead"].actor, draft=draft).pk}


SUBJECTS: dict[str, Subject] = {
    **{
        f"greenchannel:{page}": _request
        for page in (
            *("request", "contact", "accept", "note", "ask", "propose", "transfer"),
            *("answer", "agree", "reject", "withdraw"),
        )
    },
    "greenchannel:raise": _project,
    "greenchannel:rule": _rule,
    "greenchannel:rule-end": _rule,
}
