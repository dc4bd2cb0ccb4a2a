"""`docs/commands.md` is what `duikou --help` says, command by command; `python -m tests.test_commands` rewrites it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import polib

from config import messages, spoken

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
HEAD = """# Commands

Everything that `duikou` (in `.venv/bin`) can do. Written from the command line itself by
`python -m tests.test_commands`; a test compares the two.
"""


def _commands(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            below._help_option = None  # a test that ran the group alone left it without `-h`
            inner = click.Context(below, parent=context, info_name=name, max_content_width=100, terminal_width=100)
            yield inner.command_path, below, inner
            yield from _commands(below, inner)


def everything() -> list[tuple[str, click.Command, click.Context]]:
    """Every command with the path that one types."""
    from config.cli import main

    main.load()
    spoken.tune("en")
    spoken.translate(main)
    names = main.context_settings["help_option_names"]
    root = click.Context(main, info_name="duikou", help_option_names=names)
    return list(_commands(main, root))


def _helps() -> set[str]:
    """Help of every command and option as it is named in the catalogue of the command line."""
    commands = [(command, context) for _path, command, context in everything()]
    root = commands[0][1].find_root().command
    found = set()
    for command in (root, *(command for command, _context in commands)):
        found |= {spoken.key(text) for text in (command.help, command.options_metavar) if text}
        found |= {spoken.key(each.help) for each in command.params if isinstance(each, click.Option) and each.help}
        if isinstance(command, click.Group):
            found.add(command.subcommand_metavar or "")
    return found


def _texts_of_the_library() -> set[str]:
    """What the command library looks up in its catalogue."""
    found = set()
    for file in Path(click.__file__).parent.glob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "ngettext"):
                found |= {text.value for text in call.args if isinstance(text, ast.Constant) and text.value}
    return {text for text in found if isinstance(text, str)}


def test_all_help_has_its_chinese_and_the_catalogue_holds_nothing_else():
    known = {entry.msgid: entry for entry in polib.pofile(str(spoken.CATALOGUE))}
    assert sorted(_helps() - set(known)) == []
    assert sorted(set(known) - _helps() - _texts_of_the_library() - {"required"}) == []
    for entry in known.values():
        said = "".join(entry.msgstr_plural.values()) or entry.msgstr
        assert said
        assert messages.names(said) - {"{choices}", "{possibilities}", "{formats}"} <= messages.names(entry.msgid)


def document() -> str:
    """The page as it should be."""
    parts = [HEAD]
    for path, command, context in everything():
        if isinstance(command, click.Group):
            parts.append(f"## {path}\n\n{(command.help or '').strip()}\n")
        else:
            level = "###" if path.count(" ") > 1 else "##"
            parts.append(f"{level} {path}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def test_every_command_and_option_says_what_it_is_for():
    silent = [path for path, command, _ in everything() if not (command.help or "").strip()]
    silent += [
        f"{path} --{option.name}"
        for path, command, _ in everything()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def test_the_page_of_commands_is_what_the_command_line_says():
    assert DOCUMENT.read_text() == document(), "run `python -m tests.test_commands` and commit docs/commands.md"


if __name__ == "__main__":
    DOCUMENT.write_text(document())
    sys.stdout.write(f"{DOCUMENT.name}: {len(everything())} commands\n")
