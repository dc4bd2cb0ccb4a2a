"""`messages`: the catalogue of the interface's texts."""

from __future__ import annotations

import click

from config import messages
from config.words import pick


@click.group("messages")
def group() -> None:
    """Texts of the interface: extract from the code, compile for use, see what is missing."""


@group.command("extract")
def extract() -> None:
    """Take every text of code and templates into locale/en (needs gettext; development only)."""
    count = messages.extract()
    click.echo(pick(f"{count} 条文字", f"{count} texts"))


@group.command("compile")
def compile_() -> None:
    """Compile locale/*/LC_MESSAGES/*.po where newer than the compiled file (needs no gettext)."""
    count = messages.compile_changed()
    click.echo(pick(f"已编译 {count} 份译文", f"{count} catalogues compiled"))


@group.command("missing")
def missing() -> None:
    """Texts without an English translation, or with other placeholders than the original."""
    found = messages.unfinished()
    for line in found:
        click.echo(line)
    if found:
        raise SystemExit(1)
    click.echo(pick("译文齐全", "complete"))


COMMANDS = (group,)
