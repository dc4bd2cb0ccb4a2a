"""Imports people make, what was found in their rows, and what they decided."""

from duikou.intake.models.decision import ImportDecision
from duikou.intake.models.finding import ImportFinding
from duikou.intake.models.run import ColumnMemory, ImportRun

__all__ = ["ColumnMemory", "ImportDecision", "ImportFinding", "ImportRun"]
