"""What goes through routes; rooms register theirs in `apps.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from duikou.kernel.actor import Actor
from duikou.kernel.errors import NotFound

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from duikou.flow.models.route import RouteRun, RouteStep


class Sight(Protocol):
    """Whether the actor may know of the subject."""

    def __call__(self, *, actor: Actor, subject_id: str) -> Any: ...


class Moment(Protocol):
    """Called inside the engine's transaction; a `DomainError` refuses the act, and nothing is written.

    What the steps asked for (a document's number, say) is `run.given()`.
    """

    def __call__(self, *, actor: Actor, run: RouteRun) -> None: ...


class StageMoment(Protocol):
    """As `Moment`, when a stage is complete."""

    def __call__(self, *, actor: Actor, run: RouteRun, stage_code: str) -> None: ...


class WithdrawMoment(Protocol):
    """As `Moment`, when its senders took the matter back."""

    def __call__(self, *, actor: Actor, run: RouteRun, reason: str) -> None: ...


class ReturnMoment(Protocol):
    """As `Moment`, when a step sent the matter back (`step.returned_to`: a step's code or "author")."""

    def __call__(self, *, actor: Actor, run: RouteRun, step: RouteStep, reason: str) -> None: ...


class Said(Protocol):
    """Something said of a subject: its address, its present digest."""

    def __call__(self, subject_id: str) -> str: ...


def _nothing(**_ids: Any) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of thing that goes through routes.

    `kind` is the `SubjectRef.kind` of its runs ("plans.planversion"), `label` what the kind is called, `url` the
    address of one, `may_see` whether a person may know of one (else 404). `digest`, where it is given, is asked at
    every act: when it is not the one the run began with, the act is refused as stale.
    """

    kind: str
    may_see: Sight
    url: Said
    label: _StrPromise | str = ""
    on_start: Moment = _nothing
    on_stage: StageMoment = _nothing
    on_return: ReturnMoment = _nothing
    on_withdraw: WithdrawMoment = _nothing
    on_finish: Moment = _nothing
    digest: Said | None = None


_subjects: dict[str, Subject] = {}


def register_subject(subject: Subject) -> Subject:
    """Add a kind (once, in `apps.py`)."""
    _subjects[subject.kind] = subject
    return subject


def subject_of_kind(kind: str) -> Subject:
    """The kind's registration; `NotFound` where no room owns it (any more)."""
    found = _subjects.get(kind)
    if found is None:
        raise NotFound
    return found
