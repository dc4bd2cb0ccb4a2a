"""Both writings of a part beside each other: what each changed, what is offered, what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from duikou.kernel.errors import NotFound
from duikou.kernel.rich_text import as_written, editable
from duikou.plans import policies
from duikou.plans.forms import EntryForm, SectionForm, entry_initial, section_initial
from duikou.plans.models import PlanVersion, RefusedText
from duikou.plans.rules.merge import CONFLICT, MINE, THEIRS, Chunk, FieldChoice, merge_fields
from duikou.plans.services.entries import entry_content
from duikou.plans.services.merge import content_seen, section_offer
from duikou.plans.services.sections import section_content, section_of
from duikou.plans.views.lists import PlanView
from duikou.plans.views.part_forms import entry_form, section_form

EDIT = "edit"
SECTION_NAMES = ("heading", "part", "level", "clauses")


def merge_page(
    view: PlanView, version: PlanVersion, kept: RefusedText, *, message: str = "", form: Any = None, status: int = 200
) -> HttpResponse:
    """Both writings beside each other, with a form that chooses."""
    present, revision = present_of(version, kept)
    base = content_seen(version_id=version.pk, uid=kept.uid, revision=kept.seen) or {}
    chunks: list[dict[str, Any]] = []
    if kept.subject == "section":
        form = form or section_form(version, initial=section_initial(kept.content))
        if present is not None:
            chunks = _shown(_chunks(version, kept, present))
        names: tuple[str, ...] = SECTION_NAMES
        shown = section_initial
    else:
        form = form or entry_form(version, initial=_offered(kept, base, present))
        names, shown = tuple(form.fields), entry_initial
    fields = []
    if present is not None:
        fields = _fields(form, shown(base) if base else {}, shown(kept.content), shown(present), names)
    context = {
        "version": version,
        "kept": kept,
        "form": form,
        "message": message,
        "revision": revision,
        "gone": present is None,
        "chunks": chunks,
        "fields": fields,
        "clean": all(one["kind"] != CONFLICT for one in (*chunks, *fields)),
        "write": policies.write(view.actor, version),
        "title": present and (present.get("heading") or present.get("title")),
    }
    return view.render("plans/merge.html", context, status=status)


def present_of(version: PlanVersion, kept: RefusedText) -> tuple[dict[str, Any] | None, int]:
    """What the part says now, and its revision; None when it is gone."""
    try:
        if kept.subject == "entry":
            return entry_content(version=version, uid=kept.uid)
        section = section_of(version.pk, kept.uid)
    except NotFound:
        return None, 0
    return section_content(section), section.revision


def _chunks(version: PlanVersion, kept: RefusedText, present: Mapping[str, Any]) -> tuple[Chunk, ...]:
    return section_offer(version_id=version.pk, uid=kept.uid, seen=kept.seen, mine=kept.content, present=present).chunks


def _shown(chunks: tuple[Chunk, ...]) -> list[dict[str, Any]]:
    """Chunks as the page shows them: what each side changed, what is offered, and the offer to write on."""
    found = []
    for place, chunk in enumerate(chunks):
        base, mine, theirs = ("".join(part) for part in (chunk.base, chunk.mine, chunk.theirs))
        found.append(
            {
                "place": place,
                "place_name": str(place),
                "kind": chunk.kind,
                "offered": "both" if chunk.kind == CONFLICT else chunk.kind,
                "base": base,
                "mine": (base, mine),
                "theirs": (base, theirs),
                "text": editable("".join(chunk.taken())),
            }
        )
    return found


def _fields(form: Any, base: Any, mine: Any, theirs: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The fields on which both writings differ, in words."""
    return [
        {
            "name": one.name,
            "kind": one.kind,
            "field": form[one.name],
            "base": _said(form, one.name, one.base),
            "mine": _said(form, one.name, one.mine),
            "theirs": _said(form, one.name, one.theirs),
            "offered": THEIRS if one.kind == THEIRS else MINE,
        }
        for one in _differing(base, mine, theirs, names)
    ]


def _differing(base: Any, mine: Any, theirs: Any, names: tuple[str, ...]) -> list[FieldChoice]:
    old, own, other = ({name: one.get(name) or "" for name in names} for one in (base, mine, theirs))
    return merge_fields(old, own, other, names)


def _said(form: Any, name: str, value: Any) -> str:
    choices = dict(getattr(form.fields[name], "choices", None) or ())
    values = value if isinstance(value, list | tuple) else [value]
    return "\n".join(str(choices.get(one, one)) for one in values if one not in (None, ""))


def _offered(kept: RefusedText, base: Mapping[str, Any], present: Mapping[str, Any] | None) -> dict[str, Any]:
    mine = entry_initial(kept.content)
    if present is None:
        return mine
    theirs, began = entry_initial(present), entry_initial(base) if base else {}
    return mine | {one.name: one.offered for one in _differing(began, mine, theirs, tuple(mine))}


def composed(version: PlanVersion, kept: RefusedText, given: Any, revision: int) -> SectionForm | EntryForm:
    """The form filled with what was chosen, against the content that the writer was shown."""
    shown = content_seen(version_id=version.pk, uid=kept.uid, revision=revision)
    initial: Any = section_initial if kept.subject == "section" else entry_initial
    mine = initial(kept.content)
    theirs = initial(shown) if shown else mine
    data: dict[str, Any] = {}
    for name in mine:
        choice = given.get(f"choice-{name}", MINE)
        value = given.getlist(name) if choice == EDIT else theirs[name] if choice == THEIRS else mine[name]
        data[name] = value
    if kept.subject == "section":
        if shown:
            data["body"] = _body(_chunks(version, kept, shown), given)
        return section_form(version, data=_flat(data, {"clauses"}))
    return entry_form(version, data=_flat(data, {"clauses"}))


def _body(chunks: tuple[Chunk, ...], given: Any) -> str:
    found = []
    for place, chunk in enumerate(chunks):
        choice = given.get(f"chunk-{place}", "")
        if choice == EDIT:
            found.append(as_written(given.get(f"text-{place}", "")))
        else:
            found += chunk.taken(choice)
    return "".join(found)


def _flat(data: Mapping[str, Any], many: set[str]) -> dict[str, Any]:
    """Values as a form takes them: lists only where there may be several."""
    return {
        name: value if name in many else (value[0] if value else "") if isinstance(value, list) else value
        for name, value in data.items()
    }
