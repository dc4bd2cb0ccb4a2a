"""Companies come and go, figures are reviewed and corrected, splits add up: what may happen and what may not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from duikou.flow.models import InboxItem
from duikou.kernel.errors import Conflict, Forbidden, Invalid, Stale
from duikou.kernel.money import Money
from duikou.parks.models import Agreed, AgreedLine, Official, OfficialFigure, OfficialYear, Park
from duikou.parks.rules.spans import span_of_text
from duikou.parks.selectors import changed_since, year_totals
from duikou.parks.services.agreements import AgreementDraft, agreement_save
from duikou.parks.services.figures import figure_drop
from duikou.parks.services.parks import ParkDraft, park_open, park_save
from duikou.parks.services.residents import ResidentDraft, resident_add, resident_move, resident_save
from duikou.parks.services.review import figures_accept, figures_return, figures_submit
from duikou.parks.services.splits import SplitDraft, split_accept, split_make, split_return, split_submit
from duikou.parks.services.years import years_computed
from duikou.parks.states import MEASURES
from duikou.parks.tests.conftest import ME, accept, agreement, code_of, park_project, report, settle, share_out, wan
from duikou.projects.models import Project
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
YEAR = span_of_text("2024")
assert YEAR is not None


def test_only_kinds_that_carry_a_park_have_its_page_and_only_one(park: Park, shenyang_editor: Any) -> None:
    with pytest.raises(Conflict):
        park_open(actor=shenyang_editor.actor, project_id=park.project_id, draft=ParkDraft())
    plain = park_project("不是园区")
    Project.objects.filter(pk=plain.pk).update(kind=None)
    with pytest.raises(Forbidden):
        park_open(actor=shenyang_editor.actor, project_id=plain.pk, draft=ParkDraft())


def test_facts_are_refused_by_field_and_stale_saves_by_name(park: Park, shenyang_editor: Any, member: Any) -> None:
    late, early = dt.date(2020, 1, 1), dt.date(2019, 1, 1)
    draft = ParkDraft(manager_id=member.organisation.pk, valid_from=late, valid_to=early)
    with pytest.raises(Invalid) as refused:
        park_save(actor=shenyang_editor.actor, park_id=park.pk, revision=park.revision, draft=draft)
    assert set(refused.value.fields) == {"manager", "valid_to"}
    park_save(actor=shenyang_editor.actor, park_id=park.pk, revision=park.revision, draft=ParkDraft(company="甲公司"))
    with pytest.raises(Stale):
        park_save(actor=shenyang_editor.actor, park_id=park.pk, revision=park.revision, draft=ParkDraft(company="乙"))


def test_one_company_is_in_a_park_once_at_a_time_and_may_come_back(park: Park) -> None:
    code = code_of(1)
    first = settle(park, "甲公司", uscc=code)
    for name, uscc in (("甲公司改名", code), ("甲公司", "")):
        with pytest.raises(Invalid) as refused:
            settle(park, name, uscc=uscc, moved_in_on=dt.date(2023, 1, 1))
        assert "已在本园区登记" in str(refused.value.fields)
    first = resident_move(
        actor=ME, resident_id=first.pk, revision=first.revision, verb="leave", on=dt.date(2022, 5, 1), reason="搬迁"
    )
    with pytest.raises(Invalid):
        settle(park, "甲公司", uscc=code, moved_in_on=dt.date(2022, 4, 30))
    back = settle(park, "甲公司", uscc=code, moved_in_on=dt.date(2022, 5, 1))
    with pytest.raises(Invalid):
        settle(park, "甲公司", uscc=code, state="talking", moved_in_on=None)
    assert back.pk != first.pk


def test_what_is_wrong_with_a_company_stands_at_its_field(park: Park) -> None:
    for field, facts in {
        "uscc": {"uscc": "91210100MA0000000X"},
        "name": {"name": " …… "},
        "moved_out_on": {"state": "left", "out_reason": "搬迁"},
        "out_reason": {"state": "left", "moved_out_on": dt.date(2021, 1, 1)},
        "produced_on": {"moved_in_on": dt.date(2021, 1, 1), "produced_on": dt.date(2020, 1, 1)},
        "moved_in_on": {"moved_in_on": dt.date(2099, 1, 1)},
        "origin": {"origin": "mars"},
    }.items():
        with pytest.raises(Invalid) as refused:
            resident_add(actor=ME, park_id=park.pk, draft=ResidentDraft(**{"name": "某公司", **facts}))
        assert field in refused.value.fields, field


def test_a_company_moves_along_its_steps_and_a_wrong_state_needs_a_reason(park: Park) -> None:
    row = settle(park, "乙公司", state="talking", moved_in_on=None)
    row = resident_move(actor=ME, resident_id=row.pk, revision=row.revision, verb="sign", on=dt.date(2021, 1, 1))
    row = resident_move(actor=ME, resident_id=row.pk, revision=row.revision, verb="produce", on=dt.date(2022, 1, 1))
    with pytest.raises(Conflict):
        resident_move(actor=ME, resident_id=row.pk, revision=row.revision, verb="build")
    with pytest.raises(Invalid):
        resident_move(actor=ME, resident_id=row.pk, revision=row.revision, verb="leave", on=dt.date(2023, 1, 1))
    draft = ResidentDraft(name="乙公司", state="building", moved_in_on=dt.date(2021, 1, 1))
    with pytest.raises(Invalid):
        resident_save(actor=ME, resident_id=row.pk, revision=row.revision, draft=draft)
    saved = resident_save(actor=ME, resident_id=row.pk, revision=row.revision, draft=draft, reason="登记有误")
    assert saved.state == "building"


def test_figures_are_checked(park: Park) -> None:
    row = settle(park)
    for facts in ({"tax": -1}, {"tax": 1, "vat": 1, "cit": 1}, {}, {"jobs": 2_000_000}):
        with pytest.raises(Invalid):
            report(row, **facts)
    for span in ("2019", "2099", "1980"):
        with pytest.raises(Invalid):
            report(row, span, tax=1)
    assert report(row, profit=-5).profit == Official(wan(-5))


def test_saving_the_same_twice_is_one_row_and_one_event(park: Park) -> None:
    row = settle(park)
    first, again = report(row, tax=1), report(row, tax=1)
    assert (first.pk, first.revision) == (again.pk, again.revision)
    assert OfficialFigure.objects.count() == 1
    assert AuditEvent.objects.filter(action__startswith="parks.figure.").count() == 1


def test_accepted_rows_are_locked_and_corrected_by_a_new_row_with_a_reason(
    park: Park, shenyang_editor: Any, shenyang_lead: Any, beijing_lead: Any, unit: Any
) -> None:
    row = settle(park)
    figure = report(row, actor=unit.actor, tax=100)
    assert figures_submit(actor=unit.actor, park_id=park.pk, span=YEAR) == 1
    assert InboxItem.objects.filter(kind="parks.review", state="open").count() == 1
    with pytest.raises(Forbidden):
        report(row, actor=unit.actor, tax=90)
    with pytest.raises(Forbidden):
        figures_accept(actor=unit.actor, park_id=park.pk, span=YEAR)
    with pytest.raises(Forbidden):
        figures_accept(actor=beijing_lead.actor, park_id=park.pk, span=YEAR)
    assert figures_return(actor=shenyang_lead.actor, park_id=park.pk, span=YEAR, reason="请核对税额") == 1
    assert not InboxItem.objects.filter(kind="parks.review", state="open").exists()
    report(row, actor=unit.actor, tax=90)
    figures_submit(actor=shenyang_editor.actor, park_id=park.pk, span=YEAR)
    with pytest.raises(Conflict):
        figures_accept(actor=shenyang_editor.actor, park_id=park.pk, span=YEAR)
    assert figures_accept(actor=shenyang_lead.actor, park_id=park.pk, span=YEAR) == 1
    assert OfficialYear.objects.get().tax == Official(wan(90))
    with pytest.raises(Invalid):
        report(row, actor=unit.actor, tax=95)
    correction = report(row, actor=unit.actor, tax=95, reason="决算数")
    assert OfficialYear.objects.get().tax == Official(wan(90))
    accept(park)
    figure.refresh_from_db()
    assert (figure.state, correction.corrects_id) == ("superseded", figure.pk)
    assert figure.tax == Official(wan(90))
    assert OfficialYear.objects.get().tax == Official(wan(95))


def test_a_draft_may_go_and_an_accepted_row_may_not(park: Park) -> None:
    row = settle(park)
    draft = report(row, tax=1)
    figure_drop(actor=ME, figure_id=draft.pk, revision=draft.revision)
    report(row, tax=1)
    accept(park)
    figure = OfficialFigure.objects.get()
    with pytest.raises(Forbidden):
        figure_drop(actor=ME, figure_id=figure.pk, revision=figure.revision)


def test_a_year_and_its_quarters_agree_or_say_why(park: Park) -> None:
    row = settle(park)
    for quarter in range(1, 5):
        report(row, f"2024Q{quarter}", tax=10)
        accept(park, f"2024Q{quarter}")
    assert OfficialYear.objects.get().tax == Official(wan(40))
    report(row, tax=41)
    with pytest.raises(Invalid) as refused:
        figures_submit(actor=ME, park_id=park.pk, span=YEAR)
    assert row.name in str(refused.value)
    report(row, tax=41, note="年度决算调整")
    accept(park)
    assert OfficialYear.objects.get().tax == Official(wan(41))


def test_a_split_adds_up_names_its_agreement_and_takes_nobody_twice(
    park: Park, shenyang_editor: Any, beijing_editor: Any
) -> None:
    for number in range(3):
        report(settle(park, f"企业{number}"), tax="0.0003")
    accept(park)
    row = agreement(park)
    draft = SplitDraft(row.pk, 2024, "tax", Decimal(1), Decimal(2))
    made = split_make(actor=shenyang_editor.actor, park_id=park.pk, draft=draft)
    with pytest.raises(Forbidden):
        split_accept(actor=shenyang_editor.actor, split_id=made.pk, revision=made.revision)
    made = split_submit(actor=shenyang_editor.actor, split_id=made.pk, revision=made.revision)
    with pytest.raises(Forbidden):
        split_accept(actor=shenyang_editor.actor, split_id=made.pk, revision=made.revision)
    made = split_return(actor=beijing_editor.actor, split_id=made.pk, revision=made.revision, reason="比例写反了")
    made = split_submit(actor=shenyang_editor.actor, split_id=made.pk, revision=made.revision)
    made = split_accept(actor=beijing_editor.actor, split_id=made.pk, revision=made.revision)
    assert made.ratio == "1:2"
    for line in made.lines.all():
        assert line.first_share + line.second_share == line.whole
    with pytest.raises(Invalid):
        split_make(actor=shenyang_editor.actor, park_id=park.pk, draft=draft)
    line = made.lines.first()
    assert line is not None
    with transaction.atomic(), pytest.raises(IntegrityError):
        AgreedLine.objects.filter(pk=line.pk).update(first_share=Agreed(Money(5)))


def test_a_corrected_split_replaces_the_former_one_and_says_what_became_stale(park: Park) -> None:
    row = settle(park)
    report(row, tax=100)
    accept(park)
    made = share_out(park)
    report(row, tax=120, reason="决算")
    accept(park)
    assert changed_since(split=made) == 1
    draft = SplitDraft(made.agreement_id, 2024, "tax", Decimal(4), Decimal(6))
    with pytest.raises(Invalid):
        split_make(actor=ME, park_id=park.pk, draft=draft, replaces_id=made.pk)
    newer = split_make(actor=ME, park_id=park.pk, draft=draft, replaces_id=made.pk, reason="在地数更正")
    newer = split_submit(actor=ME, split_id=newer.pk, revision=newer.revision)
    newer = split_accept(actor=ME, split_id=newer.pk, revision=newer.revision)
    made.refresh_from_db()
    assert made.state == "superseded"
    (one,) = year_totals(actor=ME, park=park)
    share = one.cells["tax"].agreed
    assert share is not None
    assert (share.first, share.second) == (Agreed(wan(48)), Agreed(wan(72)))
    assert one.cells["tax"].official == Official(wan(120))


def test_a_ratio_stays_once_a_split_rests_on_it_and_agreements_supersede_without_rings(park: Park) -> None:
    older = agreement(park)
    newer = agreement(park, supersedes_id=older.pk)
    facts = {"kind": "joint", "title": "协议", "first_party": "甲", "second_party": "乙"}
    draft = AgreementDraft(**facts, supersedes_id=newer.pk)
    with pytest.raises(Invalid):
        agreement_save(actor=ME, agreement_id=older.pk, revision=older.revision, draft=draft)
    with pytest.raises(Invalid):
        agreement(park, supersedes_id=older.pk)
    report(settle(park), tax=1)
    accept(park)
    share_out(park, agreement_id=newer.pk)
    with pytest.raises(Conflict):
        agreement_save(actor=ME, agreement_id=newer.pk, revision=newer.revision, draft=AgreementDraft(**facts))


def test_the_columns_of_the_database_refuse_one_another(park: Park) -> None:
    row = settle(park)
    figure = report(row, tax=1)
    for wrong in (Agreed(Money(1)), Money(1), 1):
        figure.tax = wrong
        with pytest.raises(TypeError):
            figure.save()


class TestYears(TestCase):
    """Kept years equal a recomputation, after any sequence of reports and acceptances."""

    @settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["2024", "2024Q1", "2024Q2", "2024-01", "2024-05"]),
                st.integers(0, 1),
                st.integers(0, 1000),
                st.booleans(),
            ),
            max_size=12,
        )
    )
    def test_they_are_proved(self, steps: list[tuple[str, int, int, bool]]) -> None:
        from duikou.access.models import Account  # noqa: F401 - the cast stands in the database

        project = park_project()
        park = park_open(actor=ME, project_id=project.pk, draft=ParkDraft())
        rows = [settle(park, f"企业{number}") for number in range(2)]
        for span, who, tax, accepts in steps:
            report(rows[who], span, tax=tax, note="说明", reason="更正")
            if accepts:
                accept(park, span)
        kept = {row.resident_id: row for row in OfficialYear.objects.filter(park=park)}
        again = {
            row.resident_id: row for row in years_computed(park=park, resident_ids=[one.pk for one in rows], year=2024)
        }
        assert kept.keys() == again.keys()
        for pk, row in kept.items():
            assert row.months == again[pk].months
            assert [getattr(row, name) for name in MEASURES] == [getattr(again[pk], name) for name in MEASURES]
