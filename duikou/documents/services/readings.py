"""A plan in Word on its way in: kept aside, shown as it was understood, written as a draft once a person says so."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.documents import policies
from duikou.documents.models import Reading
from duikou.documents.rules.reading import Item, Outline, lines_of, outline_of
from duikou.documents.selectors import reading_visible
from duikou.documents.services.readings_folder import path_of
from duikou.documents.services.word_read import word_read
from duikou.documents.states import ItemKind, ReadingState
from duikou.intake.services.mapping import guesses
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, DomainError, Invalid
from duikou.plans import policies as plans_policies
from duikou.plans.models import Part, PlanEntry, PlanSection, PlanVersion
from duikou.plans.selectors import version_visible
from duikou.plans.services.entries import EntryDraft, entry_add
from duikou.plans.services.entry_import import linked, organisations_known
from duikou.plans.services.entry_reading import EntryReader, Said
from duikou.plans.services.entry_table import read_columns
from duikou.plans.services.plans import PlanDraft, plan_create
from duikou.plans.services.sections import SectionDraft, section_add, section_remove
from duikou.plans.services.units import SideNames
from duikou.programme.models import Pairing
from duikou.records.services.audit import record
from duikou.records.services.evidence import evidence_add

MOST_ITEMS = 1_000
DEEPEST = 3
"""Levels of sections; what stands deeper becomes text below the section."""
_PARTS = (
    (Part.GOAL, "目标"),
    (Part.SAFEGUARDS, "保障|组织实施|工作机制|组织领导|督促"),
    (Part.SCHEDULE, "时序|进度|实施步骤|阶段安排"),
    (Part.PROJECTS, "重大项目|重点项目"),
    (Part.SCOPE, "范围|领域"),
    (Part.TASKS, "任务|重点工作|合作内容|主要内容"),
)
_FIGURE = re.compile(r"(.*?)（([^（）]+?) ([+-]?[\d,.]+)([^\d（）]*)）")
WORDS = {
    "contents": lambda: _("目录"),
    "number": lambda: _("发文字号"),
    "head": lambda: _("红头"),
    "addressee": lambda: _("主送机关"),
    "annex": lambda: _("附件说明或附件标题"),
    "signers": lambda: _("落款"),
    "date": lambda: _("成文日期"),
    "double": lambda: _("表格中与正文相同的事项，已并入正文的事项"),
}
"""What is left out of a plan's text, in words."""


@dataclass(slots=True)
class Shown:
    """One item as it was understood: what it becomes, its part and clauses as suggested, what its words say."""

    item: Item
    kind: str
    part: str = Part.OTHER.value
    clauses: str = ""
    maybe: tuple[str, ...] = ()
    said: Said | None = None
    faults: list[str] = field(default_factory=list)
    text: str = ""


@dataclass(slots=True)
class Understood:
    """The whole file as it was understood."""

    title: str
    items: list[Shown]
    left_out: list[str]

    def count(self, kind: str) -> int:
        """How many items become this."""
        return sum(1 for one in self.items if one.kind == kind)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decides for an item; texts of clauses as written."""

    kind: str
    part: str = Part.OTHER.value
    clauses: str = ""


def names_of_pairing(pairing: Pairing) -> SideNames:
    """How the two sides are called in Chinese."""
    return SideNames(pairing.first_region.name, pairing.second_region.name if pairing.second_region else "")


def reading_start(*, actor: Actor, name: str, data: bytes, pairing: Pairing, version_id: int | None = None) -> Reading:
    """Take a file in, for a new plan of `pairing` or for an empty draft of it; nothing of a plan is written yet.

    Raises `Invalid` when the file cannot be read as a plan (nothing is kept then).
    """
    policies.read_in(actor).or_raise()
    plans_policies.create(actor, pairing).or_raise()
    version = None
    if version_id is not None:
        version = version_visible(actor=actor, version_id=version_id)
        plans_policies.write(actor, version).or_raise()
        refuse_filled(version)
    understood(data, pairing, None)
    moment = now()
    reading = Reading(
        name=Path(name.replace("\\", "/")).name[-200:] or "plan.docx",
        digest=hashlib.sha256(data).hexdigest(),
        size=len(data),
        pairing=pairing,
        version=version,
        organisation_id=actor.organisation_id,
        brought_by=actor.name[:150],
        created_at=moment,
    )
    path_of(reading).write_bytes(data)
    with transaction.atomic():
        reading.save()
        after = {"file": reading.name, "digest": reading.digest, "size": reading.size}
        record(actor=actor, action="documents.reading.uploaded", subject=reading, after=after)
    return reading


def reading_drop(*, actor: Actor, uid: uuid.UUID) -> None:
    """Give a file up that was not written."""
    with transaction.atomic():
        reading = _held(actor, uid)
        reading.state = ReadingState.DROPPED.value
        reading.save(update_fields=["state"])
        record(actor=actor, action="documents.reading.dropped", subject=reading)
    path_of(reading).unlink(missing_ok=True)


@transaction.atomic
def reading_commit(
    *, actor: Actor, uid: uuid.UUID, choices: Mapping[int, Choice], draft: PlanDraft | None = None
) -> PlanVersion:
    """Write what was understood, as a person settled it, into a new plan (`draft`) or the empty draft: all or nothing.

    Raises `Invalid` naming the item, `Conflict` when it was written or the draft is no longer empty.
    """
    reading = _held(actor, uid)
    data = path_of(reading).read_bytes()
    if reading.version is not None:
        version = version_visible(actor=actor, version_id=reading.version_id or 0)
        plans_policies.write(actor, version).or_raise()
        refuse_filled(version)
        for section in PlanSection.objects.filter(version=version).order_by("order"):
            section_remove(actor=actor, version_id=version.pk, uid=section.uid, revision=section.revision)
    elif draft is not None:
        version = plan_create(actor=actor, draft=draft, with_parts=False)
    else:
        raise Invalid(_("请选择写入哪个计划。"))
    found = understood(data, reading.pairing, version.plan.year)
    _Writing(actor, version, reading.pairing).write(_groups(found.items, choices))
    file: Any = ContentFile(data, name=reading.name)
    evidence_add(actor=actor, subject=reading, file=file, note=_("计划的原文件"))
    reading.state, reading.version, reading.done_at = ReadingState.DONE.value, version, now()
    reading.save(update_fields=["state", "version", "done_at"])
    after = {"file": reading.name, "digest": reading.digest, "plan": version.plan.title}
    record(actor=actor, action="documents.reading.committed", subject=reading, after=after)
    transaction.on_commit(lambda: path_of(reading).unlink(missing_ok=True))
    return version


def refuse_filled(version: PlanVersion) -> None:
    """Raise `Conflict` unless the draft is empty: nothing that somebody wrote is put aside."""
    filled = PlanSection.objects.filter(version=version).exclude(body="").exists()
    if filled or PlanEntry.objects.filter(version=version).exists():
        raise Conflict(_("这一版草案已有内容；请新建计划，或选择一份空的草案。"))


def read_again(reading: Reading) -> Understood:
    """What the kept file says; raises `Conflict` when it is gone."""
    try:
        data = path_of(reading).read_bytes()
    except FileNotFoundError:
        raise Conflict(_("上传的文件已不在，请重新上传。")) from None
    return understood(data, reading.pairing, reading.version.plan.year if reading.version else None)


def understood(data: bytes, pairing: Pairing, year: int | None) -> Understood:
    """The file as headings and promises, with parts and clauses suggested; raises `Invalid`."""
    names = names_of_pairing(pairing)
    columns = read_columns(names)

    def table(headers: Sequence[str]) -> Mapping[int, str] | None:
        found = {one.column: one.key for one in guesses(columns, headers, ()) if one.key}
        keys = set(found.values())
        listed = {"units", "first_units", "second_units", "first_lead", "second_lead", "due_on"}
        return found if "title" in keys and keys & listed else None

    text = word_read(data)
    outline: Outline = outline_of(text.parts, names, table)
    if all(not item.place for item in outline.items):
        raise Invalid(_("没有认出标题：请用“一、”“（一）”“1.”编号，或使用 Word 的标题样式。"))
    if len(outline.items) > MOST_ITEMS:
        raise Invalid(_("认出的标题和事项超过 %(limit)d 个，请分成几份上传。") % {"limit": MOST_ITEMS})
    reader = EntryReader(pairing.programme, names, year, {})
    left_out = [
        _("%(what)s：“%(words)s”") % {"what": WORDS[what](), "words": words} for what, words in outline.left_out
    ]
    items = list(_shown(outline.items, reader))
    return Understood(outline.title, items, [*left_out, *text.left_out])


def _shown(items: Sequence[Item], reader: EntryReader) -> Iterator[Shown]:
    above: list[tuple[int, str]] = []
    for item in items:
        maybe = reader.candidates(item.title)
        own = maybe[0] if len(maybe) == 1 else ""
        while above and above[-1][0] >= item.level:
            above.pop()
        if item.is_entry:
            one = Shown(item, ItemKind.ENTRY.value, clauses=own or (above[-1][1] if above else ""), maybe=maybe)
            one.said, one.faults = said_of(item, reader, "")
        else:
            kind = ItemKind.SECTION if item.level <= DEEPEST else ItemKind.TEXT
            part = next((part.value for part, words in _PARTS if re.search(words, item.title)), Part.OTHER.value)
            one = Shown(item, kind.value, part if item.level == 1 else Part.OTHER.value, own, maybe)
            above.append((item.level, own or (above[-1][1] if above else "")))
        one.text = "\n".join(lines_of(item.html))
        yield one


def said_of(item: Item, reader: EntryReader, clauses: str) -> tuple[Said, list[str]]:
    """What the words of an item say of a promise, and what could not be read, which stays in its measure."""
    facts = dict(item.facts)
    if clauses.strip():
        facts["clauses"] = clauses
    if (figure := _FIGURE.fullmatch(facts.get("target", ""))) and reader.indicator(figure[2]):
        facts |= dict(zip(("target", "indicator", "target_value", "target_unit"), figure.groups(), strict=True))
    if facts.get("due_on", "").endswith("起"):
        facts["starts_on"] = facts.pop("due_on").removesuffix("起")
    values: dict[str, Any] = {"title": item.title}
    faults: dict[str, str] = {}
    for column in read_columns(reader.names):
        if text := facts.get(column.key):
            try:
                values[column.key] = column.parse(text)
            except (ValueError, DomainError) as error:
                faults[column.key] = str(error)
    said = reader.read(values)
    faults |= {problem.key: problem.reason for problem in said.problems if problem.key in facts}
    lost = [f"{column.label}：{facts[column.key]}" for column in read_columns(reader.names) if column.key in faults]
    measure = "\n".join([*lines_of(item.html), *lost])
    said.draft = dataclasses.replace(said.draft, measure=measure)
    return said, [*dict.fromkeys([*faults.values(), *(problem.reason for problem in said.problems)])]


@dataclass(slots=True)
class _Group:
    """A section as it will be written, with the promises below it; without a head, what stands before all sections."""

    head: tuple[Item, Choice] | None = None
    body: list[str] = field(default_factory=list)
    entries: list[tuple[Item, Choice]] = field(default_factory=list)


def _groups(items: Sequence[Shown], choices: Mapping[int, Choice]) -> list[_Group]:
    """Items by section; what a person makes text stands below the section before it."""
    found = [_Group()]
    for at, one in enumerate(items):
        choice = choices.get(at) or Choice(one.kind, one.part, one.clauses)
        if choice.kind == ItemKind.SECTION:
            found.append(_Group((one.item, choice), [*one.item.body, *_facts_as_text(one.item)]))
        elif choice.kind == ItemKind.ENTRY:
            found[-1].entries.append((one.item, choice))
        elif choice.kind == ItemKind.TEXT:
            title = escape(f"{one.item.number}{one.item.title}", quote=False)
            found[-1].body += [f"<h4>{title}</h4>", *one.item.body, *_facts_as_text(one.item)]
    if found[0].body:
        foreword = Item(0, 1, "", "前言")
        found[0].head = (foreword, Choice(ItemKind.SECTION.value))
    return found


def _facts_as_text(item: Item) -> list[str]:
    """What a promise names, as lines of text, where it is made a section."""
    return [f"<p>{escape(words, quote=False)}</p>" for words in item.facts.values()]


class _Writing:
    """Writes items in order through the services of plans."""

    def __init__(self, actor: Actor, version: PlanVersion, pairing: Pairing) -> None:
        self.actor, self.version = actor, version
        self.reader = EntryReader(pairing.programme, names_of_pairing(pairing), version.plan.year, {})

    def write(self, groups: Sequence[_Group]) -> None:
        """All sections, each followed by its promises; one query for the organisations they name."""
        drafts = {
            id(item): said_of(item, self.reader, "")[0].draft for group in groups for item, _choice in group.entries
        }
        names = {unit.name for draft in drafts.values() for unit in draft.units}
        known = organisations_known(self.actor, names)
        for group in groups:
            section = self._section(*group.head, "".join(group.body)) if group.head else None
            for item, choice in group.entries:
                self._entry(item, choice, linked(drafts[id(item)], known), section)

    def _section(self, item: Item, choice: Choice, body: str) -> uuid.UUID:
        with _named(item):
            level = min(max(item.level, 1), DEEPEST)
            draft = SectionDraft(item.title, body, choice.part, level, self._clauses(choice))
            return section_add(actor=self.actor, version_id=self.version.pk, draft=draft).uid

    def _entry(self, item: Item, choice: Choice, draft: EntryDraft, section: uuid.UUID | None) -> None:
        with _named(item):
            draft = dataclasses.replace(draft, section=section, clauses=self._clauses(choice))
            entry_add(actor=self.actor, version_id=self.version.pk, draft=draft)

    def _clauses(self, choice: Choice) -> tuple[str, ...]:
        if not choice.clauses.strip():
            return ()
        codes, why = self.reader.clauses(choice.clauses)
        if why:
            raise Invalid(why)
        return codes


@contextmanager
def _named(item: Item) -> Iterator[None]:
    """Say at which item something was refused."""
    try:
        yield
    except Invalid as bad:
        raise Invalid(_("“%(title)s”：%(reason)s") % {"title": item.title[:60], "reason": bad.message}) from None


def _held(actor: Actor, uid: uuid.UUID) -> Reading:
    reading = reading_visible(actor=actor, uid=uid, lock=True)
    policies.work_on(actor, reading).or_raise()
    if reading.state != ReadingState.OPEN:
        raise Conflict(_("这份文件已经写入计划，或已放弃。"))
    return reading
