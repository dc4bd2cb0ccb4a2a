"""What a version still lacks, and which of the instrument's tasks it serves."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from duikou.plans.models import PlanVersion
from duikou.plans.rules.completeness import COVERING, Finding, findings, served_by
from duikou.plans.rules.content import PlanContent
from duikou.plans.selectors.content import content_of
from duikou.plans.states import Part
from duikou.programme.models import Clause, Pairing, Programme

_t = gettext_lazy
_WORDS: dict[str, Promise] = {
    "no_entries": _t("计划中还没有任何事项"),
    "part_missing": _t("缺少“%(place)s”部分"),
    "part_empty": _t("“%(place)s”还没有内容"),
    "task_unserved": _t("任务%(place)s没有事项或章节对应，也没有说明理由"),
    "no_clause": _t("“%(place)s”没有对应条款"),
    "no_unit_first": _t("“%(place)s”没有%(side)s的责任单位"),
    "no_unit_second": _t("“%(place)s”没有%(side)s的责任单位"),
    "no_lead_first": _t("“%(place)s”没有%(side)s的牵头单位"),
    "no_lead_second": _t("“%(place)s”没有%(side)s的牵头单位"),
    "no_due": _t("“%(place)s”没有完成期限"),
    "no_target": _t("“%(place)s”没有目标"),
    "target_no_indicator": _t("“%(place)s”的目标值没有指标或单位"),
    "target_words_only": _t("“%(place)s”的目标没有对应指标"),
    "outside_period": _t("“%(place)s”的日期在计划期之外"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding with the sentence for the person who mends it."""

    finding: Finding
    words: str

    @property
    def severity(self) -> str:
        """error: refuses signing; warning: pointed out."""
        return "error" if self.finding.refuses else "warning"

    @property
    def anchor(self) -> str:
        """Where on the plan's page it is mended."""
        if self.finding.kind in {"section", "entry"}:
            return f"{self.finding.kind}-{self.finding.uid}"
        return {"clause": "coverage", "part": "sections"}.get(self.finding.kind, "entries")


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is missing; `ready` says whether it may be signed."""

    said: tuple[Said, ...]

    @property
    def errors(self) -> tuple[Said, ...]:
        """What refuses signing."""
        return tuple(one for one in self.said if one.finding.refuses)

    @property
    def warnings(self) -> tuple[Said, ...]:
        """What is only pointed out."""
        return tuple(one for one in self.said if not one.finding.refuses)

    @property
    def listed(self) -> tuple[Said, ...]:
        """What a page lists one by one: tasks that are not served stand together in the coverage below it."""
        return tuple(one for one in self.said if one.finding.kind != "clause")

    @property
    def unserved(self) -> int:
        """How many tasks are neither served nor explained."""
        return len(self.said) - len(self.listed)

    @property
    def ready(self) -> bool:
        """Whether nothing refuses signing."""
        return not self.errors

    def of(self, uid: str) -> tuple[Said, ...]:
        """What is said of one section or entry."""
        return tuple(one for one in self.said if one.finding.uid == uid)


@dataclass(frozen=True, slots=True)
class TaskCoverage:
    """One task of the instrument: what serves it, or why nothing does."""

    clause: Clause
    uids: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The instrument's tasks in order."""

    tasks: tuple[TaskCoverage, ...]

    @property
    def served(self) -> int:
        """How many are served."""
        return sum(1 for task in self.tasks if task.uids)

    @property
    def open(self) -> tuple[TaskCoverage, ...]:
        """Neither served nor explained."""
        return tuple(task for task in self.tasks if not task.uids and not task.reason)


def tasks_of(programme: Programme) -> list[Clause]:
    """The instrument's tasks in force, in order (one query)."""
    return list(Clause.objects.filter(programme=programme, is_task=True, retired_in=None).order_by("order"))


def completeness(
    version: PlanVersion, content: PlanContent | None = None, tasks: list[Clause] | None = None
) -> Completeness:
    """What `version` lacks; give `content` and `tasks` where they are at hand (no query then)."""
    content = content or content_of(version)
    tasks = tasks_of(version.plan.programme) if tasks is None else tasks
    pairing = version.plan.pairing
    found = findings(content, [task.code for task in tasks], has_second=pairing.second_region_id is not None)
    names = {task.code: str(task) for task in tasks}
    return Completeness(tuple(Said(finding, _said(finding, pairing, names)) for finding in found))


def coverage(version: PlanVersion, content: PlanContent | None = None, tasks: list[Clause] | None = None) -> Coverage:
    """Which tasks `version` serves and why not the others; None to tell for a plan of one field or a summary."""
    content = content or content_of(version)
    if content.kind not in COVERING:
        return Coverage(())
    served, reasons = served_by(content), dict(content.unserved)
    tasks = tasks_of(version.plan.programme) if tasks is None else tasks
    return Coverage(
        tuple(TaskCoverage(task, tuple(served.get(task.code, ())), reasons.get(task.code, "")) for task in tasks)
    )


def _said(finding: Finding, pairing: Pairing, names: dict[str, str]) -> str:
    place = finding.place
    if finding.kind == "part":
        place = str(Part(place).label)
    elif finding.kind == "clause":
        place = names.get(place, place)
    side = pairing.first_region.label if finding.code.endswith("_first") else pairing.second_label
    return str(_WORDS[finding.code]) % {"place": place, "side": side}
