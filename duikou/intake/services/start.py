"""Starting the two long steps, also again after a crash."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.intake.models import ImportRun
from duikou.intake.policies import may_work_on
from duikou.intake.selectors import decisions_kept, decisions_open, run_visible
from duikou.intake.services import jobs, stage
from duikou.intake.services.kinds import kind_of
from duikou.intake.services.runs import run_move
from duikou.intake.states import RUN, Fate, RunState
from duikou.kernel import permissions
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Conflict


def check_startable(run: ImportRun, actor: Actor) -> None:
    """Put a run into `checking` without queueing the job: for a command that does the work itself."""
    may_work_on(actor, run).or_raise()
    permissions.check(actor, kind_of(run.kind).permission).or_raise()
    run_move(run, RunState.CHECKING, notice="")


def commit_startable(run: ImportRun, actor: Actor) -> None:
    """Put a checked run into `committing` without queueing the job: for a command that does the work itself."""
    may_work_on(actor, run).or_raise()
    permissions.check(actor, kind_of(run.kind).permission).or_raise()
    if run.error_count or decisions_open(run):
        raise Conflict(_("还有错误或没有决定的行。"))
    _refuse_empty(run)
    run_move(run, RunState.COMMITTING, notice="")


def run_start_check(*, actor: Actor, uid: str) -> ImportRun:
    """Queue the dry run; a run whose job died may be started again."""
    run = run_visible(actor=actor, uid=uid)
    may_work_on(actor, run).or_raise()
    permissions.check(actor, kind_of(run.kind).permission).or_raise()
    if run.state == RunState.CHECKING and not stage.progress_of(run.uid).silent:
        return run
    if run.state not in (RunState.CHECKING, *(s for s in RunState if "check" in RUN.table.get(s, {}))):
        raise Conflict(_("当前状态不能试运行。"))
    stage.clear_cancel(run.uid)
    with transaction.atomic():
        run_move(run, RunState.CHECKING, notice="")
        stage.note_progress(run.uid, "queued", 0, 0)
        jobs.queue_check(run.pk)
    return run


def run_start_commit(*, actor: Actor, uid: str, leave_errors: bool = False) -> ImportRun:
    """Queue the writing of a checked run; refused while rows wait for decisions, or have errors not left out."""
    run = run_visible(actor=actor, uid=uid)
    may_work_on(actor, run).or_raise()
    permissions.check(actor, kind_of(run.kind).permission).or_raise()
    if run.state == RunState.COMMITTED or (run.state == RunState.COMMITTING and not stage.progress_of(run.uid).silent):
        return run
    if run.state not in (RunState.CHECKED, RunState.COMMITTING):
        raise Conflict(_("请先试运行，再提交。"))
    waiting = decisions_open(run)
    if waiting:
        raise Conflict(_("还有 %(count)s 行疑似重复没有决定。") % {"count": waiting})
    if run.error_count and not leave_errors:
        raise Conflict(
            _("还有 %(count)s 处错误：请修改后重新上传，或选择跳过有错误的行。") % {"count": run.error_count}
        )
    _refuse_empty(run)
    stage.clear_cancel(run.uid)
    with transaction.atomic():
        run_move(run, RunState.COMMITTING, leave_errors=leave_errors, notice="")
        stage.note_progress(run.uid, "queued", 0, 0)
        jobs.queue_commit(run.pk)
    return run


def _refuse_empty(run: ImportRun) -> None:
    if not run.row_count:
        raise Conflict(_("文件里没有数据行，没有什么可以写入。"))
    plain = (Fate.NEW, Fate.UPDATE, Fate.ASIDE, Fate.SAME)
    if not any(run.counters.get(fate.value) for fate in plain) and not decisions_kept(run):
        raise Conflict(_("没有一行可以写入：所有的行都有错误，或者已决定不导入。请修改文件后重新上传。"))
