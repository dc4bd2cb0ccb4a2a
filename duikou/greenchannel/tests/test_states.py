"""The transition table: every state is reached, every open one can end, and only the asker's agreement solves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duikou.greenchannel.states import (
    ASKER_VERBS,
    LIVE,
    OWNER_VERBS,
    PAUSED,
    REQUEST,
    RUNNING,
    SAID,
    STATE_LABELS,
    VERB_LABELS,
    VERBS,
    WORDS_LABELS,
    RequestState,
)


def test_every_state_is_reached_from_the_first() -> None:
    reached, fresh = {RequestState.RAISED}, [RequestState.RAISED]
    while fresh:
        found = {REQUEST.go(state, verb) for state in fresh for verb in REQUEST.verbs(state)} - reached
        reached |= found
        fresh = list(found)
    assert reached == set(RequestState) == set(STATE_LABELS)


def test_every_open_state_can_end_and_no_ended_one_goes_on() -> None:
    for state in RequestState:
        if state in LIVE:
            assert REQUEST.allows(state, "withdraw")
        else:
            assert REQUEST.verbs(state) == ()


def test_only_the_askers_agreement_solves() -> None:
    ways = {(state, verb) for state in RequestState for verb in REQUEST.verbs(state)}
    solving = {(state, verb) for state, verb in ways if REQUEST.go(state, verb) is RequestState.SOLVED}
    assert solving == {(RequestState.PROPOSED, "agree")}
    assert "agree" in ASKER_VERBS


def test_the_clock_runs_or_stands_in_every_open_state() -> None:
    assert set(RUNNING) | set(PAUSED) == set(LIVE)
    assert not set(RUNNING) & set(PAUSED)


def test_every_verb_has_its_words_and_its_step() -> None:
    verbs = {verb for state in RequestState for verb in REQUEST.verbs(state)}
    assert verbs - {"reassign"} == set(VERBS) == set(VERB_LABELS) == set(WORDS_LABELS) == set(SAID)
    assert not set(OWNER_VERBS) & set(ASKER_VERBS)


@given(st.lists(st.sampled_from([*VERBS, "reassign"]), max_size=30))
def test_any_walk_of_verbs_stays_in_the_table(verbs: list[str]) -> None:
    state = RequestState.RAISED
    for verb in verbs:
        if REQUEST.allows(state, verb):
            before, state = state, REQUEST.go(state, verb)
            assert verb == "agree" or state is not RequestState.SOLVED
            assert before in LIVE
