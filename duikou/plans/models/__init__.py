"""What was promised."""

from duikou.plans.models.entry import EntryMoney, EntryProgress, EntryUnit, PlanEntry, UnitTask
from duikou.plans.models.plan import Plan, PlanVersion
from duikou.plans.models.section import PlanSection
from duikou.plans.models.writing import Comment, Presence, Revision, Suggestion
from duikou.plans.states import (
    DEMANDED,
    DUTY_OF_KIND,
    SEALED,
    STATE_LABELS,
    EntryState,
    MoneySource,
    Part,
    PlanKind,
    Side,
    SuggestionState,
    VersionState,
)

__all__ = [
    "DEMANDED",
    "DUTY_OF_KIND",
    "SEALED",
    "STATE_LABELS",
    "EntryState",
    "MoneySource",
    "Part",
    "PlanKind",
    "Side",
    "SuggestionState",
    "VersionState",
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
