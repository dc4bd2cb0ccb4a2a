"""Blockers, their steps and pauses, and the rules by which they find their owners."""

from duikou.greenchannel.models.request import GreenChannelRequest, RequestPause, RequestStep
from duikou.greenchannel.models.rule import OwnerRule, Parameter
from duikou.greenchannel.states import LIVE, Basis, RequestState, Side, StepKind

__all__ = [
    "LIVE",
    "Basis",
    "GreenChannelRequest",
    "OwnerRule",
    "Parameter",
    "RequestPause",
    "RequestState",
    "RequestStep",
    "Side",
    "StepKind",
]
