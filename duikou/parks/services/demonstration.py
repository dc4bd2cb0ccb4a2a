"""Parks to try the product with: pages of the demonstration records that are parks, and one with made-up companies."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.area import Area, parse_area
from duikou.kernel.clock import today
from duikou.kernel.errors import Conflict, Invalid
from duikou.kernel.money import Money
from duikou.parks.models import Park
from duikou.parks.rules.spans import Span
from duikou.parks.services.agreements import AgreementDraft, agreement_add
from duikou.parks.services.figures import FigureDraft, as_amounts, figure_save
from duikou.parks.services.parks import ParkDraft, park_open
from duikou.parks.services.residents import ResidentDraft, resident_add
from duikou.parks.services.review import figures_accept, figures_submit
from duikou.parks.services.splits import SplitDraft, split_accept, split_make, split_submit
from duikou.projects.models import Project

_AREA = re.compile(r"规划(约?[\d.]+(?:平方公里|亩|公顷))")
MARK = "（演示）"
COMPANIES = (
    ("甲智能装备", "second", 820),
    ("乙新材料", "second", 640),
    ("丙软件", "second", 310),
    ("丁食品", "first", 150),
)
"""Made-up companies, where they come from, and last year's tax in 万元."""


@transaction.atomic
def parks_demonstrate(*, actor: Actor) -> int:
    """A page for each demonstration record of a kind that carries one, with what its source says; once.

    One park gets companies and figures that are made up and marked so. Returns how many pages were made. Raises
    `Conflict` outside demonstration mode.
    """
    if not settings.DEMONSTRATION:
        raise Conflict(_("演示数据只能在演示模式下建立。"))
    if Park.objects.exists():
        return 0
    projects = Project.objects.filter(programme__code=settings.PROGRAMME, kind__park=True, merged_into=None)
    made = []
    for project in projects.select_related("pairing").order_by("id"):
        area = _area_said(project.source_note)
        draft = ParkDraft(
            mode="branch" if project.kind is not None and project.kind.code == "branch_park" else "joint",
            area=area,
            area_note=_("按来源所述换算") if area is not None else "",
            note=project.source_note[:2000],
        )
        made.append(park_open(actor=actor, project_id=project.pk, draft=draft, is_demonstration=True))
    chosen = next((park for park in made if park.project.pairing.code == "shenyang-beijing"), None)
    if chosen is not None:
        _fill(actor, chosen)
    return len(made)


def _area_said(note: str) -> Area | None:
    found = _AREA.search(note)
    try:
        return parse_area(found[1]) if found else None
    except Invalid:
        return None


def _fill(actor: Actor, park: Park) -> None:
    year = today().year - 1
    signed = agreement_add(
        actor=actor,
        park_id=park.pk,
        draft=AgreementDraft(
            kind="sharing",
            title="利益分享协议" + MARK,
            first_party="甲方" + MARK,
            second_party="乙方" + MARK,
            signed_on=dt.date(year - 3, 6, 1),
            first_weight=Decimal(5),
            second_weight=Decimal(5),
            terms="演示数据，不是真实协议：企业税收按5:5计入双方考核。",
        ),
    )
    for number, (name, origin, tax) in enumerate(COMPANIES):
        moved_in = dt.date(year - 3, 3 + number, 1)
        draft = ResidentDraft(
            name=f"{name}公司{MARK}",
            origin=origin,
            state="producing",
            moved_in_on=moved_in,
            land=Area(40 + 10 * number),
        )
        row = resident_add(actor=actor, park_id=park.pk, draft=draft)
        for back in (2, 1, 0):
            wan = Decimal(tax * (10 - 2 * back)) / 10
            values = {
                "investment": Money(wan * 80_000),
                "output": Money(wan * 150_000),
                "sales": Money(wan * 140_000),
                "tax": Money(wan * 10_000),
            }
            figures = FigureDraft(Span("year", year - back, 1), as_amounts(values), 60 + 25 * number, "演示数据")
            figure_save(actor=actor, resident_id=row.pk, draft=figures)
    for back in (2, 1, 0):
        span = Span("year", year - back, 1)
        figures_submit(actor=actor, park_id=park.pk, span=span)
        figures_accept(actor=actor, park_id=park.pk, span=span)
    shares = SplitDraft(signed.pk, year, "tax", Decimal(5), Decimal(5), note="演示数据")
    made = split_make(actor=actor, park_id=park.pk, draft=shares)
    made = split_submit(actor=actor, split_id=made.pk, revision=made.revision)
    split_accept(actor=actor, split_id=made.pk, revision=made.revision)
