"""What a plan must say before anybody signs it, and which tasks it serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duikou.plans.rules.content import EntryContent, PlanContent

SIX = ("goal", "scope", "tasks", "projects", "schedule", "safeguards")
DEMANDED_OF: Mapping[str, tuple[str, ...]] = {
    "phase": SIX,
    "special": SIX,
    "annual": ("goal", "tasks", "safeguards"),
    "summary": (),
}
"""Clause 4.2 names six parts of an implementation plan; a year's plan restates three of them."""
SKELETON_OF: Mapping[str, tuple[tuple[str, str], ...]] = {
    "summary": (
        ("goal", "年度目标完成情况"),
        ("tasks", "重点任务完成情况"),
        ("projects", "重大项目推进情况"),
        ("safeguards", "工作机制和保障措施落实情况"),
        ("other", "存在的困难和问题"),
        ("other", "下一年度工作打算"),
    ),
}
"""Headings that a new plan of the kind opens with beside those it must have; its writers may change any of them.

No instrument prescribes a summary's headings: these answer the parts of the year's plan one by one.
"""
COVERING = frozenset({"phase", "annual"})
"""Kinds that must say why a task of the instrument is not served; a special plan serves one field."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something missing: `kind` and `uid` name the place (plan, part, section, entry, clause), `code` what.

    `refuses`: nothing is signed while it stands; otherwise it is only pointed out.
    """

    code: str
    kind: str
    uid: str = ""
    place: str = ""
    refuses: bool = True
    detail: str = ""


def findings(content: PlanContent, tasks: Sequence[str], *, has_second: bool) -> list[Finding]:
    """Everything that is missing, plan first, then parts, tasks, entries in their order."""
    if content.kind == "summary":
        return []
    found = [*_parts(content), *_tasks(content, tasks)]
    if not content.entries:
        found.insert(0, Finding("no_entries", "plan"))
    for entry in content.entries:
        found += _entry(content, entry, has_second=has_second)
    return found


def served_by(content: PlanContent) -> dict[str, list[str]]:
    """Clause code → uids of the sections and entries that serve it."""
    served: dict[str, list[str]] = {}
    parts = [(section.uid, section.clauses) for section in content.sections]
    parts += [(entry.uid, entry.clauses) for entry in content.entries]
    for uid, clauses in parts:
        for clause in clauses:
            served.setdefault(clause.code, []).append(uid)
    return served


def _parts(content: PlanContent) -> list[Finding]:
    found = []
    filled = {entry.section for entry in content.entries}
    for part in DEMANDED_OF.get(content.kind, ()):
        sections = [section for section in content.sections if section.part == part]
        if not sections:
            found.append(Finding("part_missing", "part", part, part))
        elif not any(section.body or section.uid in filled or _below(content, section.uid) for section in sections):
            found.append(Finding("part_empty", "section", sections[0].uid, sections[0].heading))
    return found


def _below(content: PlanContent, uid: str) -> bool:
    """Whether anything is written below a heading: a subheading with text, or entries."""
    inside, level = False, 0
    for section in content.sections:
        if section.uid == uid:
            inside, level = True, section.level
        elif inside and section.level <= level:
            return False
        elif inside and (section.body or content.entries_of(section.uid)):
            return True
    return False


def _tasks(content: PlanContent, tasks: Sequence[str]) -> list[Finding]:
    if content.kind not in COVERING:
        return []
    served = served_by(content)
    reasons = dict(content.unserved)
    return [
        Finding("task_unserved", "clause", code, code)
        for code in tasks
        if code not in served and not reasons.get(code, "").strip()
    ]


def _entry(content: PlanContent, entry: EntryContent, *, has_second: bool) -> list[Finding]:
    codes: list[tuple[str, bool]] = []
    if not entry.clauses:
        codes.append(("no_clause", True))
    for side, units in (("first", entry.first_units), ("second", entry.second_units)):
        if side == "second" and not has_second:
            continue
        if not units:
            codes.append((f"no_unit_{side}", True))
        elif not any(unit.is_lead for unit in units):
            codes.append((f"no_lead_{side}", True))
    if entry.due_on is None:
        codes.append(("no_due", True))
    if not entry.target and entry.target_value is None:
        codes.append(("no_target", True))
    elif entry.target_value is not None and not (entry.indicator and entry.target_unit):
        codes.append(("target_no_indicator", True))
    elif entry.target_value is None and not entry.indicator:
        codes.append(("target_words_only", False))
    days = [day for day in (entry.starts_on, entry.due_on) if day is not None]
    if any(not content.starts_on <= day <= content.ends_on for day in days):
        codes.append(("outside_period", True))
    return [Finding(code, "entry", entry.uid, entry.title, refuses) for code, refuses in codes]
