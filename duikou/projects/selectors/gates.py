"""What the kind of a project asks for before its steps, and whether it is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from duikou.programme.models.localised import in_language
from duikou.projects.models import Project
from duikou.projects.states import PASSED, PartyRole, ProjectState, Side
from duikou.records.models import Evidence

_LEADS = {"lead_first": Side.FIRST, "lead_second": Side.SECOND}


@dataclass(frozen=True, slots=True)
class Gate:
    """One thing that a step asks for, in words, where it is put right, and whether it is there."""

    verb: str
    text: str
    url: str
    met: bool


def gates_of(project: Project, files: list[str] | None = None) -> list[Gate]:
    """All gates of the project's kind as they stand (no query without a kind that has any; else two at most).

    `files`: what its files are called (`files_of`), where the caller has asked for many projects at once.
    """
    asked = project.kind.gates if project.kind is not None else []
    if not asked:
        return []
    files, sides = _files(project, asked) if files is None else files, _leads(project, asked)
    page, edit = (reverse(f"projects:{name}", args=[project.pk]) for name in ("project", "project-edit"))
    specs = {spec["key"]: spec for spec in project.kind.fields} if project.kind is not None else {}
    found = []
    for gate in asked:
        field = gate["field"]
        if gate["file"]:
            words = [word.casefold() for word in gate["words"]]
            met = any(word in file for file in files for word in words)
            found.append(Gate(gate["verb"], _file_text(gate), f"{page}#evidence", met))
        elif field in _LEADS:
            side = _LEADS[field]
            region = project.first_region if side is Side.FIRST else project.second_region
            text = _("%(region)s的牵头单位") % {"region": region.label if region else ""}
            found.append(Gate(gate["verb"], text, f"{page}#parties", side.value in sides))
        elif field in specs:
            text = in_language(specs[field]["label"], specs[field].get("label_en", ""))
            met = project.extra.get(field) not in (None, "")
            found.append(Gate(gate["verb"], text, f"{edit}#id_extra_{field}", met))
        else:
            text = str(Project._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
            met = getattr(project, "industry_id" if field == "industry" else field) not in (None, "")
            found.append(Gate(gate["verb"], text, f"{edit}#id_{field}", met))
    return found


def gates_open(project: Project, verb: str) -> list[Gate]:
    """What is missing for the step `verb`."""
    return [gate for gate in gates_of(project) if gate.verb == verb and not gate.met]


def gates_lacking(project: Project, gates: list[Gate]) -> list[Gate]:
    """What a project that stands further on never had: the record of the past lacks it."""
    return [gate for gate in gates if gate.verb in PASSED[ProjectState(project.state)] and not gate.met]


def missing_text(gates: Sequence[Gate]) -> str:
    """What is missing, in one sentence."""
    return _("这一步之前还要补齐：%(things)s。") % {"things": _("；").join(gate.text for gate in gates)}


def files_of(ids: Collection[int]) -> dict[int, list[str]]:
    """What the files of projects are called, name and note, by project (one query)."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Evidence.objects.filter(
        subject_kind=Project._meta.label_lower, subject_id__in=[str(pk) for pk in ids]
    ).values_list("subject_id", "name", "note")
    for subject_id, name, note in rows:
        found[int(subject_id)].append(f"{name} {note}".casefold())
    return found


def _file_text(gate: Mapping[str, Any]) -> str:
    marks = _("”或“").join(gate["words"])
    name = in_language(gate["file"], gate["file_en"])
    return _("附件：%(file)s（文件名或说明中写明“%(words)s”）") % {"file": name, "words": marks}


def _files(project: Project, asked: list[Mapping[str, Any]]) -> list[str]:
    if not any(gate["file"] for gate in asked):
        return []
    return files_of([project.pk]).get(project.pk, [])


def _leads(project: Project, asked: list[Mapping[str, Any]]) -> set[str]:
    if not any(gate["field"] in _LEADS for gate in asked):
        return set()
    return {party.side for party in project.parties.all() if party.role == PartyRole.LEAD}
