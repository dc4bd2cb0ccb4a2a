"""Commands of this room."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError
from duikou.plans.services.demonstration import plans_demonstrate


@click.group("plans")
def plans() -> None:
    """Plans."""


@plans.command("demonstrate")
def demonstrate() -> None:
    """Make the demonstration's plans, once; refused outside demonstration mode."""
    try:
        made = plans_demonstrate(actor=Actor.command("duikou plans demonstrate"))
    except DomainError as refused:
        raise click.ClickException(refused.message) from None
    click.echo(_("已建立%(count)d个演示计划。") % {"count": made})


groups = (plans,)
