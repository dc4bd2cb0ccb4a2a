"""What the addresses of this room speak of in the table of every address × role."""

from __future__ import annotations

from typing import Any

from tests.arguments import Known, Subject, once


@once
def _report(known: Known) -> dict[str, Any]:
    """A sent report of a project of 沈阳 and 北京."""
    from duikou.kernel.actor import Actor
    from duikou.programme.models import Pairing
    from duikou.progress.tests.conftest import make, month_ago, said, send

    pairing = Pairing.objects.select_related("programme", "first_region", "second_region").get(
        code="shenyang-beijing", programme__code="northeast-east-2017"
    )
    project = make(pairing, "地址表中有月报的项目")
    report = send(Actor.command("tests"), project, month_ago(1), said(5))
    return {"project_id": project.pk, "report_id": report.pk, "month": month_ago(0)}


def _of(*names: str, **given: str) -> Subject:
    return lambda known: {**{name: _report(known)[name] for name in names}, **given}


SUBJECTS: dict[str, Subject] = {
    "progress:write": _of("project_id", "month"),
    "progress:report": _of("report_id"),
    "progress:report-step": _of("report_id", verb="return"),
}
