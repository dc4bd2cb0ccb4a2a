"""Imports from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from django.utils.translation import gettext as _

from duikou.access.models import Account
from duikou.access.selectors import actor_of_membership, membership_of_account, memberships_live
from duikou.intake.models import ImportRun
from duikou.intake.selectors import decisions_of, earlier_of_same_file, findings_of
from duikou.intake.services.check import run_check
from duikou.intake.services.commit import run_commit
from duikou.intake.services.kinds import kind_of
from duikou.intake.services.mapping import checked_mapping
from duikou.intake.services.runs import run_forget, run_move, run_upload
from duikou.intake.services.start import check_startable, commit_startable
from duikou.intake.states import Fate, RunState, Severity
from duikou.kernel import standby
from duikou.kernel.actor import Actor
from duikou.kernel.errors import DomainError
from duikou.kernel.sheets import column_index


@click.group("import")
def group() -> None:
    """Bring tables in: dry run, and commit when asked."""


@group.command("records")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--programme", default="", help="Code of the programme (the current one).")
@click.option(
    "--visibility",
    type=click.Choice(["pairing", "public"]),
    default="pairing",
    help="Who may see the projects: those of the pairing, or (published sources only) everybody signed in.",
)
@click.option("--commit", is_flag=True, help="Write the rows; without it nothing is kept.")
@click.option("--as", "account", default="", help="Account in whose name (the platform itself).")
@click.option("--map", "pairs", multiple=True, metavar="COLUMN=FIELD", help="A column (name or letter) and its field.")
@click.option("--quiet", is_flag=True, help="Say nothing when all is well.")
def records(
    file: Path, programme: str, visibility: str, commit: bool, account: str, pairs: tuple[str, ...], quiet: bool
) -> None:
    """Import cooperation records; prints every finding and the fate of the rows.

    Exits 1 when there are errors or rows that need a decision: then nothing is written.
    """
    try:
        actor = _actor(account)
        run = run_upload(
            actor=actor,
            kind="records",
            name=file.name,
            pieces=_pieces(file),
            options={"programme": programme, "visibility": visibility},
        )
        with standby.kept():
            good = _work(run, actor, pairs, commit=commit, quiet=quiet)
    except DomainError as error:
        raise click.ClickException(error.message) from None
    if not good:
        raise SystemExit(1)


def _actor(account: str) -> Actor:
    if not account:
        return Actor.command("duikou import")
    found = Account.objects.filter(username=account).first()
    posts = memberships_live(account=found) if found is not None else []
    membership = membership_of_account(account=found, picked=None, memberships=posts) if found is not None else None
    if membership is None:
        raise click.ClickException(_("没有这个账号，或它没有有效的岗位：%(name)s") % {"name": account})
    return actor_of_membership(membership)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(1 << 20):
            yield piece


def _work(run: ImportRun, actor: Actor, pairs: tuple[str, ...], *, commit: bool, quiet: bool) -> bool:
    try:
        _map(run, pairs)
        earlier = earlier_of_same_file(actor=actor, run=run)
        check_startable(run, actor)
        run_check(run_id=run.pk)
        run.refresh_from_db()
        if run.state != RunState.CHECKED:
            raise click.ClickException(run.notice)
        good = not run.error_count and not decisions_of(run).filter(choice="").exists()
        if good and commit and set(run.counters) - {Fate.SAME, Fate.SKIPPED}:
            commit_startable(run, actor)
            run_commit(run_id=run.pk)
            run.refresh_from_db()
            good = run.state == RunState.COMMITTED
        if not (good and quiet):
            _print(run, earlier)
        return good
    finally:
        run.refresh_from_db()
        if run.state != RunState.COMMITTED:
            run_forget(run)


def _map(run: ImportRun, pairs: tuple[str, ...]) -> None:
    columns = kind_of(run.kind).columns(run.options)
    settled = {}
    for at, table in enumerate(run.tables):
        mapping = dict(run.mapping.get(str(at), {}))
        for pair in pairs:
            name, _sign, field = pair.partition("=")
            place = _column(name, table["columns"])
            known = next((column.key for column in columns if field in (column.key, column.label)), None)
            if place is None or known is None:
                raise click.ClickException(_("不认识的列或字段：%(pair)s") % {"pair": pair})
            mapping = {column: key for column, key in mapping.items() if key != known}
            mapping[str(place)] = known
        if mapping or at == 0:
            settled[str(at)] = checked_mapping(columns, mapping, len(table["columns"]))
    run_move(run, RunState.UPLOADED, mapping=settled)


def _column(name: str, headers: list[str]) -> int | None:
    if name in headers:
        return headers.index(name)
    if name.isascii() and name.isalpha() and len(name) <= 2 and column_index(name.upper()) < len(headers):
        return int(column_index(name.upper()))
    return None


def _print(run: ImportRun, earlier: ImportRun | None) -> None:
    if earlier is not None and earlier.committed_at:
        click.echo(_("同一个文件已于 %(when)s 导入过。") % {"when": f"{earlier.committed_at:%Y-%m-%d %H:%M}"})
    for finding in findings_of(run).iterator(2000):
        place = f"{finding.sheet}!{finding.letter}{finding.row} {finding.header}".strip()
        shown = f" [{finding.shown}]" if finding.shown else ""
        line = f"{Severity(finding.severity).label} {place}: {finding.reason}{shown}"
        click.echo(line, err=finding.severity == Severity.ERROR)
    for decision in decisions_of(run).filter(choice="").iterator(2000):
        others = "; ".join(f"{candidate['label']} ({candidate['score']}%)" for candidate in decision.candidates)
        click.echo(f"{Fate.NEAR.label} {decision.sheet}!{decision.row} {decision.label} ~ {others}", err=True)
    kind = kind_of(run.kind)
    for fate in Fate:
        if run.counters.get(fate.value):
            label = kind.aside_label if fate is Fate.ASIDE and kind.aside_label else fate.label
            click.echo(f"{label}: {run.counters[fate.value]}")
    for word, number in run.result.items():
        click.echo(f"→ {word}: {number}")
    if run.state == RunState.CHECKED:
        click.echo(_("没有写入任何数据。"))
