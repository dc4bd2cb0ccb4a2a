"""What was promised."""

from duikou.plans.models.entry import EntryMoney, EntryProgress, EntryUnit, PlanEntry, UnitTask
from duikou.plans.models.plan import Plan, PlanVersion
from duikou.plans.models.section import PlanSection
from duikou.plans.models.writing import Comment, Presence, RefusedText, Revision, Suggestion
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
    "Comment",
    "EntryMoney",
    "EntryProgress",
    "EntryState",
    "EntryUnit",
    "MoneySource",
    "Part",
    "Plan",
    "PlanEntry",
    "PlanKind",
    "PlanSection",
    "PlanVersion",
    "Presence",
    "RefusedText",
    "Revision",
    "Side",
    "Suggestion",
    "SuggestionState",
    "UnitTask",
    "VersionState",
]
