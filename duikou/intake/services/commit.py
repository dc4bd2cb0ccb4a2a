"""Writing a checked run: one transaction, all of it or nothing, progress told outside of it."""

from __future__ import annotations

import zlib
from contextlib import AbstractContextManager, nullcontext

from django.db import connection, transaction
from django.utils.translation import gettext as _

from duikou.intake.models import ImportDecision, ImportRun
from duikou.intake.selectors import decisions_open
from duikou.intake.services import stage
from duikou.intake.services.check import APART_FROM, Cancelled, check
from duikou.intake.services.keeping import source_keep
from duikou.intake.services.kinds import ImportKind, Source, kind_of
from duikou.intake.services.preparing import Batch, Portion, batches, in_order
from duikou.intake.services.waiting import waiting_close
from duikou.intake.services.who import actor_of, recorder_of
from duikou.intake.states import Choice, Fate, RunState
from duikou.kernel import permissions
from duikou.kernel.beside import Beside, can_see, cores
from duikou.kernel.clock import now
from duikou.kernel.errors import DomainError, no_space
from duikou.kernel.facts import announce
from duikou.kernel.heap import settled
from duikou.records.services.audit import record

TRIES = 3


class _Moved(Exception):
    """Data changed since the dry run."""


def run_commit(*, run_id: int) -> None:
    """Write the rows of a run that is in `committing`; runs once however often it is called, also after a crash."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None or run.state != RunState.COMMITTING:
        return
    errors = run.error_count
    try:
        for _turn in range(TRIES):
            try:
                with settled():
                    _write(run)
                return
            except _Moved:
                check(run)
                if decisions_open(run) or run.error_count > errors:
                    _hold(run, _("试运行之后数据有变化，已重新检查，请确认后再提交。"))
                    return
        _hold(run, _("数据一直在变化，请稍后再提交。"))
    except Cancelled:
        _hold(run, _("已取消写入，没有改动任何数据。"))
    except DomainError as error:
        _hold(run, error.message)
    except OSError as error:
        if (full := no_space(error)) is None:
            raise
        _hold(run, full.message)


def _write(run: ImportRun) -> None:
    kind = kind_of(run.kind)
    actor = actor_of(run)
    permissions.check(actor, kind.permission).or_raise()
    source = Source(run.pk, str(run.uid), run.file_name, run.digest, run.brought_by, _fresh(run))
    with _helper(run, kind) as helper, transaction.atomic():
        _one_at_a_time(kind)
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != RunState.COMMITTING:
            return
        if kind.stamp(run.options) != locked.data_stamp:
            raise _Moved
        committer = kind.committer(actor, run.options, source)
        portion = Portion(run.kind, actor, run.options, source, committer.terms())
        total, done = run.row_count, 0
        for batch in in_order(portion, helper):
            if stage.cancel_asked(run.uid):
                raise Cancelled
            committer(batch.content)
            done += batch.rows
            stage.note_progress(run.uid, "commit", done, max(total, done))
        result = committer.finish()
        if stage.cancel_asked(run.uid):
            raise Cancelled
        source_keep(actor=actor, run=locked)
        moment = now()
        ImportRun.objects.filter(pk=run.pk).update(
            state=RunState.COMMITTED, result=result, committed_at=moment, updated_at=moment, version=locked.version + 1
        )
        record(
            actor=actor,
            action="intake.run.committed",
            subject=run,
            after={
                "file": run.file_name,
                "digest": run.digest,
                **run.options,
                **result,
                **({"left_out": run.counters.get(Fate.ERROR.value, 0)} if locked.leave_errors else {}),
            },
        )
        waiting_close(actor=actor, run=run)
        announce("intake.run.committed", run_id=run.pk, kind=run.kind)
        announce("intake.run.closed", run_id=run.pk)
    stage.note_progress(run.uid, "committed", max(total, done), max(total, done))


def _helper(run: ImportRun, kind: ImportKind) -> AbstractContextManager[Beside[Batch] | None]:
    """A process that prepares what this one writes, where the file is large enough and it sees the same data."""
    apart = kind.preparer and run.row_count >= APART_FROM and cores() > 1 and can_see()
    return Beside(batches) if apart else nullcontext()


def _one_at_a_time(kind: ImportKind) -> None:
    """Two imports of one kind never write side by side: what both bring would not be seen by either."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(f"intake.{kind.code}".encode())])


def _fresh(run: ImportRun) -> int:
    """How many rows will be new records."""
    return stage.count(run.uid, Fate.NEW.value) + ImportDecision.objects.filter(run=run, choice=Choice.NEW).count()


def _hold(run: ImportRun, notice: str) -> None:
    with transaction.atomic():
        ImportRun.objects.filter(pk=run.pk, state=RunState.COMMITTING).update(
            state=RunState.CHECKED, notice=notice[:500], updated_at=now(), version=run.version + 1
        )
        record(actor=recorder_of(run), action="intake.run.held", subject=run, reason=notice)
    stage.clear_cancel(run.uid)
    announce("intake.run.checked", run_id=run.pk)
