"""From whatever state to ready: every step may be repeated and loses nothing."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from pathlib import Path

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from config import home, messages
from config.words import pick
from duikou.projects.models import Project

RECORDS = Path("demo") / "cooperation-records.csv"


def everything() -> None:
    """Migrate, compile texts, collect static files, load packs; with demonstration mode its accounts and records."""
    for name, step in _steps():
        started = time.monotonic()
        click.echo(f"· {name}", nl=False, err=True)
        said = io.StringIO()
        try:
            with redirect_stdout(said):
                step()
        except BaseException:
            click.echo("", err=True)
            click.echo(said.getvalue(), err=True, nl=False)
            raise
        click.echo(f"  {time.monotonic() - started:.1f} s", err=True)


def _steps() -> Iterator[tuple[str, Callable[[], object]]]:
    yield pick("数据文件夹", "data folder"), lambda: home.mend(settings.HOME)
    yield pick("检查", "checks"), lambda: call_command("check", verbosity=0)
    yield pick("数据库", "database"), lambda: call_command("migrate", interactive=False, verbosity=0)
    yield pick("界面文字", "texts"), messages.compile_changed
    yield pick("静态文件", "static files"), collect_static
    for pack in packs():
        yield pick(f"数据包 {pack.name}", f"pack {pack.name}"), _command("programme", "load", str(pack))
    if settings.DEMONSTRATION:
        yield pick("演示账号", "demonstration accounts"), _command("demo", "seed")
        yield pick("演示计划", "demonstration plans"), _command("plans", "demonstrate")
        yield pick("演示会议", "demonstration meetings"), _command("meetings", "demonstrate")
        if not Project.objects.exists():  # whatever became of the records since, it is not undone
            published = ("--visibility", "public", "--commit")
            yield (
                pick("演示记录", "demonstration records"),
                _command("import", "records", str(settings.PACKS / RECORDS), *published),
            )
        yield pick("演示诉求", "demonstration requests"), _command("greenchannel", "demonstrate")
        yield pick("演示里程碑", "demonstration milestones"), _command("schedule", "demonstrate")
        yield pick("演示月报", "demonstration reports"), _command("progress", "demonstrate")


def packs() -> list[Path]:
    """The packs shipped with this version, the configured programme first."""
    found = [path.parent for path in settings.PACKS.glob("*/pack.yaml")]
    return sorted(found, key=lambda path: (path.name != settings.PROGRAMME, path.name))


def _command(*arguments: str) -> Callable[[], object]:
    root = click.get_current_context().find_root().command

    def step() -> object:
        return root.main(list(arguments), prog_name="duikou", standalone_mode=False)

    return step


def collect_static() -> bool:
    """Collect static files unless nothing changed since the last time; returns whether it did."""
    mark = Path(settings.STATIC_ROOT) / ".fingerprint"
    fingerprint = _static_fingerprint()
    if mark.exists() and mark.read_text() == fingerprint:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(fingerprint)
    return True


def _static_fingerprint() -> str:
    digest = hashlib.sha256(settings.VERSION.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def banner(address: str) -> str:
    """What a newcomer needs to know: the address and, in demonstration mode, whom to sign in as."""
    lines = [
        "",
        f"  Duikou · 对口合作平台   {address}",
        f"  {pick('数据文件夹', 'data folder')}              {settings.HOME}",
        "",
    ]
    if settings.DEMONSTRATION:
        said = io.StringIO()
        with redirect_stdout(said), suppress(click.ClickException):
            _command("demo", "accounts")()
        lines += [
            pick(
                "  演示账号（正式运行会拒绝带着它们启动）：",
                "  Demonstration accounts (a production start refuses to run with them):",
            ),
            "",
        ]
        lines += [f"    {line}" for line in said.getvalue().splitlines()]
        lines += ["", pick("  按 Ctrl-C 停止。", "  Stop with Ctrl-C."), ""]
    return "\n".join(lines)
