"""Commands of this room."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError
from duikou.progress.services.demonstration import reports_demonstrate
from duikou.progress.services.summaries import summaries_fold, summary_rebuild, summary_verify


@click.group("progress")
def progress() -> None:
    """Monthly reports and their sums."""


@progress.command("recount")
@click.option("--repair", is_flag=True, help="Write the sums anew when they differ.")
def recount(repair: bool) -> None:
    """Compare the kept sums with a recomputation, to the 分; exit 1 when they differ and are not repaired."""
    found = summary_verify()
    click.echo(_("核对%(keys)d项合计，%(wrong)d项不符。") % {"keys": found.keys, "wrong": len(found.wrong)})
    for key in found.wrong[:20]:
        click.echo(f"  {key}")
    if found.wrong and repair:
        summary_rebuild()
        click.echo(_("已重新写入，现有%(wrong)d项不符。") % {"wrong": len(summary_verify().wrong)})
    elif found.wrong:
        raise SystemExit(1)


@progress.command("fold")
def fold() -> None:
    """Fold the appended differences now (the worker does it every few minutes)."""
    click.echo(_("减少%(count)d行。") % {"count": summaries_fold()})


@progress.command("demonstrate")
def demonstrate() -> None:
    """Make the demonstration's monthly reports, once; refused outside demonstration mode."""
    try:
        made = reports_demonstrate(actor=Actor.command("duikou progress demonstrate"))
    except DomainError as refused:
        raise click.ClickException(refused.message) from None
    click.echo(_("已建立%(count)d份演示月报。") % {"count": made})


groups = (progress,)
