"""The cast: the same people in every room's tests.

Shenyang (沈阳) and Beijing (北京) are a pairing; Dalian (大连) is a stranger to both. `member` and `other_member` are
enterprises of 齐齐哈尔 and 广州. A person is an account in one post.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from duikou.kernel.actor import Actor
from tests import installation
from tests.query_counts import query_counts
from tests.world import kept_world, world_keep, world_restore

__all__ = ["query_counts"]
PASSWORD = "duikou-2017-demo"


PROCESSES = {"installation", "fresh", "of_world"}
"""Names under which a test module starts the product in processes of its own, on the database under test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database-only`: for the second database, what the first run has proved without any is not proved again."""
    parser.addoption("--database-only", action="store_true", help="leave out tests that touch no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--database-only`, let go of rules, sheets, texts and whatever else never asks a database."""
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if _touches_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _touches_database(item)])
    items[:] = kept


def _touches_database(item: Any) -> bool:
    asked = {"db", "transactional_db", "own_database"} & set(item.fixturenames)
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("journey")
    return bool(asked or marked or PROCESSES & set(vars(item.module)))


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """A fresh checkout has no compiled texts; they are made once, before any worker of the test run starts."""
    if not hasattr(config, "workerinput"):
        from config.messages import compile_changed

        compile_changed()


@dataclass(frozen=True)
class Person:
    """An account in one post (`membership` is None for nobody in particular)."""

    account: Any = None
    membership: Any = None

    @property
    def actor(self) -> Actor:
        """Who this person acts as."""
        from duikou.access.selectors import actor_of_membership

        return actor_of_membership(self.membership) if self.membership else Actor.anonymous()

    @property
    def organisation(self) -> Any:
        """The organisation of the post."""
        return self.membership.organisation


@pytest.fixture
def own_database(tmp_path: Path) -> Iterator[str]:
    """The address of a database of the kind under test, with its tables and nothing else, for processes that commit."""
    with installation.database(tables=True) as address:
        if not address:
            installation.tables_copy(tmp_path / "own.sqlite3")
        yield address or f"sqlite:///{tmp_path / 'own.sqlite3'}"


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """The programme and the cast stand in the database once, for all tests; on SQLite also from run to run."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    verbosity = request.config.option.verbose
    kept = kept_world() if connection.vendor == "sqlite" else None
    with django_db_blocker.unblock():
        if kept is not None and kept.exists():
            connection.settings_dict["TEST"]["MIGRATE"] = False
            databases = setup_databases(verbosity=verbosity, interactive=False)
            world_restore(connection, kept)
        else:
            databases = setup_databases(verbosity=verbosity, interactive=False)
            _world()
            if kept is not None:
                world_keep(connection, kept)
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=verbosity)


def _world() -> None:
    """Load regions, the 2017 programme and the demonstration's people; what is there already is left alone."""
    from duikou.access.models import Account

    if Account.objects.filter(username="coordinator").exists():
        return
    _programme()
    from duikou.access.services.demonstration import demonstration_seed

    demonstration_seed(actor=Actor.command("tests"))


def _programme() -> None:
    from django.conf import settings

    from duikou.programme.services.industry_load import industries_load
    from duikou.programme.services.pack_load import programme_load

    actor = Actor.command("tests")
    industries_load(actor=actor)
    programme_load(actor=actor, folder=settings.PACKS / "northeast-east-2017")


def _cast(username: str) -> Any:
    @pytest.fixture
    def person(db: None) -> Person:
        from duikou.access.models import Membership

        _world()
        membership = (
            Membership.objects.select_related("account", "organisation", "region")
            .filter(account__username=username)
            .order_by("id")
            .first()
        )
        assert membership is not None
        return Person(membership.account, membership)

    return person


coordinator = _cast("coordinator")
cadre_authority = _cast("cadre")
ministry = _cast("ministry")
shenyang_editor = _cast("shenyang")
shenyang_lead = _cast("shenyang-lead")
beijing_editor = _cast("beijing")
beijing_lead = _cast("beijing-lead")
dalian_editor = _cast("two-posts")
dalian_lead = _cast("dalian-lead")
cadre_officer = _cast("heilongjiang-cadre")
unit = _cast("unit")
member = _cast("member")
other_member = _cast("guangzhou-member")
auditor = _cast("auditor")
operator = _cast("operator")


@pytest.fixture
def anonymous() -> Person:
    """Nobody in particular."""
    return Person()


@pytest.fixture
def client_for() -> Callable[[Person], Client]:
    """A browser in which the person is signed in, in that post."""

    def sign_in(person: Person) -> Client:
        client = Client()
        if person.account is not None:
            client.force_login(person.account, backend="allauth.account.auth_backends.AuthenticationBackend")
            session = client.session
            session["membership_id"] = person.membership.pk
            session.save()
        return client

    return sign_in


@pytest.fixture
def actor_of() -> Callable[[Person], Actor]:
    """The actor that a person acts as."""
    return lambda person: person.actor
