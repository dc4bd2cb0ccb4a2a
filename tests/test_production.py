"""A production start refuses, with every reason at once, what must not face the public."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import pytest

from config import guard, secrets
from config.cli import main
from tests import installation
from tests.postgres import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def fit(settings):
    """Settings of a production installation that may serve, on a database without demonstration accounts."""
    from duikou.access.models import Account

    settings.DEMONSTRATION = False
    settings.SECRET_KEY = secrets.new_secret()
    settings.FIELD_KEYS = [secrets.new_field_key()]
    settings.ALLOWED_HOSTS = ["duikou.example"]
    settings.ALLOW_SQLITE = True
    Account.objects.update(is_active=False)
    return settings


def test_a_fit_installation_is_let_go(fit):
    assert guard.reasons() == []


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SECRET_KEY", "missing: a production start is refused", "没有设 DUIKOU_SECRET_KEY"),
        ("SECRET_KEY", "short", "太短或太简单"),
        ("SECRET_KEY", "a" * 80, "太短或太简单"),
        ("FIELD_KEYS", [], "没有设 DUIKOU_FIELD_KEYS"),
        ("FIELD_KEYS", ["not-a-key"], "不是密钥的内容"),
        ("ALLOWED_HOSTS", [], "没有设 DUIKOU_ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", ["*"], "DUIKOU_ALLOWED_HOSTS 是 *"),
        ("DEBUG", True, "DUIKOU_DEBUG 已打开"),
        ("DEMONSTRATION", True, "DUIKOU_MODE 是演示模式"),
    ],
)
def test_one_fault_is_one_reason(fit, name, value, reason):
    setattr(fit, name, value)
    (found,) = guard.reasons()
    assert reason in found


def test_sqlite_needs_consent(fit, monkeypatch):
    fit.ALLOW_SQLITE = False
    monkeypatch.setattr(guard.connection, "vendor", "sqlite")
    (found,) = guard.reasons()
    assert "SQLite" in found


def test_demonstration_accounts_keep_production_from_starting(fit, coordinator):
    coordinator.account.is_active = True
    coordinator.account.save()
    (found,) = guard.reasons()
    assert "演示账号" in found


def test_new_keys_are_good_enough_for_production(fit):
    said = io.StringIO()
    with redirect_stdout(said):
        main.main(["new-keys"], prog_name="duikou", standalone_mode=False)
    fresh = dict(line.split("=", 1) for line in said.getvalue().splitlines())
    fit.SECRET_KEY, fit.FIELD_KEYS = fresh["DUIKOU_SECRET_KEY"], [fresh["DUIKOU_FIELD_KEYS"]]
    assert guard.reasons() == []


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["worker"], ["check-production"]])
def test_a_bare_production_start_names_every_reason_and_serves_nothing(tmp_path, command):
    words = [str(free_port()) if word == "0" else word for word in command]
    said = installation.fresh(tmp_path).duikou(*words, check=False, DUIKOU_MODE="production")
    assert said.returncode == 1
    for reason in ("DUIKOU_SECRET_KEY", "DUIKOU_FIELD_KEYS", "DUIKOU_ALLOWED_HOSTS", "SQLite", "migrations"):
        assert reason in said.stdout + said.stderr
    assert "Traceback" not in said.stderr
