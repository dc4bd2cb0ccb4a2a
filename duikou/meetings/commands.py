"""Commands of this room."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError
from duikou.meetings.services.demonstration import meetings_demonstrate


@click.group("meetings")
def meetings() -> None:
    """Meetings."""


@meetings.command("demonstrate")
def demonstrate() -> None:
    """Make the demonstration's meetings, once; refused outside demonstration mode."""
    try:
        made = meetings_demonstrate(actor=Actor.command("duikou meetings demonstrate"))
    except DomainError as refused:
        raise click.ClickException(refused.message) from None
    click.echo(_("已建立%(count)d次演示会议。") % {"count": made})


groups = (meetings,)
