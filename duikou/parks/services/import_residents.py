"""A table of companies coming into a park: what becomes of each row, and the writing of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from duikou.intake.services.kinds import Accepted, Fate, Incoming, Judged, Options, Problem, Severity, Source
from duikou.kernel.actor import Actor
from duikou.kernel.area import Area
from duikou.kernel.errors import Invalid
from duikou.kernel.text import near_key
from duikou.parks import policies
from duikou.parks.models import OfficialFigure, Park, Resident
from duikou.parks.selectors.scope import park_visible, parks_full
from duikou.parks.services.cells import industry_named
from duikou.parks.services.residents import ResidentDraft, meet, resident_add, resident_checked, resident_save
from duikou.programme.models import Industry

DAYS = ("moved_in_on", "produced_on", "moved_out_on")


def park_of(actor: Actor, options: Options) -> Park:
    """The park that the rows go into; raises `Invalid`, `NotFound` or `Forbidden`."""
    number = options.get("park", "")
    if not number.isdecimal():
        raise Invalid(_("请选择写入哪个园区。"))
    park = park_visible(actor=actor, park_id=int(number))
    policies.enter(actor, park).or_raise()
    return park


def parks_enterable(*, actor: Actor) -> list[Park]:
    """Parks whose companies and figures the actor may enter, by name."""
    related = ("project__first_region", "project__second_region")
    rows = parks_full(actor=actor).select_related(*related).order_by("project__near_key", "id")
    return [park for park in rows if policies.enter(actor, park)]


def data_stamp(options: Options) -> str:
    """What changes whenever a company or a figure of the park does."""
    number = options.get("park", "")
    park = int(number) if number.isdecimal() else 0
    seen = [
        model._default_manager.filter(park=park).aggregate(n=Count("pk"), top=Max("pk"), at=Max("changed_at"))
        for model in (Resident, OfficialFigure)
    ]
    return "parks-1:" + ":".join(f"{one['n']}/{one['top']}/{one['at']}" for one in seen)


class ResidentJudge:
    """Judges rows against the companies that are there and those earlier in the file."""

    def __init__(self, actor: Actor, options: Options) -> None:
        self.park = park_of(actor, options)
        self.known = list(Resident.objects.filter(park=self.park).order_by("id"))
        self.industries: dict[str, Industry | str] = {}
        self.seen: dict[str, tuple[str, int, ResidentDraft]] = {}

    def __call__(self, batch: Sequence[Incoming]) -> list[Judged]:
        """One verdict per row; a query for each industry named for the first time."""
        return [self._judged(row) for row in batch]

    def _judged(self, row: Incoming) -> Judged:
        label = row.values.get("name") or ""
        problems: list[Problem] = []
        given = {key: value for key, value in row.values.items() if value not in (None, "")}
        if "industry" in given:
            found = self._industry(given["industry"])
            if isinstance(found, str):
                problems.append(Problem("industry", "industry", found))
            given["industry"] = None if isinstance(found, str) else found.pk
        try:
            draft = resident_checked(as_draft(given))
        except Invalid as bad:
            problems += [Problem(name, name or "row", text) for name, texts in bad.fields.items() for text in texts]
            return Judged(Fate.ERROR, label, None, problems)
        here = self._here(draft)
        if here is None and (gone := self._overlapping(draft)) is not None:
            values = {"name": gone.name, "state": gone.state_label}
            said = _("这家企业已在本园区登记（%(name)s，%(state)s），请修改那一条。") % values
            return Judged(Fate.ERROR, label, None, [*problems, Problem("name", "overlap", said)])
        twice = self._twice(row, draft)
        if twice is not None:
            return Judged(Fate.ERROR if twice.severity is Severity.ERROR else Fate.SAME, label, None, [twice])
        if problems:
            return Judged(Fate.ERROR, label, None, problems)
        if here is None:
            return Judged(Fate.NEW, label, {"given": given})
        after = merged(here, given)
        if after == _draft_of(here):
            return Judged(Fate.SAME, label, None)
        try:
            resident_checked(after)
        except Invalid as bad:
            found_bad = [Problem(name, name, text) for name, texts in bad.fields.items() for text in texts]
            return Judged(Fate.ERROR, label, None, found_bad)
        return Judged(Fate.UPDATE, label, {"id": here.pk, "given": given})

    def _industry(self, text: str) -> Industry | str:
        if text not in self.industries:
            try:
                self.industries[text] = industry_named(text)
            except Invalid as bad:
                self.industries[text] = bad.message
        return self.industries[text]

    def _same(self, draft: ResidentDraft) -> list[Resident]:
        key = near_key(draft.name)[:120]
        if not draft.uscc:
            return [row for row in self.known if row.near_key == key]
        return [row for row in self.known if row.uscc == draft.uscc or (row.near_key == key and not row.uscc)]

    def _here(self, draft: ResidentDraft) -> Resident | None:
        """The stay that the row speaks of: the one with the same arrival, else the one that has not ended, else, for
        a row that does not say when it came, the last one."""
        same = self._same(draft)
        by_day = [row for row in same if draft.moved_in_on is not None and row.moved_in_on == draft.moved_in_on]
        current = [row for row in same if row.moved_out_on is None and meet(draft, row)]
        ended = [row for row in same if draft.moved_out_on is not None and row.moved_out_on == draft.moved_out_on]
        return next(iter([*by_day, *current, *ended]), None)

    def _overlapping(self, draft: ResidentDraft) -> Resident | None:
        return next((row for row in self._same(draft) if meet(draft, row)), None)

    def _twice(self, row: Incoming, draft: ResidentDraft) -> Problem | None:
        keys = [f"{draft.uscc or near_key(draft.name)}:{draft.moved_in_on or ''}"]
        before = self.seen.setdefault(keys[0], (row.sheet, row.row, draft))
        if before[:2] == (row.sheet, row.row):
            return None
        words = {"sheet": before[0], "row": before[1]}
        if before[2] == draft:
            said = _("与本文件“%(sheet)s”第 %(row)s 行相同，只登记一次。") % words
            return Problem("", "twice", said, Severity.NOTE)
        said = _("与本文件“%(sheet)s”第 %(row)s 行是同一家企业而内容不同，请合并后重新上传。") % words
        return Problem("name", "twice", said)


class ResidentWriter:
    """Writes accepted rows through the services of companies, inside the import's transaction."""

    def __init__(self, actor: Actor, options: Options, source: Source) -> None:
        self.actor, self.source = actor, source
        self.park = park_of(actor, options)
        self.counts: Counter[str] = Counter()

    def terms(self) -> None:
        """Nothing is prepared for it."""

    def __call__(self, batch: Sequence[Accepted]) -> None:
        """New companies and changed ones."""
        for row in batch:
            if row.fate is Fate.NEW:
                resident_add(actor=self.actor, park_id=self.park.pk, draft=as_draft(row.payload["given"]))
                self.counts["added"] += 1
            elif row.fate is Fate.UPDATE:
                here = Resident.objects.get(pk=row.payload["id"])
                resident_save(
                    actor=self.actor,
                    resident_id=here.pk,
                    revision=here.revision,
                    draft=merged(here, row.payload["given"]),
                    reason=_("按导入的表格“%(name)s”更新。") % {"name": self.source.file_name[:100]},
                )
                self.counts["changed"] += 1

    def finish(self) -> dict[str, int]:
        """How many came, how many changed."""
        labels = {"added": _("新增企业"), "changed": _("修改企业")}
        return {labels[name]: number for name, number in self.counts.items()}


def as_draft(given: Mapping[str, Any]) -> ResidentDraft:
    """A row's plain values as a draft."""
    return _with(ResidentDraft(), given)


def merged(here: Resident, given: Mapping[str, Any]) -> ResidentDraft:
    """What is known of a stay with what a row states."""
    return _with(_draft_of(here), given)


def _with(draft: ResidentDraft, given: Mapping[str, Any]) -> ResidentDraft:
    values = {key: given[key] for key in ("name", "uscc", "state", "origin", "out_reason") if key in given}
    values |= {key: dt.date.fromisoformat(given[key]) for key in DAYS if key in given}
    if "land" in given:
        values["land"] = Area.from_hundredths(given["land"])
    if given.get("industry") is not None:
        values["industry_id"] = given["industry"]
    if "state" not in given and "moved_out_on" in given:
        values["state"] = "left"
    if values.get("uscc"):
        values["uscc"] = values["uscc"].upper()
    return replace(draft, **values)


def _draft_of(row: Resident) -> ResidentDraft:
    return ResidentDraft(**{name: getattr(row, name) for name in ResidentDraft.__dataclass_fields__})
