"""Kinds and helpers of this room's tests."""

import pytest

from duikou.flow import models, selectors
from duikou.flow.models import registry
from duikou.flow.services.inbox import To, item_open
from duikou.flow.states import MailMode
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
