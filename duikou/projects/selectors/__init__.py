"""Reads of this room; every one starts from the actor."""

from duikou.projects.selectors.lists import (
    COUNT_LIMIT,
    Count,
    ListFilter,
    kinds_by_chapter,
    list_count,
    list_query,
    programme_chosen,
    programmes_open,
    projects_named,
    region_named,
    region_text,
    statistics_visible,
    wordings,
)
from duikou.projects.selectors.page import project_sees, project_visible, resolved_id
from duikou.projects.selectors.parties import projects_of_organisation
from duikou.projects.selectors.scope import Scope, pairings_of, projects_visible, scope_of
from duikou.projects.selectors.sums import Cell, Totals, cells, root_id, total, totals_by_state, years

__all__ = [
    "COUNT_LIMIT",
    "Cell",
    "Count",
    "ListFilter",
    "Scope",
    "Totals",
    "cells",
    "kinds_by_chapter",
    "list_count",
    "list_query",
    "pairings_of",
    "programme_chosen",
    "programmes_open",
    "project_sees",
    "project_visible",
    "projects_named",
    "projects_of_organisation",
    "projects_visible",
    "region_named",
    "region_text",
    "resolved_id",
    "root_id",
    "scope_of",
    "statistics_visible",
    "total",
    "totals_by_state",
    "wordings",
    "years",
]
