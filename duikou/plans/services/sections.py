"""Writing the text of a plan, heading by heading."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid, NotFound
from duikou.kernel.facts import announce
from duikou.kernel.rich_text import safe_html
from duikou.kernel.text import clean_name, has_word
from duikou.plans import policies
from duikou.plans.models import PlanEntry, PlanSection, PlanVersion
from duikou.plans.services.places import free_place
from duikou.plans.services.revisions import refuse_stale, revision_write, revisions_of, version_hold
from duikou.plans.states import Part
from duikou.programme.models import Clause

LONGEST_BODY = 200_000
RELATED = (
    "version__plan__programme",
    "version__plan__pairing__first_region",
    "version__plan__pairing__second_region",
)


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """What a writer wants a section to be; clauses by their codes."""

    heading: str
    body: str = ""
    part: str = Part.OTHER.value
    level: int = 1
    clauses: tuple[str, ...] = ()

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> SectionDraft:
        """From kept content, to change a field of it with `dataclasses.replace`."""
        return cls(content["heading"], content["body"], content["part"], content["level"], tuple(content["clauses"]))


@transaction.atomic
def section_add(
    *,
    actor: Actor,
    version_id: int,
    draft: SectionDraft,
    after: uuid.UUID | None = None,
    uid: uuid.UUID | None = None,
) -> PlanSection:
    """Add a heading behind the section `after` (None: at the end); raises `Invalid` by field.

    `uid` brings a removed section back: its revisions count on.
    """
    draft = checked(draft)
    version_hold(version_id)
    version = _version(version_id)
    policies.write(actor, version).or_raise()
    clauses = _clauses(version, draft.clauses)
    section = PlanSection(
        uid=uid or uuid.uuid4(),
        version=version,
        part=draft.part,
        order=free_place(PlanSection, version, after=after, at_end=after is None),
        level=draft.level,
        heading=draft.heading,
        body=draft.body,
        revision=1 if uid is None else revisions_of(version_id, uid) + 1,
        changed_at=now(),
        changed_by=actor.name[:150],
    )
    section.save(force_insert=True)
    section.clauses.set(clauses)
    _kept(actor, section, "added", None, draft)
    return section


@transaction.atomic
def section_save(
    *, actor: Actor, version_id: int, uid: uuid.UUID, revision: int, draft: SectionDraft, proposed_by: str = ""
) -> PlanSection:
    """Write a section as `draft` says; `revision` is what the writer had seen, `proposed_by` whose wording it takes.

    Raises `Stale` with the present content, `Conflict` when the version is closed, `Invalid` by field. The same
    content again changes nothing.
    """
    draft = checked(draft)
    version_hold(version_id)
    section = section_of(version_id, uid)
    policies.write(actor, section.version).or_raise()
    before = section_content(section)
    refuse_stale(section, revision, before)
    after = _content(section, draft)
    if after == before:
        _let_go(section.version)
        return section
    section.part, section.level = draft.part, draft.level
    section.heading, section.body = draft.heading, draft.body
    if after["clauses"] != before["clauses"]:
        section.clauses.set(_clauses(section.version, draft.clauses))
    _touched(actor, section)
    _kept(actor, section, "saved", before, draft, proposed_by)
    return section


@transaction.atomic
def section_move(
    *, actor: Actor, version_id: int, uid: uuid.UUID, revision: int, after: uuid.UUID | None
) -> PlanSection:
    """Put a section behind another (None: first of all)."""
    version_hold(version_id)
    section = section_of(version_id, uid)
    policies.write(actor, section.version).or_raise()
    before = section_content(section)
    refuse_stale(section, revision, before)
    if after == uid:
        raise Conflict(_("不能移到它自己之后。"))
    section.order = free_place(PlanSection, section.version, after=after, but=section.pk)
    _touched(actor, section)
    _kept(actor, section, "moved", before, SectionDraft.of(before))
    return section


@transaction.atomic
def section_remove(*, actor: Actor, version_id: int, uid: uuid.UUID, revision: int) -> None:
    """Take a section out; raises `Conflict` while entries stand below it. Its words stay among the revisions."""
    version_hold(version_id)
    section = section_of(version_id, uid)
    policies.write(actor, section.version).or_raise()
    before = section_content(section)
    refuse_stale(section, revision, before)
    inside = PlanEntry.objects.filter(section=section).count()
    if inside:
        raise Conflict(_("这一节下还有%(count)d个事项，请先把它们移到别的章节。") % {"count": inside})
    section.delete()
    revision_write(
        actor=actor,
        version=section.version,
        subject="section",
        uid=uid,
        verb="removed",
        before=before,
        after=None,
        label=section.heading,
    )
    announce("plans.version.changed", version_id=version_id, uid=str(uid))


def checked(draft: SectionDraft) -> SectionDraft:
    """The draft as it is stored: names on one line, the body safe; raises `Invalid` by field."""
    heading = clean_name(draft.heading)
    faults: dict[str, list[object]] = {}
    if not has_word(heading):
        faults["heading"] = [_("请填写标题。")]
    elif len(heading) > 200:
        faults["heading"] = [_("最多%(limit)s个字。") % {"limit": 200}]
    if draft.part not in Part.values:
        faults["part"] = [_("没有这一项。")]
    if draft.level not in {1, 2, 3}:
        faults["level"] = [_("层级为1到3。")]
    if len(draft.body) > LONGEST_BODY:
        faults["body"] = [_("正文太长，最多%(limit)s个字符；请分成几节。") % {"limit": f"{LONGEST_BODY:,}"}]
    if faults:
        raise Invalid(fields=faults)
    return replace(draft, heading=heading, body=safe_html(draft.body), clauses=tuple(sorted(set(draft.clauses))))


def section_of(version_id: int, uid: uuid.UUID) -> PlanSection:
    """The row with what policies look at; raises `NotFound` (a removed section too)."""
    found = PlanSection.objects.select_related(*RELATED).filter(version_id=version_id, uid=uid).first()
    if found is None:
        raise NotFound
    return found


def section_content(section: PlanSection) -> dict[str, Any]:
    """The whole content as revisions keep it (one query for the clauses)."""
    codes = tuple(sorted(section.clauses.order_by().values_list("code", flat=True)))
    draft = SectionDraft(section.heading, section.body, section.part, section.level, codes)
    return _content(section, draft)


def _content(section: PlanSection, draft: SectionDraft) -> dict[str, Any]:
    return {
        "uid": str(section.uid),
        "order": section.order,
        "part": draft.part,
        "level": draft.level,
        "heading": draft.heading,
        "body": draft.body,
        "clauses": list(draft.clauses),
    }


def _kept(
    actor: Actor,
    section: PlanSection,
    verb: str,
    before: Mapping[str, Any] | None,
    draft: SectionDraft,
    proposed_by: str = "",
) -> None:
    revision_write(
        actor=actor,
        version=section.version,
        subject="section",
        uid=section.uid,
        verb=verb,
        before=before,
        after=_content(section, draft),
        label=section.heading,
        at=section.changed_at,
        proposed_by=proposed_by,
    )
    announce("plans.version.changed", version_id=section.version.pk, uid=str(section.uid))


def _touched(actor: Actor, section: PlanSection) -> None:
    section.revision += 1
    section.changed_at, section.changed_by = now(), actor.name[:150]
    section.save()


def _let_go(version: PlanVersion) -> None:
    """Nothing changed: give the number back (the version is held, so nobody took the next)."""
    PlanVersion.objects.filter(pk=version.pk).update(revision=version.revision - 1)


def _version(version_id: int) -> PlanVersion:
    related = [name.removeprefix("version__") for name in RELATED]
    return PlanVersion.objects.select_related(*related).get(pk=version_id)


def _clauses(version: PlanVersion, codes: tuple[str, ...]) -> list[Clause]:
    found = list(Clause.objects.filter(programme=version.plan.programme, code__in=codes)) if codes else []
    if missing := sorted(set(codes) - {clause.code for clause in found}):
        raise Invalid(fields={"clauses": [_("没有这个条款：%(code)s。") % {"code": missing[0][:60]}]})
    return found
