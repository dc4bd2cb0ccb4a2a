"""Organisations to work on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from duikou.access.models import Organisation
from duikou.programme.models import Region


@pytest.fixture
def shenyang(db: None, coordinator: Any) -> Region:
    """The region 沈阳市."""
    return Region.objects.get(adcode="210100")


@pytest.fixture
def firm(shenyang: Region) -> Callable[..., Organisation]:
    """Makes an enterprise in 沈阳市."""

    def make(name: str = "沈阳铁西重工有限公司", **facts: Any) -> Organisation:
        return Organisation.objects.create(**{"name": name, "kind": "enterprise", "region": shenyang, **facts})

    return make
