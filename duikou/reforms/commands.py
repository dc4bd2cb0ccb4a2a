"""Commands of this room."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError
from duikou.reforms.services.demonstration import reforms_demonstrate


@click.group("reforms")
def reforms() -> None:
    """Reform measures."""


@reforms.command("demonstrate")
def demonstrate() -> None:
    """Make the demonstration's reform measures, once; refused outside demonstration mode."""
    try:
        made = reforms_demonstrate(actor=Actor.command("duikou reforms demonstrate"))
    except DomainError as refused:
        raise click.ClickException(refused.message) from None
    click.echo(_("已建立%(count)d项演示改革经验。") % {"count": made})


groups = (reforms,)
