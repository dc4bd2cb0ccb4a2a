"""Command line of the room: the demonstration, and the first operator of a production installation."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from duikou.access import selectors
from duikou.access.services import demonstration
from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError


@click.group("demo")
def demo() -> None:
    """The demonstration: accounts to try the product with, one per role."""


@demo.command("seed")
def demo_seed() -> None:
    """Make the demonstration's accounts and organisations (again: changes nothing)."""
    try:
        made = demonstration.demonstration_seed(actor=Actor.command("duikou demo seed"))
    except DomainError as error:
        raise click.ClickException(error.message) from None
    click.echo(_("新建演示账号%(count)s个。") % {"count": made})


@demo.command("accounts")
def demo_accounts() -> None:
    """Print the demonstration accounts and their password."""
    posts = selectors.demonstration_accounts()
    if not posts:
        raise click.ClickException(_("没有演示账号。"))
    rows = [
        (post.account.username, post.account.display_name, str(post.get_role_display()), post.organisation.label)
        for post in posts
    ]
    for row in [("USERNAME", "NAME", "ROLE", "ORGANISATION"), *rows]:
        click.echo("  ".join([_padded(row[0], 20), _padded(row[1], 8), _padded(row[2], 34), row[3]]))
    click.echo(f"PASSWORD  {demonstration.PASSWORD}")


def _padded(text: str, width: int) -> str:
    """`text` filled to `width` columns of a terminal, where an ideograph takes two."""
    return text + " " * max(0, width - sum(1 if char.isascii() else 2 for char in text))


groups = (demo,)
