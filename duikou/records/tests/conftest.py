"""People and helpers of this room's tests."""

import pytest

from duikou.kernel.actor import Actor, ActorKind, Role


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A data folder of its own: ends of chains that other tests sealed are no business of this one."""
    settings.HOME = tmp_path
    return tmp_path


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
