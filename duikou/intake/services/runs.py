"""A run's steps as people take them: upload, map, start, cancel, leave."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from duikou.access.models import Membership
from duikou.intake.models import ImportRun
from duikou.intake.policies import may_work_on
from duikou.intake.selectors import run_visible
from duikou.intake.services import stage
from duikou.intake.services.kinds import ImportKind, Options, kind_of
from duikou.intake.services.mapping import checked_mapping, guesses, remember, remembered, signature_of
from duikou.intake.services.waiting import waiting_close, waiting_open
from duikou.intake.states import RUNNING, RunState
from duikou.kernel import permissions
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Forbidden, Invalid, Stale
from duikou.kernel.facts import announce
from duikou.kernel.sheets import Book, Content, Limits, Row, Table, column_letter, text_of
from duikou.records.services.audit import record

SAMPLES = 5


def limits() -> Limits:
    """How much one file may hold here."""
    return Limits(bytes=settings.UPLOAD_MAX_BYTES)


def expected_names(kind: ImportKind, options: Options) -> list[str]:
    """Every name a header of this kind may use."""
    return [name for column in kind.columns(options) for name in (column.label, *column.aliases)]


def run_upload(
    *, actor: Actor, kind: str, name: str, pieces: Iterable[bytes], options: Mapping[str, str] | None = None
) -> ImportRun:
    """Take a file in, read its headers and guess what its columns mean.

    Raises `BadFile` when it cannot be read as a table (nothing is kept then) and `Forbidden` without the right.
    """
    permissions.check(actor, "intake.run.create").or_raise()
    found = kind_of(kind)
    permissions.check(actor, found.permission).or_raise()
    chosen = checked_options(found, actor, options or {})
    membership = Membership.objects.filter(pk=actor.membership_id).first() if actor.membership_id else None
    moment = now()
    run = ImportRun(
        kind=kind,
        membership=membership,
        organisation_id=actor.organisation_id,
        brought_by=actor.name[:150],
        file_name=Path(name.replace("\\", "/")).name[-200:] or "import",
        options=chosen,
        created_at=moment,
        updated_at=moment,
    )
    try:
        run.digest, run.size = _store(run, pieces)
        _survey(run, found, actor)
        with transaction.atomic():
            run.save()
            record(
                actor=actor,
                action="intake.run.uploaded",
                subject=run,
                after={"file": run.file_name, "digest": run.digest, "size": run.size, "kind": run.kind, **chosen},
            )
            waiting_open(actor=actor, run=run)
    except BaseException:
        stage.remove(run.uid)
        raise
    return run


def checked_options(kind: ImportKind, actor: Actor, options: Mapping[str, str]) -> Options:
    """The kind's options with defaults filled in; raises `Invalid` for a choice that is not offered, `Forbidden`."""
    chosen: Options = {}
    for option in kind.options(actor):
        value = options.get(option.key) or option.default
        if value not in {code for code, _label in option.choices}:
            raise Invalid(fields={option.key: [_("请从列出的选项中选择。")]})
        if value in option.refused:
            raise Forbidden(option.refused[value])
        chosen[option.key] = value
    return chosen


def _store(run: ImportRun, pieces: Iterable[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with stage.source_path(run.uid).open("wb") as target:
        for piece in pieces:
            size += len(piece)
            if size > settings.UPLOAD_MAX_BYTES:
                break  # the reader refuses it with the limit's own words
            digest.update(piece)
            target.write(piece)
    if size > settings.UPLOAD_MAX_BYTES:
        with stage.source_path(run.uid).open("r+b") as target:
            target.truncate(settings.UPLOAD_MAX_BYTES + 1)
            target.seek(settings.UPLOAD_MAX_BYTES)
            target.write(b"\n")
    return digest.hexdigest(), size


def _survey(run: ImportRun, kind: ImportKind, actor: Actor) -> None:
    columns = kind.columns(run.options)
    with Book(stage.source_path(run.uid), name=run.file_name, limits=limits()) as book:
        run.content = book.content.value
        tables = book.tables(expected_names(kind, run.options))
        hidden = [sheet.name for sheet in book.sheets if sheet.hidden]
        run.tables = [_outline(table) for table in tables]
    notices = [_("隐藏的工作表不导入：%(names)s。") % {"names": _("、").join(hidden)}] if hidden else []
    if book.content in (Content.XLS, Content.XLSB):
        notices.append(_("这种格式看不出哪些行是隐藏的，隐藏的行也会导入，请核对。"))
    notices += [_hidden_columns(table) for table in run.tables if table["hidden"]]
    run.notice = " ".join(notices)[:500]
    run.signature = signature_of([table["columns"] for table in run.tables])
    known = remembered(kind.code, actor, run.signature)
    if known:
        run.mapping = known
        return
    required = {column.key for column in columns if column.required}
    for at, table in enumerate(run.tables):
        found = {str(g.column): g.key for g in guesses(columns, table["columns"], table["samples"]) if g.key}
        run.mapping[str(at)] = found if at == 0 or required <= set(found.values()) else {}


def _outline(table: Table) -> dict[str, Any]:
    rows: Iterable[Row] = (row for kind, row in table.rows() if kind == "data")
    return {
        "sheet": table.sheet.name,
        "columns": [name[:120] for name in table.columns],
        "header_row": table.header.last_row,
        "rows": table.sheet.rows_hint,
        "hidden": sorted(at for at in table.sheet.hidden_columns if at < len(table.columns)),
        "samples": [[text_of(cell)[:60] for cell in row.cells] for row in itertools.islice(rows, SAMPLES)],
    }


def _hidden_columns(table: Mapping[str, Any]) -> str:
    names = [f"{column_letter(at)} {table['columns'][at]}".strip() for at in table["hidden"]]
    return _("工作表“%(sheet)s”里这些列是隐藏的，请核对是否要导入：%(names)s。") % {
        "sheet": table["sheet"],
        "names": _("、").join(names),
    }


def run_map(
    *, actor: Actor, uid: str, mapping: Mapping[str, Mapping[str, str]], options: Mapping[str, str] | None = None
) -> ImportRun:
    """Settle which column of which sheet fills which field; the organisation's next file starts from it.

    Raises `Invalid` when a required field has no column or a field has two.
    """
    run = run_visible(actor=actor, uid=uid)
    may_work_on(actor, run).or_raise()
    if run.state in RUNNING or run.state == RunState.COMMITTED:
        raise Conflict(_("这次导入正在运行或已经完成，不能再改列对应。"))
    kind = kind_of(run.kind)
    chosen = checked_options(kind, actor, {**run.options, **(options or {})})
    columns = kind.columns(chosen)
    settled: dict[str, dict[str, str]] = {}
    for at, table in enumerate(run.tables):
        wanted = {k: v for k, v in mapping.get(str(at), {}).items() if v}
        settled[str(at)] = checked_mapping(columns, wanted, len(table["columns"])) if wanted else {}
    if not any(settled.values()):
        raise Invalid(_("请至少为一个工作表设置列对应。"))
    with transaction.atomic():
        run_move(run, RunState.UPLOADED, mapping=settled, options=chosen)
        remember(run.kind, actor, run.signature, settled)
        record(actor=actor, action="intake.run.mapped", subject=run, after={"mapping": settled, **chosen})
    return run


def run_cancel(*, actor: Actor, uid: str) -> ImportRun:
    """Stop a run: a running job stops at its next batch and leaves nothing behind; a finished one stays."""
    run = run_visible(actor=actor, uid=uid)
    may_work_on(actor, run).or_raise()
    if run.state == RunState.COMMITTED:
        raise Conflict(_("数据已经写入，不能再取消。"))
    if run.state == RunState.CANCELLED:
        return run
    stage.ask_cancel(run.uid)
    if run.state in RUNNING and not stage.progress_of(run.uid).silent:
        return run
    with transaction.atomic():
        run_move(run, RunState.CANCELLED)
        record(actor=actor, action="intake.run.cancelled", subject=run)
        waiting_close(actor=actor, run=run)
    announce("intake.run.closed", run_id=run.pk)
    return run


def run_forget(run: ImportRun) -> None:
    """Drop a run that wrote nothing, with its file; what the trail says of it stays."""
    if run.state == RunState.COMMITTED:
        raise Conflict(_("数据已经写入，不能再取消。"))
    with transaction.atomic():
        waiting_close(actor=Actor.job("intake"), run=run)
        run.delete()
    stage.remove(run.uid)


def run_move(run: ImportRun, state: RunState, **values: Any) -> None:
    """Change the run if nobody changed it since it was read; raises `Stale`."""
    values = {**values, "state": state.value, "updated_at": now(), "version": run.version + 1}
    if not ImportRun.objects.filter(pk=run.pk, version=run.version).update(**values):
        raise Stale()
    for name, value in values.items():
        setattr(run, name, value)
