"""Reports of the demonstration, and many made up in bulk."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.conf import settings

from bench.generate_reports import generate
from duikou.kernel.errors import Conflict
from duikou.kernel.money import Money
from duikou.progress.models import ProgressReport, ReportSeries
from duikou.progress.rules.figures import faults
from duikou.progress.selectors import figures_of
from duikou.progress.services.demonstration import MARK, reports_demonstrate
from duikou.progress.services.summaries import summary_verify
from duikou.progress.tests.conftest import COMMAND, make


def test_the_demonstration_is_marked_made_once_and_touches_no_record(
    pairing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make(pairing, planned_amount=Money(10**9))
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    with pytest.raises(Conflict):
        reports_demonstrate(actor=COMMAND)
    monkeypatch.setattr(settings, "DEMONSTRATION", True)
    assert reports_demonstrate(actor=COMMAND) == 4
    assert reports_demonstrate(actor=COMMAND) == 0
    assert set(ProgressReport.objects.values_list("remark", "state")) == {(MARK, "submitted")}
    project.refresh_from_db()
    assert project.completed_amount is None


def test_what_is_made_in_bulk_is_what_the_services_would_have_kept(pairing: Any) -> None:
    generate(60, months=6)
    assert ProgressReport.objects.count() == 60
    assert ReportSeries.objects.count() == 10
    assert summary_verify().wrong == ()
    for series in ReportSeries.objects.all():
        rows = [figures_of(row) for row in ProgressReport.objects.filter(project=series.pk).order_by("month")]
        for before, row in itertools.pairwise(rows):
            assert not faults(row, before)
