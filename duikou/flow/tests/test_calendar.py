"""The editable table of working days decides before the published calendar."""

import datetime as dt

import pytest

from duikou.flow.models import WorkingDay
from duikou.flow.services.calendar import day_clear, day_set
from duikou.kernel.clock import add_working_days, is_working_day
from duikou.kernel.errors import Forbidden, NotFound
from duikou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
WEDNESDAY = dt.date(2099, 3, 4)


def test_the_table_decides_and_can_be_taken_back(coordinator):
    assert is_working_day(WEDNESDAY)
    day_set(actor=coordinator.actor, day=WEDNESDAY, works=False, note="调休", source="国办发明电〔2098〕1号")
    assert not is_working_day(WEDNESDAY)
    assert add_working_days(WEDNESDAY - dt.timedelta(days=1), 1) == WEDNESDAY + dt.timedelta(days=1)
    day_clear(actor=coordinator.actor, day=WEDNESDAY)
    assert is_working_day(WEDNESDAY)
    with pytest.raises(NotFound):
        day_clear(actor=coordinator.actor, day=WEDNESDAY)
    assert AuditEvent.objects.filter(subject_kind="flow.workingday").count() == 2


def test_only_the_coordinator_and_the_operator_change_it(coordinator, shenyang_lead, client_for):
    with pytest.raises(Forbidden):
        day_set(actor=shenyang_lead.actor, day=WEDNESDAY, works=False)
    form = {"day": "2099-03-04", "works": "0", "note": "", "source": ""}
    assert client_for(shenyang_lead).post("/inbox/calendar/", form).status_code == 403
    browser = client_for(coordinator)
    assert browser.post("/inbox/calendar/", form).status_code == 302
    assert not WorkingDay.objects.get().works
    assert "放假" in browser.get("/inbox/calendar/?year=2099").content.decode()
    assert browser.post("/inbox/calendar/2099-03-04/clear/").status_code == 302
    assert browser.post("/inbox/calendar/nonsense/clear/").status_code == 404


@pytest.mark.parametrize("form", [{}, {"day": "2099-02-30", "works": "0"}, {"day": "1890-01-01", "works": "2"}])
def test_a_bad_day_is_said_at_its_field(coordinator, client_for, form):
    answer = client_for(coordinator).post("/inbox/calendar/?year=abc", form)
    assert answer.status_code == 400
    assert not WorkingDay.objects.exists()
