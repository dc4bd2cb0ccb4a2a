"""The project of Shenyang and Beijing with milestones, as the room of schedules makes it."""

from duikou.schedule.tests.conftest import add, project

__all__ = ["add", "project"]
