"""Project codes, a kind's own fields, and the lifecycle."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duikou.kernel.tests.machines import reachable
from duikou.projects.rules import (
    BadCode,
    CodeFault,
    ValueFault,
    completion_rate,
    parse_project_code,
    typed_values,
)
from duikou.projects.states import GATES, GROUP_OF, PROJECT, VERB_LABELS, Need, ProjectState, Standing, unmet

digits = st.text("0123456789", min_size=1, max_size=6)


@given(
    st.integers(0, 99),
    st.integers(1, 12),
    st.integers(0, 999999),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 99999),
    st.sampled_from("0123456789ABXZ"),
)
def test_a_code_of_the_right_form_is_read(year, month, region, department, kind, serial, check):
    text = f"{year:02d}{month:02d}-{region:06d}-{department:02d}-{kind:02d}-{serial:05d}{check}"
    assert len(text) == 24
    code = parse_project_code(f"  {text.lower()} ")
    assert (code.text, code.year, code.month, code.region) == (text, 2000 + year, month, f"{region:06d}")


def test_full_width_and_long_hyphens_are_folded():
    assert parse_project_code("２４０１－２３０１００—04–01-123456").text == "2401-230100-04-01-123456"


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_by_name(text):
    try:
        code = parse_project_code(text)
    except BadCode:
        return
    assert len(code.text) == 24


@pytest.mark.parametrize("month", ["00", "13", "99"])
def test_a_month_that_is_none_is_refused(month):
    with pytest.raises(BadCode) as bad:
        parse_project_code(f"24{month}-230100-04-01-123456")
    assert bad.value.fault is CodeFault.MONTH


FIELDS = [
    {"key": "n", "type": "int", "required": True},
    {"key": "m", "type": "money"},
    {"key": "d", "type": "date"},
    {"key": "b", "type": "bool"},
    {"key": "c", "type": "choice", "choices": [{"value": "x", "label": "甲"}]},
    {"key": "t", "type": "text"},
]


def test_values_are_typed_and_kept_exactly():
    typed = typed_values(
        FIELDS, {"n": "1,200", "m": "3.10", "d": dt.date(2020, 1, 2), "b": "是", "c": "甲", "t": " 文 "}
    )
    assert typed.faults == {}
    assert typed.values == {"n": 1200, "m": "3.10", "d": "2020-01-02", "b": True, "c": "x", "t": "文"}


@pytest.mark.parametrize(
    ("given_values", "fault"),
    [
        ({}, ("n", ValueFault.REQUIRED)),
        ({"n": "1.5"}, ("n", ValueFault.TYPE)),
        ({"n": "很多"}, ("n", ValueFault.TYPE)),
        ({"n": 1, "m": "1.234"}, ("m", ValueFault.TYPE)),
        ({"n": 1, "m": "NaN"}, ("m", ValueFault.TYPE)),
        ({"n": 1, "d": "2020-13-01"}, ("d", ValueFault.TYPE)),
        ({"n": 1, "b": "也许"}, ("b", ValueFault.TYPE)),
        ({"n": 1, "c": "乙"}, ("c", ValueFault.CHOICE)),
        ({"n": 1, "t": "长" * 3000}, ("t", ValueFault.LENGTH)),
        ({"n": 1, "z": 1}, ("z", ValueFault.UNKNOWN)),
    ],
)
def test_a_value_that_does_not_fit_is_named(given_values, fault):
    assert typed_values(FIELDS, given_values).faults == dict([fault])


@given(
    st.dictionaries(st.sampled_from(["n", "m", "d", "b", "c", "t"]), st.text(max_size=30) | st.integers() | st.none())
)
def test_no_input_breaks_the_reading(values):
    typed_values(FIELDS, values)


def test_the_rate_is_of_what_was_signed():
    assert completion_rate(Decimal("410.4"), Decimal("1136.8")) == Decimal("36.1")
    assert completion_rate(Decimal(0), Decimal(0)) is None


def test_every_state_is_reached_and_only_closed_is_final():
    assert reachable(PROJECT, ProjectState.LEAD) == frozenset(ProjectState)
    assert [state for state in ProjectState if not PROJECT.verbs(state)] == [ProjectState.CLOSED]
    assert set(GROUP_OF) == set(ProjectState)


def test_every_step_has_words_and_every_gate_belongs_to_a_step():
    verbs = {verb for steps in PROJECT.table.values() for verb in steps}
    assert verbs == set(VERB_LABELS)
    assert set(GATES) <= verbs


def test_one_resumes_only_where_one_stopped():
    standing = Standing(ProjectState.SUSPENDED, ProjectState.STARTED.value)
    open_again = [
        verb
        for verb in PROJECT.verbs(ProjectState.SUSPENDED)
        if Need.SAME_AS_BEFORE not in unmet(standing, verb, has_date=True, has_reason=True)
    ]
    assert open_again == ["resume_work", "terminate"]
