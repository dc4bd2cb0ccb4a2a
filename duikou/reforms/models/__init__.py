"""Measures, what regions make of them, what is said and counted of them."""

from duikou.reforms.models.adoption import Adoption, EffectFigure, EffectReport
from duikou.reforms.models.count import CountStatement
from duikou.reforms.models.measure import MeasureContact, ReformMeasure
from duikou.reforms.models.talk import Talk

__all__ = [
    "Adoption",
    "CountStatement",
    "EffectFigure",
    "EffectReport",
    "MeasureContact",
    "ReformMeasure",
    "Talk",
]
