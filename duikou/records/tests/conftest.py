"""People and helpers of this room's tests."""

import pytest

from duikou.kernel.actor import Actor, ActorKind, Role


@pytest.fixture
def alice():
    return Actor(
        kind=ActorKind.PERSON,
        role=Role.OFFICE_EDITOR,
        name="王丽",
        account_id=7,
        organisation_id=3,
        organisation_name="辽宁省发展改革委",
        region_path="210000/",
    )


@pytest.fixture
def auditor():
    return Actor(kind=ActorKind.PERSON, role=Role.AUDITOR, name="审计员", account_id=9)


@pytest.fixture
def operator():
    return Actor(kind=ActorKind.PERSON, role=Role.OPERATOR, name="管理员", account_id=10)
