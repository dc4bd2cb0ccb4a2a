"""`duikou`: one command line for every operation; rooms bring theirs in `commands.py`."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import click
import django

ROOMS = ("records", "programme", "access", "flow", "intake", "projects", "desk")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Duikou (对口合作平台): run the site and every operation on it."""


@main.command("django", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django_command(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own management commands (migrate, shell, check, …)."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after set-up

    execute_from_command_line(["duikou django", *arguments])


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for room in ROOMS:
        if find_spec(f"duikou.{room}.commands") is not None:
            commands = import_module(f"duikou.{room}.commands")
            for group in getattr(commands, "groups", None) or (commands.group,):
                main.add_command(group)


_set_up()

if __name__ == "__main__":
    sys.exit(main())
