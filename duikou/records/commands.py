"""`duikou audit`: the trail from the command line."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable

import click
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.kernel.clock import SHANGHAI
from duikou.records.services.seal import trail_seal
from duikou.records.services.verify import trail_verify
from duikou.records.states import finding_said


@click.group("audit")
def group() -> None:
    """Seal and verify the audit trail."""


@group.command("seal")
@click.option("--everything", is_flag=True, help="Also look for events older than the ordinary window.")
def seal(everything: bool) -> None:
    """Link every committed event into the chain (the worker does so every minute)."""
    done = trail_seal(everything=everything, told=progress(_("已封存%(count)s条…")))
    count = {"count": done.linked, "position": done.position, "head": done.head}
    click.echo(_("已封存%(count)d条记录；链的末端 %(position)d:%(head)s") % count)
    if done.unsigned:
        words = _("%(count)d行没有本平台的签名，未予封存：请运行 `duikou audit verify`")
        click.echo(words % {"count": done.unsigned})


@group.command("verify")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]),
    help="Trust what was sealed before this moment (Asia/Shanghai).",
)
@click.option("--anchor", "anchors", multiple=True, help="POSITION:HEAD as printed earlier; may be repeated.")
def verify(since: dt.datetime | None, anchors: tuple[str, ...]) -> None:
    """Name the first altered, removed or inserted row and exit with 1; exit with 0 when there is none.

    That the end of the chain was not cut off is proved by `audit-heads` in the data folder. The last line prints the
    chain's end as POSITION:HEAD: written down elsewhere and given back later by --anchor, it proves so even against
    somebody who holds the data folder and its keys.
    """
    report = trail_verify(
        actor=Actor.command("duikou audit verify"),
        since=since.replace(tzinfo=SHANGHAI) if since else None,
        anchors=[_anchor(text) for text in anchors],
        told=progress(_("已读%(count)s条…")),
    )
    counts = {"links": report.links, "unsealed": report.unsealed}
    click.echo(_("已读%(links)d条封存的记录，另有%(unsealed)d条尚未封存") % counts)
    if report.first is None:
        click.echo(_("审计记录完好： %(position)d:%(head)s") % {"position": report.position, "head": report.head})
        return
    for number, finding in enumerate(report.findings):
        words = _("首个问题：%(finding)s") if number == 0 else _("另有：%(finding)s")
        click.echo(words % {"finding": finding_said(str(finding))}, err=True)
    sys.exit(1)


def progress(words: str) -> Callable[[int], None]:
    """A listener that tells how far it is on standard error, once in 100,000 events."""
    step = 100_000

    def told(number: int) -> None:
        nonlocal step
        if number >= step:
            click.echo(words % {"count": f"{number:,}"}, err=True)
            step = number - number % 100_000 + 100_000

    return told


def _anchor(text: str) -> tuple[int, str]:
    position, _colon, head = text.partition(":")
    if not position.isdigit() or len(head) != 64:
        raise click.BadParameter(_("锚点写作 POSITION:HEAD，即 `duikou audit verify` 打印的样子"))
    return int(position), head
