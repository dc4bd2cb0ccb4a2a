"""`backup` and `restore`: the database and the evidence files as one archive."""

from __future__ import annotations

from pathlib import Path

import click

from config import backup as archive
from config.words import pick


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database and evidence files, consistent while the site runs, to FILE (.tar.gz). Keys are not in it."""
    summary = archive.write(file)
    click.echo(f"{file}{pick('：', ': ')}{_held(summary)}")
    click.echo(archive.keys_note(), err=True)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace a database that already holds rows.")
@click.option("--check-only", is_flag=True, help="Verify the archive and change nothing.")
def restore(file: Path, *, replace: bool, check_only: bool) -> None:
    """Verify FILE, then put its database and evidence files back. Stop the site first."""
    summary = archive.check(file) if check_only else archive.restore(file, replace=replace)
    done = pick("归档完好：", "verified: ") if check_only else pick("已恢复：", "restored: ")
    click.echo(done + _held(summary))


def _held(summary: archive.Summary) -> str:
    return pick(
        f"{summary.tables} 张表，{summary.rows} 行，{summary.files} 个文件",
        f"{summary.tables} tables, {summary.rows} rows, {summary.files} files",
    )


COMMANDS = (backup, restore)
