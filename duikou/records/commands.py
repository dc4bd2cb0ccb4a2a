"""`duikou audit`: the trail from the command line."""

from __future__ import annotations

import datetime as dt
import sys

import click

from duikou.kernel.actor import Actor
from duikou.kernel.clock import SHANGHAI
from duikou.records.services.seal import trail_seal
from duikou.records.services.verify import trail_verify


@click.group("audit")
def group() -> None:
    """Seal and verify the audit trail."""


@group.command("seal")
@click.option("--everything", is_flag=True, help="Also look for events older than the ordinary window.")
def seal(everything: bool) -> None:
    """Link every committed event into the chain (the worker does so every minute)."""
    done = trail_seal(everything=everything)
    click.echo(f"sealed {done.linked} events; the chain ends at {done.position}:{done.head}")
    if done.unsigned:
        click.echo(f"{done.unsigned} rows are not signed by this platform and were left out: run `duikou audit verify`")


@group.command("verify")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]),
    help="Trust what was sealed before this moment (Asia/Shanghai).",
)
@click.option("--anchor", "anchors", multiple=True, help="POSITION:HEAD as printed earlier; may be repeated.")
def verify(since: dt.datetime | None, anchors: tuple[str, ...]) -> None:
    """Name the first altered, removed or inserted row and exit with 1; exit with 0 when there is none.

    The last line prints the chain's end as POSITION:HEAD. Written down elsewhere and given back later by --anchor, it
    proves that nobody wrote the chain anew or cut its end.
    """
    report = trail_verify(
        actor=Actor.command("duikou audit verify"),
        since=since.replace(tzinfo=SHANGHAI) if since else None,
        anchors=[_anchor(text) for text in anchors],
    )
    click.echo(f"{report.links} sealed events read, {report.unsealed} not sealed yet")
    if report.first is None:
        click.echo(f"the trail is whole: {report.position}:{report.head}")
        return
    for number, finding in enumerate(report.findings):
        click.echo(f"{'FIRST' if number == 0 else 'also'}: {finding}", err=True)
    sys.exit(1)


def _anchor(text: str) -> tuple[int, str]:
    position, _colon, head = text.partition(":")
    if not position.isdigit() or len(head) != 64:
        raise click.BadParameter("an anchor is POSITION:HEAD as printed by `duikou audit verify`")
    return int(position), head
