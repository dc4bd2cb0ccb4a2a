"""What was promised."""

from duikou.plans.models.entry import EntryMoney, EntryProgress, EntryUnit, PlanEntry, UnitTask
from duikou.plans.models.plan import Plan, PlanVersion
from duikou.plans.models.section import PlanSection
from duikou.plans.models.writing import Comment, Presence, Revision, Suggestion

__all__ = [
    "Comment",
    "EntryMoney",
    "EntryProgress",
    "EntryUnit",
    "Plan",
    "PlanEntry",
    "PlanSection",
    "PlanVersion",
    "Presence",
    "Revision",
    "Suggestion",
    "UnitTask",
]
