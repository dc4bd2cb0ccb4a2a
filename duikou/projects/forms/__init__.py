"""Forms of projects: what people type, turned into drafts."""

from duikou.projects.forms.bulk import BulkForm
from duikou.projects.forms.facts import ProjectForm, industry_of, initial_of
from duikou.projects.forms.fields import AmountField, DayField, amount_text, extra_text
from duikou.projects.forms.figures import AnswerForm, ContestForm, DifferenceFilters
from duikou.projects.forms.parties import LinkForm, PartyForm, parties_of
from duikou.projects.forms.steps import CorrectForm, MergeForm, OpinionForm, StepForm, WordingForm

__all__ = [
    "AmountField",
    "AnswerForm",
    "BulkForm",
    "ContestForm",
    "CorrectForm",
    "DayField",
    "DifferenceFilters",
    "LinkForm",
    "MergeForm",
    "OpinionForm",
    "PartyForm",
    "ProjectForm",
    "StepForm",
    "WordingForm",
    "amount_text",
    "extra_text",
    "industry_of",
    "initial_of",
    "parties_of",
]
