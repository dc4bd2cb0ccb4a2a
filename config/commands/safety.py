"""`backup` and `restore`: the database and the evidence files as one archive."""

from __future__ import annotations

from pathlib import Path

import click

from config import backup as archive


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database and evidence files, consistent while the site runs, to FILE (.tar.gz). Keys are not in it."""
    summary = archive.write(file)
    click.echo(f"{file}: {summary.tables} tables, {summary.rows} rows, {summary.files} files")
    click.echo(archive.KEYS_NOTE, err=True)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace a database that already holds rows.")
@click.option("--check-only", is_flag=True, help="Verify the archive and change nothing.")
def restore(file: Path, *, replace: bool, check_only: bool) -> None:
    """Verify FILE, then put its database and evidence files back. Stop the site first."""
    try:
        summary = archive.check(file) if check_only else archive.restore(file, replace=replace)
    except archive.BadArchive as error:
        raise click.ClickException(str(error)) from None
    done = "verified" if check_only else "restored"
    click.echo(f"{done}: {summary.tables} tables, {summary.rows} rows, {summary.files} files")


COMMANDS = (backup, restore)
