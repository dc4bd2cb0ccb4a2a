"""`duikou`: one command line for every operation; rooms bring theirs in `commands.py`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from config import spoken
from config.failures import told
from config.words import language

ROOMS = (
    "records",
    "programme",
    "access",
    "flow",
    "intake",
    "plans",
    "meetings",
    "projects",
    "schedule",
    "greenchannel",
    "reforms",
    "parks",
    "progress",
    "desk",
)
OF_THE_SITE = frozenset({"run", "serve", "worker", "prepare", "django"})
"""Commands that speak the site's language, for what they write is read by everybody."""


class CommandLine(click.Group):
    """Rooms and Django are loaded when a command needs them, and whatever fails ends in one plain line."""

    _loaded = False

    def main(self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any) -> Any:  # type: ignore[override]
        """Run; as a program (`standalone_mode`) errors become a line and an exit code."""
        if not standalone_mode:
            return super().main(args, standalone_mode=False, **extra)
        with told():
            spoken.tune()
            spoken.translate(self)
            code = super().main(args, standalone_mode=False, **extra)
            sys.exit(code if isinstance(code, int) else 0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name."""
        self.load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, after everything it needs was loaded."""
        if cmd_name not in ("new-keys",):
            self.load()
            if cmd_name not in OF_THE_SITE and language() == "en":
                from django.utils import translation  # noqa: PLC0415 - after set-up

                translation.activate("en")
        return super().get_command(ctx, cmd_name)

    def load(self) -> None:
        """Set Django up and collect the commands of the rooms, once."""
        if self._loaded:
            return
        import django  # noqa: PLC0415 - `--version` needs none of it

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        for module in ("serving", "jobs", "safety", "texts"):
            for command in import_module(f"config.commands.{module}").COMMANDS:
                self.add_command(command)
        for room in ROOMS:
            if find_spec(f"duikou.{room}.commands") is not None:
                _add_room(self, import_module(f"duikou.{room}.commands"))
        self._loaded = True
        spoken.translate(self)


def _speak(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value:
        os.environ["DUIKOU_LANG"] = value
        spoken.tune()
        spoken.translate(context.command)


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(version="0.1.0", prog_name="duikou", message="%(prog)s %(version)s")
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    is_eager=True,
    expose_value=False,
    callback=_speak,
    help="Language of messages (otherwise DUIKOU_LANG, LC_ALL, LC_MESSAGES, LANG; Chinese unless one says en).",
)
def main() -> None:
    """Duikou (对口合作平台): run the site and every operation on it.

    Settings come from the environment: DUIKOU_HOME (data folder), DATABASE_URL, DUIKOU_MODE and others, see README.
    What goes wrong is said in one line; DUIKOU_DEBUG=1 shows where.
    """


@main.command("django", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django_command(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own management commands (migrate, shell, check, …)."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after set-up

    execute_from_command_line(["duikou django", *arguments])


@main.command("new-keys")
def new_keys() -> None:
    """Print fresh values of DUIKOU_SECRET_KEY and DUIKOU_FIELD_KEYS for a production installation."""
    from config import secrets  # noqa: PLC0415 - a name that the standard library has too

    click.echo(f"DUIKOU_SECRET_KEY={secrets.new_secret()}")
    click.echo(f"DUIKOU_FIELD_KEYS={secrets.new_field_key()}")


def _add_room(line: click.Group, module: object) -> None:
    """A room offers `groups`, or one `group`; a name that two rooms use is merged into one group."""
    for command in getattr(module, "groups", None) or (module.group,):  # type: ignore[attr-defined]
        known = line.commands.get(command.name)
        if isinstance(known, click.Group) and isinstance(command, click.Group):
            known.commands.update(command.commands)
        else:
            line.add_command(command)


if __name__ == "__main__":
    sys.exit(main())
