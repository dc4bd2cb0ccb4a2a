"""A made-up kind of thing that goes through routes; the product has none like it."""

from __future__ import annotations

from dataclasses import dataclass, field

from duikou.flow.models import Subject
from duikou.kernel.actor import NATIONWIDE, OFFICE, Role
from duikou.kernel.errors import Conflict
from duikou.records.services.audit import SubjectRef

KIND = "test.paper"


def step(code, party="first", role="office_lead", act="sign", **more):
    """One step of a definition."""
    return {"code": code, "title": code, "title_en": code, "party": party, "role": role, "act": act, **more}


def definition(*stages, **more):
    """A definition from lists of steps."""
    named = [
        {"code": f"stage{at}", "title": f"阶段{at}", "title_en": "S", "steps": list(s)} for at, s in enumerate(stages)
    ]
    return {"stages": named, "withdrawable": True, "return_to": ["author"], **more}


@dataclass
class Papers:
    """What happened to papers, as their room was told."""

    content: dict[str, str] = field(default_factory=dict)
    told: list[tuple[str, ...]] = field(default_factory=list)
    refuse: str = ""

    def subject(self) -> Subject:
        """The registration."""
        return Subject(
            kind=KIND,
            label="文件",
            may_see=self.may_see,
            url=lambda subject_id: f"/inbox/?paper={subject_id}",
            on_start=lambda *, actor, run: self.tell("start"),
            on_stage=self.stage,
            on_return=lambda *, actor, run, step, reason: self.tell("return", step.returned_to, reason),
            on_withdraw=lambda *, actor, run, reason: self.tell("withdraw", reason),
            on_finish=lambda *, actor, run: self.tell("finish"),
            digest=lambda subject_id: self.content.get(subject_id, "d0"),
        )

    def may_see(self, *, actor, subject_id):
        """Offices of the two sides, the nation, units; not other offices."""
        if actor.role in OFFICE:
            return actor.region_path.startswith(("210000/210100/", "110000/"))
        return actor.role in NATIONWIDE or actor.role is Role.UNIT

    def stage(self, *, actor, run, stage_code):
        """A stage is complete; what was answered until then."""
        self.tell("stage", stage_code)
        if given := run.given():
            said = (f"{code}={value}" if isinstance(value, int) else code for code, value in sorted(given.items()))
            self.tell("given", *said)

    def tell(self, *what: str) -> None:
        """Note it, or refuse it."""
        if self.refuse in what:
            raise Conflict("文件的主人不同意")
        self.told.append(what)


def ref(number="1"):
    """One paper."""
    return SubjectRef(KIND, str(number), "合作协议")
