"""Parks, what was signed about them, who settled there, and their figures in two columns."""

from duikou.parks.models.figure import OfficialFigure, OfficialYear
from duikou.parks.models.park import Park, ParkAgreement
from duikou.parks.models.resident import Resident
from duikou.parks.models.split import AgreedLine, AgreedSplit
from duikou.parks.rules.amounts import Agreed, Official

__all__ = [
    "Agreed",
    "AgreedLine",
    "AgreedSplit",
    "Official",
    "OfficialFigure",
    "OfficialYear",
    "Park",
    "ParkAgreement",
    "Resident",
]
