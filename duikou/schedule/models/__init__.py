"""When it is to happen: milestones, what waits for what, baselines."""

from duikou.schedule.models.baseline import Baseline, BaselineDate
from duikou.schedule.models.milestone import Milestone, MilestoneLink
from duikou.schedule.states import DoneAs, MilestoneKind, Side, Standing

__all__ = ["Baseline", "BaselineDate", "DoneAs", "Milestone", "MilestoneKind", "MilestoneLink", "Side", "Standing"]
