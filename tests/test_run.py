"""`duikou serve` keeps web server and worker together, and says plainly when it cannot."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests import installation
from tests.postgres import free_port


def test_a_port_in_use_is_said_before_any_work(tmp_path):
    site = installation.fresh(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = site.duikou("run", "--port", str(port), check=False)
    assert said.returncode == 1
    assert f"127.0.0.1:{port}" in said.stderr
    assert "make run PORT=" in said.stderr
    assert not (tmp_path / "duikou.sqlite3").exists()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """An installation whose schema is up to date."""
    with installation.database(tables=True) as address:
        yield installation.fresh(tmp_path_factory.mktemp("site"), address, tables=True)


@pytest.fixture
def served(site):
    """A site with its worker, and the process that keeps them."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "config", "serve", "--with-worker", "--port", str(port)],
        cwd=installation.ROOT,
        env={**site.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "127.0.0.1" in process.stdout.readline()
    yield process, f"http://127.0.0.1:{port}"
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=60)


def _lines(process, event):
    for line in process.stderr:
        if event in line:
            yield json.loads(line)


def test_links_in_mail_lead_to_the_port_that_is_served(served, site):
    process, address = served
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("no /proc to look at")
    for child in children.read_text().split():
        surroundings = Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
        assert f"DUIKOU_PUBLIC_URL={address}".encode() in surroundings


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_web_server_and_worker_end_together(served, number):
    process, address = served
    next(_lines(process, "worker started"))
    with urllib.request.urlopen(f"{address}/health/", timeout=5) as answer:  # noqa: S310 - our own address
        assert json.load(answer) == {"status": "ok"}
    process.send_signal(number)
    _, rest = process.communicate(timeout=40)
    assert process.returncode == 0
    assert "worker stopped" in rest
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=2)


def test_a_worker_that_dies_is_started_again(served):
    process, _address = served
    first = next(_lines(process, "worker started"))["worker_id"]
    subprocess.run(["kill", "-9", first.split("-")[1]], check=True)
    assert next(_lines(process, "worker ended"))["code"] == -9
    assert next(_lines(process, "worker started"))["worker_id"] != first
