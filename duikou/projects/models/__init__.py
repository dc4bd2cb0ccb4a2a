"""What is being done, by whom, and what is said of it in public."""

from duikou.projects.models.contested import ContestedFigure
from duikou.projects.models.link import ProjectEntry
from duikou.projects.models.near import ProjectNearKey
from duikou.projects.models.party import ProjectParty
from duikou.projects.models.project import Project, ProjectClause
from duikou.projects.models.statistic import ReportedStatistic
from duikou.projects.models.step import ProjectStep
from duikou.projects.models.subscription import ProjectNews, Subscription
from duikou.projects.models.summary import CellSummary, RegionCellSummary, RegionYearSummary, YearSummary
from duikou.projects.models.wording import StateWording
from duikou.projects.states import Measure, Opinion, PartyRole, ProjectState, Side, Visibility

__all__ = [
    "CellSummary",
    "ContestedFigure",
    "Measure",
    "Opinion",
    "PartyRole",
    "Project",
    "ProjectClause",
    "ProjectEntry",
    "ProjectNearKey",
    "ProjectNews",
    "ProjectParty",
    "ProjectState",
    "ProjectStep",
    "RegionCellSummary",
    "RegionYearSummary",
    "ReportedStatistic",
    "Side",
    "StateWording",
    "Subscription",
    "Visibility",
    "YearSummary",
]
