"""Who may look at many projects at once: whoever may read them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from duikou.kernel.actor import OFFICE, SIGNED_IN, Actor
from duikou.kernel.permissions import declare
from duikou.kernel.verdict import Verdict
from duikou.projects import policies as projects

READ = declare("boards.board.read", roles=SIGNED_IN, reason=_("请先登录。"))
MOVE = declare(
    "boards.board.move",
    roles=OFFICE,
    reason=_("项目状态由两侧的对口合作办公室改变，您的岗位可以查看，不能移动卡片。"),
)


def browse(actor: Actor) -> Verdict:
    """May `actor` read business data at all?"""
    return projects.browse(actor)
