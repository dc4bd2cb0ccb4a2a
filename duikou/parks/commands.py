"""Commands of this room."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError
from duikou.parks.services.demonstration import parks_demonstrate


@click.group("parks")
def parks() -> None:
    """Parks."""


@parks.command("demonstrate")
def demonstrate() -> None:
    """Make pages for the demonstration's parks, once; refused outside demonstration mode."""
    try:
        made = parks_demonstrate(actor=Actor.command("duikou parks demonstrate"))
    except DomainError as refused:
        raise click.ClickException(refused.message) from None
    click.echo(_("已建立%(count)d个演示园区页。") % {"count": made})


groups = (parks,)
