"""`duikou`: one command line for every operation; rooms bring theirs in `commands.py`."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import click
import django

ROOMS = ("records", "programme", "access", "flow", "intake", "projects", "desk")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(version="0.1.0", prog_name="duikou")
def main() -> None:
    """Duikou (对口合作平台): run the site and every operation on it.

    Settings come from the environment: DUIKOU_HOME (data folder), DATABASE_URL, DUIKOU_MODE and others, see README.
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


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for module in ("serving", "jobs", "safety", "texts"):
        for command in import_module(f"config.commands.{module}").COMMANDS:
            main.add_command(command)
    for room in ROOMS:
        if find_spec(f"duikou.{room}.commands") is not None:
            _add_room(import_module(f"duikou.{room}.commands"))


def _add_room(module: object) -> None:
    """A room offers `groups`, or one `group`; a name that two rooms use is merged into one group."""
    for command in getattr(module, "groups", None) or (module.group,):  # type: ignore[attr-defined]
        known = main.commands.get(command.name)
        if isinstance(known, click.Group) and isinstance(command, click.Group):
            known.commands.update(command.commands)
        else:
            main.add_command(command)


_set_up()

if __name__ == "__main__":
    sys.exit(main())
