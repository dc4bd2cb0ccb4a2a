"""Reads of the room; every one starts from the actor, or from a version that one has found for the actor."""

from duikou.plans.selectors.completeness import Completeness, Coverage, completeness, coverage
from duikou.plans.selectors.content import content_of
from duikou.plans.selectors.lists import version_with_digest
from duikou.plans.selectors.scope import plan_visible, plans_visible, version_visible, versions_visible

__all__ = [
    "Completeness",
    "Coverage",
    "completeness",
    "content_of",
    "coverage",
    "plan_visible",
    "plans_visible",
    "version_visible",
    "version_with_digest",
    "versions_visible",
]
