"""Reads of this room; rows are seen through their projects, in the query."""

from duikou.schedule.selectors.family import family_of
from duikou.schedule.selectors.network import Line, Network, network_of, offered_before
from duikou.schedule.selectors.scope import milestone_visible, milestones_visible

__all__ = ["Line", "Network", "family_of", "milestone_visible", "milestones_visible", "network_of", "offered_before"]
