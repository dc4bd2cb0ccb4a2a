"""Commands of this room."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from duikou.greenchannel.services.demonstration import requests_demonstrate
from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError


@click.group("greenchannel")
def greenchannel() -> None:
    """Green channel."""


@greenchannel.command("demonstrate")
def demonstrate() -> None:
    """Make the demonstration's requests, once; refused outside demonstration mode."""
    try:
        made = requests_demonstrate(actor=Actor.command("duikou greenchannel demonstrate"))
    except DomainError as refused:
        raise click.ClickException(refused.message) from None
    click.echo(_("已建立%(count)d件演示诉求。") % {"count": made})


groups = (greenchannel,)
