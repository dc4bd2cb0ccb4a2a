"""`duikou programme …`: check, load, export and compare packs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
import orjson
from django.utils.translation import gettext as _

from duikou.kernel.actor import Actor
from duikou.programme import selectors
from duikou.programme.models import Programme
from duikou.programme.services.industry_load import industries_load
from duikou.programme.services.pack_check import pack_check
from duikou.programme.services.pack_diff import programme_diff
from duikou.programme.services.pack_export import programme_export
from duikou.programme.services.pack_load import PackRefused, programme_load
from duikou.programme.services.pack_read import Problem, pack_folder
from duikou.programme.services.region_load import regions_load


@click.group("programme")
def group() -> None:
    """Programmes: packs of policy text, pairings, duties and project kinds."""


@group.command()
@click.argument("pack")
def check(pack: str) -> None:
    """Check PACK (a folder, or the name of a shipped pack); list every problem with file and line."""
    found = pack_check(_folder(pack))
    if found.problems:
        _refuse(found.problems)
    click.echo(_("数据包%(code)s版本%(version)s检查通过。") % {"code": found.code, "version": found.version})


@group.command()
@click.argument("packs", nargs=-1, required=True, metavar="PACK...")
def load(packs: tuple[str, ...]) -> None:
    """Load PACK; loading the same content again changes nothing, a broken pack changes nothing."""
    actor = Actor.command("duikou programme load")
    industries_load(actor=actor)
    for pack in packs:
        try:
            programme, is_new = programme_load(actor=actor, folder=_folder(pack))
        except PackRefused as error:
            _refuse(error.problems)
        words = _("已装载%(title)s版本%(version)s。") if is_new else _("%(title)s版本%(version)s已是最新，没有改动。")
        click.echo(words % {"title": programme.title, "version": programme.version})


@group.command()
def regions() -> None:
    """Load the national lists of places and industries (loading a pack does it too)."""
    actor = Actor.command("duikou programme regions")
    is_new = regions_load(actor=actor)
    industries_load(actor=actor)
    click.echo(_("行政区划已装载。") if is_new else _("行政区划已是最新，没有改动。"))


@group.command()
@click.argument("code")
@click.option("--format", "form", type=click.Choice(["json"]), default="json", show_default=True, help="Form to print.")
def export(code: str, form: str) -> None:
    """Print the programme CODE as data: clauses in reading order, pairings, targets, duties, kinds."""
    data = programme_export(_programme(code))
    sys.stdout.buffer.write(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


@group.command()
@click.argument("pack")
def diff(pack: str) -> None:
    """Show what loading PACK would change."""
    found = pack_check(_folder(pack))
    if found.problems:
        _refuse(found.problems)
    lines = programme_diff(found)
    click.echo("\n".join(lines) if lines else _("没有差别。"))


@group.command("list")
def list_() -> None:
    """List the loaded programmes."""
    for programme in selectors.programmes():
        click.echo(f"{programme.code}\t{programme.version}\t{programme.number}\t{programme.title}")


def _folder(pack: str) -> Path:
    folder = pack_folder(pack)
    if not folder.is_dir():
        raise click.ClickException(_("没有数据包“%(pack)s”。") % {"pack": pack})
    return folder


def _programme(code: str) -> Programme:
    programme = selectors.programme_at(code)
    if programme is None:
        raise click.ClickException(_("没有装载方案“%(code)s”。") % {"code": code})
    return programme


def _refuse(problems: list[Problem] | tuple[Problem, ...]) -> NoReturn:
    for problem in problems:
        click.echo(str(problem), err=True)
    raise click.ClickException(_("数据包有%(count)d处问题，没有任何改动。") % {"count": len(problems)})
