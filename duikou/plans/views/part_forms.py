"""The forms of sections and entries with the choices that a version leaves."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from duikou.access.selectors.organisations import organisations_visible
from duikou.plans import selectors
from duikou.plans.forms import EntryForm, SectionForm, organisations_named
from duikou.plans.models import PlanVersion
from duikou.plans.selectors import lists
from duikou.plans.services import decomposition
from duikou.plans.services.entries import EntryDraft
from duikou.plans.services.sections import SectionDraft


def section_form(version: PlanVersion, *args: Any, **given: Any) -> SectionForm:
    """The form of a section with the clauses of the plan's instrument."""
    return SectionForm(*args, **given, clauses=lists.clauses_of(version.plan.programme))


def section_words(draft: SectionDraft) -> dict[str, Any]:
    """What a writer filled in, as a refused text keeps it."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(draft).items()}


def entry_form(version: PlanVersion, **given: Any) -> EntryForm:
    """The form of an entry with the choices that this version leaves."""
    above = version.plan.parent and decomposition.source_of(version.plan.parent)
    return EntryForm(
        **given,
        content=selectors.content_of(version),
        clauses=lists.clauses_of(version.plan.programme),
        indicators=lists.indicators_of(version.plan.programme),
        above=selectors.content_of(above) if above else None,
    )


def entry_draft(actor: Any, form: EntryForm, before: dict[str, Any] | None) -> EntryDraft:
    """What was filled in, with the organisations that the names mean."""
    return form.draft(organisations_named(form.unit_names(), organisations_visible(actor=actor)), before)
