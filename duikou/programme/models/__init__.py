"""What was decided, where and between whom."""

from duikou.programme.models.blocker import BlockerKind
from duikou.programme.models.clause import Clause, ClauseFormerCode, ClauseText
from duikou.programme.models.content import Duty, Indicator, ProjectKind, ResponsibleBody, Target, Topic
from duikou.programme.models.industry import Industry
from duikou.programme.models.instrument import Programme, ProgrammeVersion
from duikou.programme.models.pairing import Pairing
from duikou.programme.models.region import Region, RegionChange, RegionName, RegionRelease
from duikou.programme.models.route import Route

__all__ = [
    "BlockerKind",
    "Clause",
    "ClauseFormerCode",
    "ClauseText",
    "Duty",
    "Indicator",
    "Industry",
    "Pairing",
    "Programme",
    "ProgrammeVersion",
    "ProjectKind",
    "Region",
    "RegionChange",
    "RegionName",
    "RegionRelease",
    "ResponsibleBody",
    "Route",
    "Target",
    "Topic",
]
