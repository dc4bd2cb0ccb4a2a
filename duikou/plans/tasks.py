"""What happens by itself."""

from django_tasks import task

from duikou.kernel.actor import Actor
from duikou.plans.services.signing import version_take_effect, versions_due
from duikou.plans.services.waiting import tasks_tick


@task()
def take_effect() -> int:
    """Put issued versions in force when their day has come; returns how many."""
    due = versions_due()
    for version_id in due:
        version_take_effect(actor=Actor.job("plans.take_effect"), version_id=version_id)
    return len(due)


@task()
def remind_of_tasks() -> None:
    """The clock's round of units' tasks: reminders, and word to the office of what is overdue."""
    tasks_tick()
