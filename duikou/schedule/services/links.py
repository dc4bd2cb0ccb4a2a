"""What waits for what."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import Invalid, NotFound
from duikou.records.services.audit import record
from duikou.schedule import policies
from duikou.schedule.models import Milestone, MilestoneLink
from duikou.schedule.rules import makes_ring
from duikou.schedule.selectors.network import edges_of
from duikou.schedule.services.keeping import days_follow, milestone_held

LONGEST = 3650
"""Days: ten years between two milestones is a slip of the pen."""


@transaction.atomic
def milestone_link(*, actor: Actor, before_id: int, after_id: int, lag: int = 0) -> MilestoneLink:
    """Let `after` wait for `before` and `lag` calendar days; linked again it takes the new lag.

    Both lie in one project, or one in the other's parent or part. Raises `Invalid` for a ring, `Forbidden`.
    """
    after, family = milestone_held(after_id)
    policies.edit(actor, after.project).or_raise()
    before = Milestone.objects.select_related("project").filter(pk=before_id).first()
    if before is None:
        raise Invalid(fields={"before": [_("没有找到这个里程碑。")]})
    _fit(before, after, lag, family)
    link = MilestoneLink.objects.filter(before=before, after=after).first()
    if link is not None and link.lag == lag:
        return link
    was = None if link is None else {"lag": link.lag}
    link = link or MilestoneLink(before=before, after=after)
    link.lag = lag
    link.save()
    words = {"before": str(before), "lag": lag}
    record(actor=actor, action="schedule.milestone.linked", subject=after, before=was, after=words)
    days_follow(family, after.project_id)
    return link


def _fit(before: Milestone, after: Milestone, lag: int, family: list[int]) -> None:
    if not 0 <= lag <= LONGEST:
        raise Invalid(fields={"lag": [_("间隔是0到%(most)d之间的天数。") % {"most": LONGEST}]})
    one, other = before.project, after.project
    near = one.pk == other.pk or one.parent_id == other.pk or other.parent_id == one.pk
    if not near or before.project_id not in family:
        raise Invalid(fields={"before": [_("只能关联本项目、上级项目或组成项目的里程碑。")]})
    if makes_ring(edges_of(family), before.pk, after.pk):
        raise Invalid(fields={"before": [_("这样会使里程碑互相等待，形成循环。")]})


@transaction.atomic
def milestone_unlink(*, actor: Actor, link_id: int) -> None:
    """Let it wait no more; raises `NotFound` when it does not."""
    after_id = MilestoneLink.objects.filter(pk=link_id).values_list("after_id", flat=True).first()
    if after_id is None:
        raise NotFound
    after, family = milestone_held(after_id)
    policies.edit(actor, after.project).or_raise()
    link = MilestoneLink.objects.select_related("before").filter(pk=link_id).first()
    if link is None:
        raise NotFound
    words = {"before": str(link.before), "lag": link.lag}
    record(actor=actor, action="schedule.milestone.unlinked", subject=after, before=words)
    link.delete()
    days_follow(family, after.project_id)
