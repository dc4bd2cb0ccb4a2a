"""What import-linter cannot see: foreign keys, names of files, doors that every room must have."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import ForeignKey, ManyToManyField

from duikou.kernel import permissions
from duikou.kernel.web import PUBLIC
from tests.addresses import walk

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ROOT / "duikou"
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "lib", "tools", "shared", "stuff"}


def _contracts() -> list[dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def floors() -> dict[str, int]:
    """Room → floor, 1 at the bottom, from the same list that import-linter holds."""
    layers = next(contract for contract in _contracts() if contract["id"] == "floors")["layers"]
    return {
        room: number for number, layer in enumerate(reversed(layers), start=1) for room in re.findall(r"\w+", layer)
    }


def rooms() -> list[str]:
    """The rooms that stand."""
    return sorted(path.parent.name for path in PRODUCT.glob("*/apps.py"))


def test_every_room_has_a_floor_and_walls():
    walled = next(contract for contract in _contracts() if contract["id"] == "walls")["containers"]
    for room in rooms():
        assert room in floors()
        assert room == "kernel" or f"duikou.{room}" in walled


def test_foreign_keys_only_point_down():
    level = floors()
    upward = []
    for model in apps.get_models(include_auto_created=True):
        room = model._meta.app_label
        if room not in level:
            continue
        for field in model._meta.get_fields(include_hidden=True):
            if not isinstance(field, (ForeignKey, ManyToManyField)) or field.model is not model:
                continue
            other = field.related_model._meta.app_label
            if other in level and other != room and level[other] >= level[room]:
                upward.append(f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
    assert upward == []


def test_no_drawer_for_odds_and_ends():
    """Django itself wants a database backend in a module of the name `base`."""
    strays = [
        str(path.relative_to(ROOT))
        for folder in (PRODUCT, ROOT / "config")
        for path in folder.rglob("*.py")
        if (path.stem in DRAWERS or path.parent.name in DRAWERS) and path.parts[-2:] != ("sqlite", "base.py")
    ]
    assert strays == []


@pytest.mark.parametrize("room", rooms())
def test_every_room_says_in_forty_lines_what_it_is(room):
    readme = PRODUCT / room / "README.md"
    assert readme.exists(), f"{room} has no README.md"
    assert len(readme.read_text().splitlines()) <= 40


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_have_plain_names():
    numbered_only = [
        path.name for path in PRODUCT.glob("*/migrations/[0-9]*.py") if "auto_" in path.name or path.stem.count("_") < 1
    ]
    assert numbered_only == []


def test_every_view_declares_what_it_needs():
    undeclared, unknown = [], []
    for address in walk():
        view = address.view_class or address.view
        if not view.__module__.startswith(("duikou.", "config.")):
            continue
        needs = getattr(view, "needs", None)
        if needs is None:
            undeclared.append(f"{address.name} ({view.__qualname__})")
        elif needs != PUBLIC and needs not in permissions.table():
            unknown.append(f"{address.name} needs {needs}")
    assert undeclared == []
    assert unknown == []


def test_permissions_are_named_after_their_room():
    assert [code for code in permissions.table() if code.split(".")[0] not in floors() or code.count(".") < 2] == []


def test_lock_files_carry_hashes_and_no_addresses():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert "--hash=sha256:" in text, lock.name


def test_nothing_committed_names_a_machine():
    committed = [ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").rglob("*.md"), *PRODUCT.rglob("*.py")]
    named = [str(path) for path in committed if path.exists() and re.search(r"/work/|/root/", path.read_text())]
    assert named == []
