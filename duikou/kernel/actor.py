"""Who acts: the value that every service, selector and policy starts from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The roles of the domain (design/domain.md, section 3); labels live in `access`, which shows them."""

    COORDINATOR = "coordinator"
    CADRE_AUTHORITY = "cadre_authority"
    MINISTRY = "ministry"
    OFFICE_EDITOR = "office_editor"
    OFFICE_LEAD = "office_lead"
    CADRE_OFFICER = "cadre_officer"
    UNIT = "unit"
    MEMBER = "member"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    PUBLIC = "public"


NATIONWIDE = frozenset({Role.COORDINATOR, Role.CADRE_AUTHORITY, Role.MINISTRY, Role.AUDITOR})
"""Roles whose sight is not bounded by a region."""

OFFICE = frozenset({Role.OFFICE_EDITOR, Role.OFFICE_LEAD})
"""The cooperation office of one side."""

SIGNED_IN = frozenset(role for role in Role if role is not Role.PUBLIC)
EVERYONE = frozenset(Role)


class ActorKind(StrEnum):
    """What stands behind an action; printed in the audit trail."""

    PERSON = "person"
    JOB = "job"
    COMMAND = "command"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Actor:
    """One person in one membership, or a job, a command, or nobody in particular.

    `region_path` is the materialised path of the region the role covers ("210000/210100/"); "" means nation-wide
    for the roles in `NATIONWIDE` and nothing at all for the others. `admin_mode_id` is set while an operator works
    in the logged, time-limited mode.
    """

    kind: ActorKind
    role: Role
    name: str
    account_id: int | None = None
    membership_id: int | None = None
    organisation_id: int | None = None
    organisation_name: str = ""
    region_id: int | None = None
    region_path: str = ""
    region_name: str = ""
    admin_mode_id: int | None = None
    language: str = "zh-hans"
    is_organisation_admin: bool = False
    on_behalf_of: str = field(default="", compare=False)

    @classmethod
    def anonymous(cls) -> Actor:
        """Nobody in particular: sees what is published."""
        return cls(kind=ActorKind.ANONYMOUS, role=Role.PUBLIC, name="")

    @classmethod
    def job(cls, name: str) -> Actor:
        """A background job acting for the platform; sees everything, is named in the trail."""
        return cls(kind=ActorKind.JOB, role=Role.COORDINATOR, name=name)

    @classmethod
    def command(cls, name: str) -> Actor:
        """An operator's command line acting for the platform; sees everything, is named in the trail."""
        return cls(kind=ActorKind.COMMAND, role=Role.COORDINATOR, name=name)

    @property
    def is_signed_in(self) -> bool:
        """Whether a known person, job or command acts."""
        return self.kind is not ActorKind.ANONYMOUS

    @property
    def is_person(self) -> bool:
        """Whether a human being acts."""
        return self.kind is ActorKind.PERSON

    @property
    def sees_all(self) -> bool:
        """Whether rows are unbounded for this actor (nation-wide roles, jobs, an operator in admin mode)."""
        return self.role in NATIONWIDE or self.admin_mode_id is not None

    def covers(self, region_path: str) -> bool:
        """Whether the region at `region_path` is the actor's own or lies inside it."""
        if self.sees_all:
            return True
        return bool(self.region_path) and region_path.startswith(self.region_path)
