"""What happens by itself."""

from django_tasks import task

from duikou.meetings.services.cadences import cadences_tick
from duikou.meetings.services.tellings import actions_tick


@task()
def tick() -> None:
    """The clock's round: mechanisms that fell behind, action items that fall due."""
    cadences_tick()
    actions_tick()
