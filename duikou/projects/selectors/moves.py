"""Where a project may go from where it stands, for pages that show many at once."""

from __future__ import annotations

from dataclasses import dataclass

from duikou.projects.models import Project
from duikou.projects.states import PROJECT, STATE_LABELS, VERB_LABELS, ProjectState


@dataclass(frozen=True, slots=True)
class Move:
    """One step: its verb, its words, and the state it leads to."""

    verb: str
    label: str
    target: str


def states_named() -> list[tuple[str, str]]:
    """Every state with its words, in the order of the lifecycle."""
    return [(state.value, str(label)) for state, label in STATE_LABELS.items()]


def moves_of(project: Project) -> list[Move]:
    """The steps that the table knows from the project's state; from a suspension only the way back, and the end."""
    before = project.state_before_suspension
    found = []
    for verb, target in PROJECT.table[ProjectState(project.state)].items():
        if verb.startswith("resume_") and target.value != before:
            continue
        found.append(Move(verb, str(VERB_LABELS[verb]), target.value))
    return found
