"""The command line in the reader's language: the command library's own texts, and the help of every command.

Help is written in English beside the code; `locale/zh_Hans/LC_MESSAGES/commandline.po` holds the Chinese of it and of
what the library itself says (usage, wrong options, headings). The library asks Python's gettext, so that is told which
catalogue to use; the reader's language is that of `config.words`.
"""

from __future__ import annotations

import contextlib
import gettext
import os
from pathlib import Path

import click

from config.words import language

DOMAIN = "commandline"
LOCALE = Path(__file__).resolve().parents[1] / "locale"
CATALOGUE = LOCALE / "zh_Hans" / "LC_MESSAGES" / f"{DOMAIN}.po"


def tune(spoken: str | None = None) -> None:
    """From now on the command library speaks `spoken`, by default the language of the terminal."""
    os.environ["LANGUAGE"] = "en" if (spoken or language()) == "en" else "zh_Hans"
    with contextlib.suppress(OSError):  # a folder that cannot be written to: English then
        _compile()
    gettext.bindtextdomain(DOMAIN, str(LOCALE))
    gettext.textdomain(DOMAIN)


def translate(command: click.Command) -> None:
    """Help of `command`, its options and the commands below it, in the language that was tuned; may be repeated."""
    english, metavar = vars(command).setdefault("english", (command.help or "", command.options_metavar or ""))
    command.help, command.options_metavar = said(english), said(metavar)
    # Chinese has no blanks at which the list of commands could cut a line short
    command.short_help = command.help.split("\n")[0] if command.help != english else None
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = said(vars(option).setdefault("english", option.help or ""))
    if isinstance(command, click.Group):
        command.subcommand_metavar = said(vars(command).setdefault("english_below", command.subcommand_metavar or ""))
        for below in command.commands.values():
            translate(below)


def said(english: str) -> str:
    """`english` in the language that was tuned, as it stands in the catalogue: a paragraph is one line."""
    known = gettext.gettext(key(english)) if english else english
    return english if known == key(english) else known


def key(english: str) -> str:
    """How `english` is named in the catalogue: without the line breaks inside its paragraphs."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in english.split("\n\n"))


def _compile() -> None:
    target = CATALOGUE.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= CATALOGUE.stat().st_mtime:
        return
    import polib  # noqa: PLC0415 - only where the catalogue is new

    draft = target.with_suffix(f".{os.getpid()}.new")
    polib.pofile(str(CATALOGUE)).save_as_mofile(str(draft))
    draft.replace(target)
