"""Deciding on rows that may be known already."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.intake.models import ImportDecision, ImportRun
from duikou.intake.policies import may_work_on
from duikou.intake.selectors import run_visible
from duikou.intake.services.kinds import OWN
from duikou.intake.states import Choice, RunState
from duikou.kernel.actor import Actor
from duikou.kernel.clock import now
from duikou.kernel.errors import Conflict, Invalid
from duikou.records.services.audit import Entry, SubjectRef, record_many


def decisions_make(*, actor: Actor, uid: str, choices: Mapping[int, tuple[str, str]]) -> int:
    """Settle rows one by one: row index → (choice, id of the candidate meant); returns how many.

    Raises `Invalid` for an unknown choice or a candidate that was not offered.
    """
    run = _ready(actor, uid)
    rows = list(ImportDecision.objects.filter(run=run, index__in=choices))
    for row in rows:
        choice, target = choices[row.index]
        _settle(row, choice, target, actor)
    return _save(run, rows, actor)


def decisions_make_all(*, actor: Actor, uid: str, choice: str, only_open: bool = True) -> int:
    """Settle every (open) row the same way; "same" and "update" mean each row's most alike candidate.

    A row most like another row of the same file cannot update it and stays open, to be settled on its own.
    """
    run = _ready(actor, uid)
    settled = []
    for row in ImportDecision.objects.filter(run=run, **({"choice": ""} if only_open else {})):
        best = max(row.candidates, key=lambda candidate: candidate["score"], default={"id": ""})["id"]
        if choice == Choice.UPDATE and best.startswith(OWN):
            continue
        _settle(row, choice, best, actor)
        settled.append(row)
    return _save(run, settled, actor)


def _ready(actor: Actor, uid: str) -> ImportRun:
    run = run_visible(actor=actor, uid=uid)
    may_work_on(actor, run).or_raise()
    if run.state != RunState.CHECKED:
        raise Conflict(_("当前状态不能再改决定。"))
    return run


def _settle(row: ImportDecision, choice: str, target: str, actor: Actor) -> None:
    if choice not in Choice.values:
        raise Invalid(_("请选择一种处理方式。"))
    needs_target = choice in (Choice.SAME, Choice.UPDATE)
    offered = [candidate["id"] for candidate in row.candidates]
    target = (target or (offered[0] if len(offered) == 1 else "")) if needs_target else ""
    if needs_target and target not in offered:
        raise Invalid(_("请为第 %(row)s 行选择一条候选记录。") % {"row": row.row})
    if choice == Choice.UPDATE and target.startswith(OWN):
        raise Invalid(
            _("第 %(row)s 行与本文件的另一行相近，那一行还没有登记，不能补充：请选“相同”或“新记录”，或合并后重新上传。")
            % {"row": row.row}
        )
    row.choice, row.target = choice, target
    row.decided_by_id, row.decided_name, row.decided_at = actor.account_id, actor.name[:150], now()


def _save(run: ImportRun, rows: list[ImportDecision], actor: Actor) -> int:
    with transaction.atomic():
        still = ImportRun.objects.select_for_update().get(pk=run.pk)
        if still.state != RunState.CHECKED:
            raise Conflict(_("当前状态不能再改决定。"))
        fields = ["choice", "target", "decided_by", "decided_name", "decided_at"]
        ImportDecision.objects.bulk_update(rows, fields, batch_size=500)
        record_many(
            actor=actor,
            action="intake.decision.made",
            entries=(
                Entry(
                    SubjectRef("intake.importdecision", str(row.pk), row.label),
                    None,
                    {
                        "run": str(run.uid),
                        "sheet": row.sheet,
                        "row": row.row,
                        "choice": row.choice,
                        "target": row.target,
                    },
                )
                for row in rows
            ),
        )
    return len(rows)
