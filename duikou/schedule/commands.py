"""Commands of this room."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError
from duikou.schedule.services.demonstration import milestones_demonstrate


@click.group("schedule")
def schedule() -> None:
    """Milestones of projects."""


@schedule.command("demonstrate")
def demonstrate() -> None:
    """Make the milestones that the demonstration's records speak of, once; refused outside demonstration mode."""
    try:
        made = milestones_demonstrate(actor=Actor.command("duikou schedule demonstrate"))
    except DomainError as refused:
        raise click.ClickException(refused.message) from None
    click.echo(_("已建立%(count)d个里程碑。") % {"count": made})


groups = (schedule,)
