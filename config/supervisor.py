"""One process that keeps two alive: the web server and the worker. Both end together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import FrameType

import click
import structlog

from config.words import pick

log = structlog.stdlib.get_logger("duikou.supervisor")

GRACE = 25.0
"""Seconds that children get to end by themselves."""

PR_SET_PDEATHSIG = 1


def check_port(host: str, port: int) -> None:
    """Say plainly, before any work, that the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            other = port + 1 if port < 65535 else 8123
            raise click.ClickException(
                pick(
                    f"不能在 {host}:{port} 上监听（{error.strerror}）；请换一个端口，例如 `make run PORT={other}`",
                    f"cannot listen on {host}:{port} ({error.strerror}); choose another port, for example "
                    f"`make run PORT={other}`",
                )
            ) from None


def serve(host: str, port: int, *, with_worker: bool, ready: Callable[[str], object]) -> None:
    """Serve until told to stop (Ctrl-C, TERM); `ready(address)` is called once the site answers."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "--bind", bind]
    worker = [sys.executable, "-m", "config", "worker"] if with_worker else None
    # Links in mail lead here unless the installation says where it is found; web server and worker inherit it.
    os.environ.setdefault("DUIKOU_PUBLIC_URL", f"http://{bind}".replace("//0.0.0.0:", "//127.0.0.1:"))
    raise SystemExit(Pair(web, worker, f"http://{bind}/", ready).run())


class Pair:
    """A web server, and beside it a worker that is started again when it dies."""

    def __init__(self, web: list[str], worker: list[str] | None, address: str, ready: Callable[[str], object]) -> None:
        self.web_command, self.worker_command = web, worker
        self.address, self.ready = address, ready
        self.stopping = False
        self.deaths = 0
        self.restart_at = 0.0

    def run(self) -> int:
        """Until the web server ends or a signal comes; returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        web = _start(self.web_command)
        worker = _start(self.worker_command) if self.worker_command else None
        announced = False
        try:
            while not self.stopping and web.poll() is None:
                if not announced and _answers(self.address):
                    announced = True
                    self.ready(self.address)
                worker = self._tend(worker)
                time.sleep(0.2)
        finally:
            _end([child for child in (web, worker) if child is not None])
        return 0 if self.stopping else (web.returncode or 1)

    def _tend(self, worker: subprocess.Popen[bytes] | None) -> subprocess.Popen[bytes] | None:
        if worker is not None and worker.poll() is not None:
            self.deaths += 1
            pause = min(2.0 ** min(self.deaths, 5), 30.0)
            log.error("worker ended", code=worker.returncode, again_in_s=pause)
            self.restart_at = time.monotonic() + pause
            return None
        if worker is None and self.worker_command and time.monotonic() >= self.restart_at:
            return _start(self.worker_command)
        return worker

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: S603, PLW1509 - our own


def _die_with_parent() -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:
        os.kill(os.getpid(), signal.SIGTERM)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _answers(address: str) -> bool:
    address = address.replace("//0.0.0.0:", "//127.0.0.1:")
    try:
        with urllib.request.urlopen(f"{address}health/", timeout=1):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError:
        return True  # it answers, if only to refuse this host name
    except OSError:
        return False
