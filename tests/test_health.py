"""Load balancers ask without signing in and learn nothing but yes or no."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys

import pytest

from duikou.kernel import worker
from duikou.kernel.web import health
from tests import installation
from tests.postgres import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _home(settings, tmp_path):
    settings.HOME = tmp_path


def test_a_living_process_is_healthy(client):
    assert client.get("/health/").json() == {"status": "ok"}


def test_a_site_with_everything_is_ready(client):
    worker.beat("host-1-abc")
    answer = client.get("/ready/")
    assert answer.status_code == 200
    assert set(answer.json()["checks"].values()) == {"ok"}
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/health/", "/ready/"])
def test_a_load_balancer_may_ask_under_any_name(client, address):
    worker.beat("host-1-abc")
    assert client.get(address, headers={"host": "10.1.2.3:8000"}).status_code == 200
    assert client.get(address, headers={"host": "not a host!"}).status_code == 200
    assert client.get("/projects/", headers={"host": "10.1.2.3:8000"}).status_code == 400


def test_a_site_without_a_worker_is_not_ready(client):
    answer = client.get("/ready/")
    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"] == "failed"


def test_a_site_whose_database_is_gone_is_not_ready_and_says_so_to_people(tmp_path):
    site = installation.fresh(tmp_path, "postgres://nobody:x@127.0.0.1:1/none")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "config", "serve", "--port", str(port)],
        cwd=installation.ROOT,
        env={**site.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert "127.0.0.1" in process.stdout.readline()
        answers = {}
        for path in ("/health/", "/ready/", "/programmes/"):
            there = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            there.request("GET", path, headers={"Accept-Language": "en"})
            answer = there.getresponse()
            answers[path] = (answer.status, answer.read().decode(), answer.headers["X-Request-ID"])
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert answers["/health/"][0] == 200
    assert answers["/ready/"][0] == 503
    assert json.loads(answers["/ready/"][1])["checks"]["database"] == "failed"
    status, words, identity = answers["/programmes/"]
    assert status == 503
    assert "cannot reach its database" in words
    assert identity in words


def test_a_site_on_a_full_disk_is_not_ready(client, monkeypatch):
    worker.beat("host-1-abc")
    monkeypatch.setattr(health, "FREE_BYTES", 1 << 62)
    assert client.get("/ready/").json()["checks"] == {
        "database": "ok",
        "migrations": "ok",
        "worker": "ok",
        "disk": "failed",
    }
