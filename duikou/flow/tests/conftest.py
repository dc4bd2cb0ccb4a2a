"""Kinds and helpers of this room's tests."""

import pytest

from duikou.flow import models, selectors
from duikou.flow.models import registry
from duikou.flow.services.inbox import To, item_open
from duikou.flow.states import STEP_LATE, STEP_WAITS, MailMode
from duikou.flow.tests import papers as made
from duikou.kernel.actor import Actor

JOB = Actor.job("test")
TITLE = "%(region)s退回了计划"


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Three kinds: a duty, an ordinary one, and one that mails at once."""
    monkeypatch.setattr(registry, "_kinds", {})
    models.register(models.Kind("test.duty", "职责", is_duty=True, mail=MailMode.NOW))
    models.register(models.Kind("test.thing", "事情", mail=MailMode.NOW))
    models.register(models.Kind("test.quiet", "小事"))
    models.register(models.Kind(STEP_WAITS, "会签", is_duty=True))
    models.register(models.Kind(STEP_LATE, "逾期", is_duty=True))
    selectors.forget_days()
    yield
    selectors.forget_days()


@pytest.fixture
def opened():
    """Open an item for somebody."""

    def make(key="k", to=None, kind="test.thing", **more):
        given = {"url": "/projects/1/", "title": TITLE, "params": {"region": "沈阳"}, **more}
        return item_open(actor=JOB, key=key, kind=kind, to=to or To(), **given)

    return make


@pytest.fixture
def papers(monkeypatch):
    """Things that go through routes."""
    from duikou.flow.models import routes_registry

    found = made.Papers()
    monkeypatch.setitem(routes_registry._subjects, made.KIND, found.subject())
    return found


@pytest.fixture
def sides(db):
    """沈阳 and 北京."""
    from duikou.programme.models import Region

    return {"first": Region.objects.get(adcode="210100"), "second": Region.objects.get(adcode="110000")}


@pytest.fixture
def start(db, papers, sides):
    """Send a paper on a made-up route."""
    from duikou.flow.services.routes import run_start
    from duikou.programme.models import Route
    from duikou.programme.selectors import programme_at

    programme = programme_at("northeast-east-2017")

    def send(person, definition, number="1"):
        clause = programme.clause_set.get(code="4.2")
        route, _new = Route.objects.update_or_create(
            programme=programme,
            code="made_up",
            defaults={"title": "流程", "title_en": "Route", "clause": clause, "definition": definition},
        )
        subject = made.ref(number)
        return run_start(
            actor=person.actor, route=route, subject=subject, parties=sides, digest="d0", programme=programme
        )

    return send
