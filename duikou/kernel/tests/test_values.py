"""Actors, verdicts, lifecycles, time and text."""

import datetime as dt
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel import clock, permissions
from duikou.kernel.actor import NATIONWIDE, Actor, ActorKind, Role
from duikou.kernel.errors import Conflict, Forbidden
from duikou.kernel.fields import mask
from duikou.kernel.tests.machines import reachable
from duikou.kernel.text import clean, near_key, normalise
from duikou.kernel.transitions import Machine
from duikou.kernel.verdict import Verdict


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    OFF = "off"


LIGHT = Machine({Light.RED: {"go": Light.GREEN}, Light.GREEN: {"stop": Light.RED, "end": Light.OFF}})


def test_a_step_that_is_not_in_the_table_is_refused():
    assert LIGHT.go(Light.RED, "go") is Light.GREEN
    with pytest.raises(Conflict):
        LIGHT.go(Light.OFF, "go")
    assert LIGHT.verbs(Light.GREEN) == ("stop", "end")
    assert reachable(LIGHT, Light.RED) == frozenset(Light)


def test_a_refusal_carries_its_reason():
    with pytest.raises(Forbidden, match="只有"):
        Verdict.no("只有本方办公室可以修改").or_raise()
    assert not Verdict.no("x")
    assert Verdict.yes()


def _person(role: Role, path: str = "") -> Actor:
    return Actor(kind=ActorKind.PERSON, role=role, name="x", region_path=path)


paths = st.lists(st.from_regex(r"[1-9][0-9]{5}", fullmatch=True), min_size=1, max_size=3).map(
    lambda codes: "".join(f"{code}/" for code in codes)
)


@given(paths, paths, st.sampled_from([role for role in Role if role not in NATIONWIDE]))
def test_a_regional_role_covers_its_own_tree_and_nothing_else(own, other, role):
    actor = _person(role, own)
    assert actor.covers(own)
    assert actor.covers(own + other)
    assert actor.covers(other) == other.startswith(own)


@given(paths)
def test_a_role_without_region_covers_nothing_unless_nationwide(path):
    assert not _person(Role.OFFICE_EDITOR).covers(path)
    assert not Actor.anonymous().covers(path)
    assert _person(Role.AUDITOR).covers(path)


def test_a_permission_that_nobody_declared_is_an_error_not_a_yes():
    with pytest.raises(LookupError):
        permissions.check(Actor.job("x"), "nowhere.nothing.do")


def test_working_days_skip_the_national_holiday():
    # State Council calendar 2024: 1-7 October off, 29 September and 12 October worked.
    assert clock.add_working_days(dt.date(2024, 9, 30), 1) == dt.date(2024, 10, 8)
    assert clock.is_working_day(dt.date(2024, 10, 12))
    assert clock.is_working_day(dt.date(2999, 1, 1)) == (dt.date(2999, 1, 1).weekday() < 5)


@given(st.dates(dt.date(2010, 1, 1), dt.date(2040, 1, 1)), st.integers(0, 40))
def test_adding_working_days_ends_on_a_working_day(start, days):
    end = clock.add_working_days(start, days)
    assert end >= start
    assert days == 0 or clock.is_working_day(end)


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)
    assert clean(clean(text)) == clean(text)
    assert near_key(near_key(text)) == near_key(text)


def test_names_written_alike_have_one_key():
    assert near_key("深圳（哈尔滨）产业园区") == near_key(" 深圳(哈尔滨) 产业园区 ")
    assert near_key("深哈·科创总部") == near_key("深哈-科创总部")


@given(st.text(min_size=1, max_size=20))
def test_a_mask_hides_all_but_the_first_character(text):
    hidden = mask(text)
    assert hidden[0] == text[0]
    assert set(hidden[1:]) <= {"*"}
    assert len(hidden) > 1
