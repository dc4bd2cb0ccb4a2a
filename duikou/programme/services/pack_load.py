"""Loading a pack: one transaction, every change in the trail, links to clauses kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Invalid
from duikou.kernel.facts import announce
from duikou.programme import policies
from duikou.programme.models import (
    BlockerKind,
    Clause,
    ClauseText,
    Duty,
    Indicator,
    Pairing,
    Programme,
    ProgrammeVersion,
    ProjectKind,
    Region,
    ResponsibleBody,
    Route,
    Target,
    Topic,
)
from duikou.programme.rules.blockers import DEFAULT
from duikou.programme.rules.clause_codes import numeral
from duikou.programme.rules.versions import version_key
from duikou.programme.services.clause_moves import move_clauses
from duikou.programme.services.locks import hold
from duikou.programme.services.pack_check import clause_text, pack_check
from duikou.programme.services.pack_read import Pack, Problem, Row
from duikou.programme.services.pack_sync import Sync, changed, snapshot
from duikou.programme.services.region_load import regions_load
from duikou.programme.states import ClauseKind
from duikou.records.services.audit import Entry, record_many, subject_of

_HEAD = (
    "title", "title_en", "short_title", "short_title_en", "number", "issuer", "issuer_en", "issued_on", "source",
    "illustrative", "first_side_label", "first_side_label_en", "second_side_label", "second_side_label_en",
)  # fmt: skip


class PackRefused(Invalid):
    """A pack that breaks rules; `problems` has every one with its file and line. Nothing was changed."""

    code = "pack_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_("数据包有%(count)d处问题，未装载。") % {"count": len(self.problems)})


def programme_load(*, actor: Actor, folder: Path) -> tuple[Programme, bool]:
    """Load a pack; the second value is False when exactly this content is loaded already (nothing is written).

    Raises `PackRefused` with all problems; a newer edition amends, moves or retires, and deletes nothing.
    """
    policies.programme_load(actor).or_raise()
    pack = pack_check(folder)
    if pack.problems:
        raise PackRefused(pack.problems)
    digest = pack.digest()
    with transaction.atomic():
        hold("programme.load")
        regions_load(actor=actor)
        programme = (
            Programme.objects.select_for_update(of=("self",)).select_related("current").filter(code=pack.code).first()
        )
        if programme is not None and programme.current is not None and programme.current.digest == digest:
            return programme, False
        if programme is not None:
            _check_newer(pack, programme)
        programme = _load(actor, pack, programme, digest)
        announce("programme.programme.loaded", programme_id=programme.pk, version=programme.version)
    return programme, True


def _check_newer(pack: Pack, programme: Programme) -> None:
    wanted, loaded = version_key(pack.version), version_key(programme.version)
    if wanted is None or loaded is None or wanted > loaded:
        return
    if wanted == loaded:
        reason = _("内容有改动而版本号仍是%(version)s，请提高版本号。") % {"version": pack.version}
    else:
        reason = _("已装载更新的版本%(version)s。") % {"version": programme.version}
    raise PackRefused([Problem("pack.yaml", pack.head_marks.line("version"), reason)])


def _load(actor: Actor, pack: Pack, programme: Programme | None, digest: str) -> Programme:
    entries: list[Entry] = []
    before = snapshot(programme, (*_HEAD, "version")) if programme else None
    programme = programme or Programme(code=pack.code)
    for name in _HEAD:
        setattr(programme, name, pack.head[name])
    programme.version = pack.version
    programme.save()
    version = ProgrammeVersion.objects.create(
        programme=programme, version=pack.version, digest=digest, loaded_at=now(), note=pack.head["note"]
    )
    programme.current = version
    programme.save(update_fields=["current"])
    old, new = changed(before, snapshot(programme, (*_HEAD, "version")))
    entries.append(Entry(subject_of(programme), old, {**(new or {}), "digest": digest}))
    clauses = _clauses(pack, programme, version, entries)
    _rest(pack, programme, version, clauses, entries)
    record_many(actor=actor, action="programme.programme.loaded", entries=entries, reason=pack.head["note"])
    return programme


def _clauses(
    pack: Pack, programme: Programme, version: ProgrammeVersion, entries: list[Entry]
) -> dict[str, models.Model]:
    rows = pack.rows["clauses"]
    problems = move_clauses(programme, version, rows)
    if problems:
        raise PackRefused(problems)
    sync = Sync(Clause, programme, version, entries)
    values: dict[str, dict[str, Any]] = {}
    for order, row in enumerate(rows):
        values[row["code"]] = {
            "order": order,
            "title": row["title"],
            "title_en": row["title_en"],
            "kind": row["kind"],
            "is_task": row["kind"] == ClauseKind.TASK,
            "numeral": "" if row["kind"] == ClauseKind.PREAMBLE else numeral(row["code"]),
        }
    clauses = sync.rows(values, parents={code: code.rpartition(".")[0] for code in values})
    ClauseText.objects.bulk_create(
        ClauseText(
            clause=clauses[row["code"]],
            version=version,
            code=row["code"],
            order=order,
            title=row["title"],
            heading="".join(piece["text"] for piece in row["heading"]),
            body=[{"role": piece.get("role") or "p", "text": piece["text"]} for piece in row["body"]],
            text=clause_text(row),
        )
        for order, row in enumerate(rows)
    )
    return clauses


def _rest(
    pack: Pack,
    programme: Programme,
    version: ProgrammeVersion,
    clauses: Mapping[str, models.Model],
    entries: list[Entry],
) -> None:
    def pick(row: Row, order: int, *names: str) -> dict[str, Any]:
        found = {"order": order, **{name: row[name] for name in names}}
        if "clause" in row.data:
            found["clause"] = clauses[row["clause"]]
        return found

    def each(key: str, *names: str) -> dict[str, dict[str, Any]]:
        return {row["code"]: pick(row, order, *names) for order, row in enumerate(pack.rows[key])}

    def linked(key: str, name: str, targets: Mapping[str, models.Model]) -> dict[str, list[models.Model]]:
        return {row["code"]: [targets[code] for code in row[name]] for row in pack.rows[key]}

    Sync(Target, programme, version, entries).rows(each("targets", "title", "title_en", "quote", "due_on"))
    bodies = Sync(ResponsibleBody, programme, version, entries)
    known = bodies.rows(each("bodies", "name", "name_en", "part", "part_en"))
    bodies.links("clauses", linked("bodies", "clauses", clauses))
    duties = Sync(Duty, programme, version, entries)
    duties.rows(each("duties", "kind", "title", "title_en", "quote", "joint", "cadence", "due", "basis", "basis_en"))
    duties.links("owed_by", linked("duties", "owed_by", known))
    duties.links("owed_to", linked("duties", "owed_to", known))
    Sync(Indicator, programme, version, entries).rows(
        each("indicators", "title", "title_en", "unit", "unit_en", "direction", "note", "note_en")
    )
    kinds = Sync(ProjectKind, programme, version, entries)
    kinds.rows(each("kinds", "title", "title_en", "fields", "record_words", "gates", "park"))
    kinds.links("clauses", linked("kinds", "clauses", clauses))
    topics = Sync(Topic, programme, version, entries)
    topics.rows(each("topics", "title", "title_en"))
    topics.links("clauses", linked("topics", "clauses", clauses))
    routes = {
        row["code"]: {
            **pick(row, order, "title", "title_en"),
            "definition": {name: row[name] for name in ("stages", "withdrawable", "return_to")},
        }
        for order, row in enumerate(pack.rows["routes"])
    }
    Sync(Route, programme, version, entries).rows(routes)
    _blockers(pack, programme, version, entries)
    _pairings(pack, programme, version, entries)


def _blockers(pack: Pack, programme: Programme, version: ProgrammeVersion, entries: list[Entry]) -> None:
    """The pack's own kinds of blockers, or the platform's where it names none."""
    names = ("title", "title_en", "working_days", "basis", "basis_en")
    rows = [row.data for row in pack.rows["blockers"]] or list(DEFAULT)
    values = {row["code"]: {"order": order, **{name: row[name] for name in names}} for order, row in enumerate(rows)}
    Sync(BlockerKind, programme, version, entries).rows(values)


def _pairings(pack: Pack, programme: Programme, version: ProgrammeVersion, entries: list[Entry]) -> None:
    rows = pack.rows["pairings"]
    regions = Region.objects.in_bulk({row[side] for row in rows for side in ("first", "second")}, field_name="adcode")
    plain = ("name", "name_en", "level", "valid_from", "valid_to", "source", "second_note", "second_note_en")
    values = {
        row["code"]: {
            "order": order,
            "first_region": regions[row["first"]],
            "second_region": regions.get(row["second"] or ""),
            **{name: row[name] for name in plain},
        }
        for order, row in enumerate(rows)
    }
    Sync(Pairing, programme, version, entries).rows(values, parents={row["code"]: row["parent"] for row in rows})
