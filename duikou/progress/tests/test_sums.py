"""The kept sums equal a recomputation, whatever happens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from duikou.kernel.errors import DomainError
from duikou.kernel.money import Money
from duikou.progress.models import MonthClose, ProgressReport, ReportSummary
from duikou.progress.services import reports as writing
from duikou.progress.services import review
from duikou.progress.services.draft import ReportDraft
from duikou.progress.services.merging import reports_follow_merge
from duikou.progress.services.summaries import series_follow, summaries_fold, summary_rebuild, summary_verify
from duikou.progress.tests.conftest import COMMAND, accepted, month_ago, said
from duikou.projects.models import Project
from duikou.projects.services.draft import draft_of
from duikou.projects.services.projects import project_update
from duikou.projects.services.steps import project_merge
from duikou.projects.services.summaries import summary_verify as projects_verify
from duikou.projects.states import Visibility
from duikou.projects.tests.conftest import build

SEEN = ("paid_over_funds", "over_planned", "gap", "first", "next_differs", "not_started")
amounts = st.one_of(st.none(), st.integers(0, 10**9).map(Money.from_cents))
drafts = st.builds(
    ReportDraft,
    has_started=st.just(True),
    invested_month=st.integers(0, 10**9).map(Money.from_cents),
    paid_month=amounts,
    funds_own=amounts,
    funds_loan=amounts,
    fall_reason=st.sampled_from(["", "", "核减"]),
)
number = st.integers(0, 50)


class Sums(RuleBasedStateMachine):
    """Any sequence of writes leaves the sums equal to a recomputation, and no accepted total falls undeclared."""

    def __init__(self) -> None:
        super().__init__()
        self.scope = transaction.atomic()
        self.scope.__enter__()
        self.world = build()
        for at, (pairing, seen) in enumerate(
            [("shenyang-beijing", Visibility.PAIRING), ("daqing-huizhou", Visibility.PUBLIC)] * 2
        ):
            self.world.project(f"项目{at}", pairing, visibility=seen)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.scope.__exit__(None, None, None)

    def pick(self, number: int, **where: Any) -> Any:
        rows = list(ProgressReport.objects.filter(**where).order_by("id"))
        return rows[number % len(rows)] if rows else None

    def project(self, number: int) -> Project:
        rows = list(Project.objects.filter(merged_into=None, programme=self.world.programme).order_by("id"))
        return rows[number % len(rows)]

    @rule(number=number, months=st.integers(0, 5), draft=drafts)
    def submit(self, number: int, months: int, draft: ReportDraft) -> None:
        project, month = self.project(number), month_ago(months)
        row = ProgressReport.objects.filter(project=project, month=month, state__in=("draft", "returned")).first()
        self.attempt(
            writing.report_submit,
            project_id=project.pk,
            month=month,
            draft=draft,
            revision=row.revision if row else 0,
            seen=SEEN,
        )

    @rule(number=number)
    def accept(self, number: int) -> None:
        self.act(review.report_accept, self.pick(number, state="submitted"))

    @rule(number=number, verb=st.sampled_from(["return", "reopen", "withdraw", "abandon", "correct"]))
    def other(self, number: int, verb: str) -> None:
        states = {"return": "submitted", "withdraw": "submitted", "abandon": "draft"}
        row = self.pick(number, state=states.get(verb, "accepted"))
        if verb == "correct" and row is not None:
            MonthClose.objects.get_or_create(
                programme=self.world.programme, month=row.month, defaults={"closed_at": row.created_at, "reports": 0}
            )
            self.attempt(writing.report_correct, report_id=row.pk, reason="更正")
        elif verb in ("return", "reopen"):
            self.act(getattr(review, f"report_{verb}"), row, reason="退回")
        elif verb in ("withdraw", "abandon"):
            self.act(getattr(writing, f"report_{verb}"), row)

    def act(self, service: Any, row: Any, **given: Any) -> None:
        if row is not None:
            self.attempt(service, report_id=row.pk, revision=row.revision, **given)

    def attempt(self, service: Any, **given: Any) -> None:
        try:
            service(actor=COMMAND, **given)
        except DomainError:
            pass

    @rule(number=number, pairing=st.sampled_from(["daqing-huizhou", "qiqihar-guangzhou"]))
    def move_project(self, number: int, pairing: str) -> None:
        project = self.project(number)
        fresh = replace(
            self.world.draft(project.name, pairing),
            visibility=Visibility.PUBLIC if number % 2 else Visibility(project.visibility),
            state=draft_of(project).state,
            completed_amount=project.completed_amount,
        )
        project_update(actor=COMMAND, project_id=project.pk, version=project.version, draft=fresh)
        series_follow([project.pk])

    @rule(one=number, other=number)
    def merge(self, one: int, other: int) -> None:
        kept, duplicate = self.project(one), self.project(other)
        if kept.pk != duplicate.pk and Project.objects.filter(merged_into=None).count() > 2:
            project_merge(
                actor=COMMAND, kept_id=kept.pk, duplicate_id=duplicate.pk, version=duplicate.version, reason="重复"
            )
            for _time in range(2):
                reports_follow_merge(kept_id=kept.pk, duplicate_id=duplicate.pk)

    @rule()
    def fold(self) -> None:
        summaries_fold()

    @invariant()
    def sums_are_right(self) -> None:
        assert summary_verify().wrong == ()
        assert projects_verify().wrong == ()


def test_sums_equal_a_recomputation_after_any_sequence(db: None) -> None:
    run_state_machine_as_test(
        Sums,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )


def test_a_wrong_sum_is_found_and_written_anew(project: Project, unit: Any, shenyang_editor: Any) -> None:
    accepted(unit.actor, shenyang_editor.actor, project, month_ago(1), said(5))
    row = ReportSummary.objects.order_by("id").first()
    assert row is not None
    ReportSummary.objects.filter(pk=row.pk).update(invested_month=row.invested_month + 1)
    assert len(summary_verify().wrong) == 1
    summary_rebuild()
    assert summary_verify().wrong == ()
