"""Command line of the room: the demonstration, and the first operator of a production installation."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from django.utils.translation import gettext as _

from duikou.access import selectors
from duikou.access.services import demonstration
from duikou.access.services.account import account_restore, account_suspend, account_unlock, operator_create
from duikou.access.services.second_factor import account_second_factor_reset
from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError, Invalid


@click.group("demo", context_settings={"help_option_names": ["-h", "--help"]})
def demo() -> None:
    """The demonstration: accounts to try the product with, one per role."""


@demo.command("seed")
def demo_seed() -> None:
    """Make the demonstration's accounts and organisations (again: changes nothing)."""
    with _refusals():
        made = demonstration.demonstration_seed(actor=Actor.command("duikou demo seed"))
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


@demo.command("remove")
def demo_remove() -> None:
    """Close the demonstration's accounts for good, so that a production start is possible; their records stay."""
    with _refusals():
        actor = Actor.command("duikou demo remove")
        count = demonstration.demonstration_remove(actor=actor, reason=_("转入正式运行"))
    click.echo(_("已关闭演示账号%(count)s个，其记录保留。") % {"count": count})


def _padded(text: str, width: int) -> str:
    """`text` filled to `width` columns of a terminal, where an ideograph takes two."""
    return text + " " * max(0, width - sum(1 if char.isascii() else 2 for char in text))


@click.group("account", context_settings={"help_option_names": ["-h", "--help"]})
def account() -> None:
    """Accounts that no invitation can make."""


@account.command("create-operator")
@click.option("--username", required=True, help="User name to sign in with.")
@click.option("--email", required=True, help="E-mail address, for a forgotten password.")
@click.option("--name", "display_name", required=True, help="The person's name.")
@click.option("--organisation", required=True, help="The body that runs the platform; made when it is not there.")
@click.option("--region", "adcode", default="110000", show_default=True, help="GB/T 2260 code of that body's place.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def create_operator(
    username: str, email: str, display_name: str, organisation: str, adcode: str, password_stdin: bool
) -> None:
    """Make the first operator of an installation, who then invites everybody else."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt(_("密码"), hide_input=True, confirmation_prompt=True)
    with _refusals():
        operator_create(
            actor=Actor.command("duikou account create-operator"),
            username=username,
            email=email,
            display_name=display_name,
            password=password,
            organisation_name=organisation,
            adcode=adcode,
        )
    click.echo(_("已建立系统管理员%(name)s。") % {"name": username})


@account.command("suspend")
@click.argument("username")
@click.option("--reason", required=True, help="Why; it stands in the audit trail.")
def suspend(username: str, reason: str) -> None:
    """Close an account; open sessions end at their next request."""
    with _refusals():
        account_suspend(actor=Actor.command("duikou account suspend"), username=username, reason=reason)
    click.echo(_("已停用账号%(name)s。") % {"name": username})


@account.command("restore")
@click.argument("username")
def restore(username: str) -> None:
    """Open a closed account again."""
    with _refusals():
        account_restore(actor=Actor.command("duikou account restore"), username=username)
    click.echo(_("已恢复账号%(name)s。") % {"name": username})


@account.command("unlock")
@click.argument("username")
def unlock(username: str) -> None:
    """Let an account that is locked after failed sign-ins try again at once."""
    with _refusals():
        count = account_unlock(actor=Actor.command("duikou account unlock"), username=username)
    click.echo(_("已解除%(count)s处锁定。") % {"count": count})


@account.command("reset-second-factor")
@click.argument("username")
@click.option("--reason", required=True, help="Why; it stands in the audit trail.")
def reset_second_factor(username: str, reason: str) -> None:
    """Take a lost authenticator and its recovery codes off an account, whose holder is told."""
    with _refusals():
        account_second_factor_reset(
            actor=Actor.command("duikou account reset-second-factor"), username=username, reason=reason
        )
    click.echo(_("已重置账号%(name)s的双因素认证。") % {"name": username})


@contextmanager
def _refusals() -> Iterator[None]:
    """Domain errors as messages of the command line."""
    try:
        yield
    except Invalid as error:
        lines = [f"{name}: {text}" for name, texts in error.fields.items() for text in texts]
        raise click.ClickException("\n".join(lines) or error.message) from None
    except DomainError as error:
        raise click.ClickException(error.message) from None


groups = (demo, account)
