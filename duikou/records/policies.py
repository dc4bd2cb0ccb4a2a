"""Who may read proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from duikou.kernel import permissions
from duikou.kernel.actor import SIGNED_IN, Actor, Role
from duikou.kernel.verdict import Verdict

permissions.declare(
    "records.trail.read",
    roles={Role.AUDITOR, Role.COORDINATOR, Role.OPERATOR},
    reason=_("只有审计、国家协调机构和系统管理员可以查看审计记录。"),
)
permissions.declare("records.evidence.read", roles=SIGNED_IN, reason=_("请先登录后再查看材料。"))
permissions.declare(
    "records.evidence.write",
    roles=SIGNED_IN - {Role.AUDITOR, Role.OPERATOR},
    reason=_("审计和系统管理员不能增删业务材料。"),
)

Judge = Callable[[Actor, str], Verdict]
"""Given the actor and the subject's id."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who judges the evidence of one kind of subject. `sees` false hides the subject: the answer is 404."""

    sees: Judge
    reads: Judge
    writes: Judge


_owners: dict[str, Owner] = {}


def own_evidence(kind: str, *, sees: Judge, reads: Judge | None = None, writes: Judge) -> None:
    """Let a room judge the evidence of its `kind` ("projects.project"); register in `apps.py`.

    Each judge is called as `judge(actor, subject_id)`. A kind that nobody registered has no readers and no writers.
    """
    _owners[kind] = Owner(sees, reads or sees, writes)


def may_see(actor: Actor, kind: str, subject_id: str) -> Verdict:
    """Whether the actor may know of the subject at all."""
    owner = _owners.get(kind)
    return owner.sees(actor, subject_id) if owner else Verdict.no(_("没有找到这个页面或记录。"))


def may_read(actor: Actor, kind: str, subject_id: str) -> Verdict:
    """Whether the actor may open evidence of the subject."""
    owner = _owners.get(kind)
    return owner.reads(actor, subject_id) if owner else Verdict.no(_("没有找到这个页面或记录。"))


def may_write(actor: Actor, kind: str, subject_id: str) -> Verdict:
    """Whether the actor may add or take away evidence of the subject: by role, then by the owning room."""
    owner = _owners.get(kind)
    if owner is None:
        return Verdict.no(_("没有找到这个页面或记录。"))
    return permissions.check(actor, "records.evidence.write") and owner.writes(actor, subject_id)
