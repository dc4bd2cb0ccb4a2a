"""For whom a job works: the post that brought the file, as it is now."""

from __future__ import annotations

from django.utils.translation import gettext as _

from duikou.access.models import Membership
from duikou.access.selectors import actor_of_membership
from duikou.intake.models import ImportRun
from duikou.kernel.actor import Actor
from duikou.kernel.errors import Forbidden


def recorder_of(run: ImportRun) -> Actor:
    """Who stands in the trail when a run is closed: its actor, or the job itself when the post is lost."""
    try:
        return actor_of(run)
    except Forbidden:
        return Actor.job("intake")


def actor_of(run: ImportRun) -> Actor:
    """The actor of a run; a file brought by a command is worked on by a command. Raises `Forbidden` for a lost post."""
    if run.membership_id is None:
        return Actor.command(run.brought_by)
    membership = (
        Membership.objects.live()
        .select_related("account", "organisation", "region")
        .filter(pk=run.membership_id)
        .first()
    )
    if membership is None:
        raise Forbidden(_("上传人的岗位已失效，不能继续这次导入。"))
    return actor_of_membership(membership)
