"""Who acts."""

from duikou.access.models.account import Account
from duikou.access.models.admin_mode import AdminMode
from duikou.access.models.contact import OrganisationContact, PersonalDataRead
from duikou.access.models.invitation import Invitation
from duikou.access.models.membership import Membership
from duikou.access.models.organisation import Organisation

__all__ = [
    "Account",
    "AdminMode",
    "Invitation",
    "Membership",
    "Organisation",
    "OrganisationContact",
    "PersonalDataRead",
]
