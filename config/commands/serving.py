"""`run`, `serve`, `worker`, `prepare`: starting the site and its worker."""

from __future__ import annotations

import os

import click
from django.conf import settings

from config import guard, prepare, supervisor
from config.words import pick
from duikou.kernel import worker as kernel_worker

HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
PORT = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")


@click.command("run")
@HOST
@PORT
def run(host: str, port: int) -> None:
    """Bring everything up to date, then serve the site with its worker. What `make run` does."""
    supervisor.check_port(host, port)
    prepare.everything()
    if not settings.DEMONSTRATION:
        guard.refuse_or_go()
    supervisor.serve(host, port, with_worker=True, ready=lambda address: click.echo(prepare.banner(address)))


@click.command("serve")
@HOST
@PORT
@click.option("--with-worker/--no-worker", default=False, show_default=True, help="Run a worker beside it.")
def serve(host: str, port: int, *, with_worker: bool) -> None:
    """Serve the site as it is; in production only when `check-production` finds nothing."""
    supervisor.check_port(host, port)
    if not settings.DEMONSTRATION:
        guard.refuse_or_go()
    supervisor.serve(host, port, with_worker=with_worker, ready=lambda address: click.echo(f"Duikou: {address}"))


@click.command("worker")
@click.option("--interval", default=0.5, show_default=True, help="Seconds between two looks at an empty queue.")
@click.option("--until-empty", is_flag=True, help="Do what is queued, then end.")
def worker(interval: float, *, until_empty: bool) -> None:
    """Do background jobs and keep the clock of periodic ones; several may run side by side."""
    if not settings.DEMONSTRATION and not until_empty:
        guard.refuse_or_go()
    kernel_worker.work(interval=interval, batch=until_empty)


@click.command("prepare")
def prepare_command() -> None:
    """Migrate, load packs, collect static files, compile texts; seed the demonstration. Repeatable."""
    prepare.everything()
    kind = os.environ.get("DATABASE_URL", "").split("://")[0] or "sqlite"
    click.echo(pick(f"已就绪：{kind}，数据在 {settings.HOME}", f"ready: {kind}, data in {settings.HOME}"))


@click.command("check-production")
def check_production() -> None:
    """List every reason why this installation must not face the public; exit code 1 if there is one."""
    reasons = guard.reasons()
    for reason in reasons:
        click.echo(f"· {reason}")
    if reasons:
        raise SystemExit(1)
    click.echo(pick("没有发现问题", "nothing found"))


COMMANDS = (run, serve, worker, prepare_command, check_production)
