"""Facts of lower rooms reach the people they concern."""

import pytest

from duikou.desk.services import tellings
from duikou.flow.models import kind_of

pytestmark = pytest.mark.django_db


def test_many_projects_at_once_and_none_tell_nobody():
    assert tellings.moved(project_ids=list(range(1, 100)), verb="sign") == []
    assert tellings.opinion(project_ids=[999_999_999], opinion="agreed") == []
    assert kind_of(tellings.MOVED).label
