"""What stands in the address of the list and cannot be read is named; no count pretends otherwise."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "nonesuch"),
        ("programme", "nonesuch"),
        ("state", "nonesuch"),
        ("group", "nonesuch"),
        ("pairing", "nonesuch"),
        ("clause", "9.9.9"),
        ("region", "阿特兰蒂斯"),
        ("year", "unknowable"),
        ("visibility", "nonesuch"),
        ("amount_of", "nonesuch"),
        ("year_from", "很早"),
    ],
)
def test_an_unknown_value_is_named_and_nothing_is_counted(client_for, coordinator, name, value):
    page = client_for(coordinator).get("/projects/", {name: value})
    text = page.content.decode()
    assert page.status_code == 400
    assert f"“{value}”" in text
    assert "dk-toolbar-text" not in text or "个项目" not in text.split("dk-toolbar-text")[1][:200]


@pytest.mark.parametrize("region", ["\x00", "2" * 61, "😀", "\u202e", "210000 OR 1=1", "②①00"])
def test_an_odd_region_gets_the_page_with_the_reason(client_for, coordinator, region):
    page = client_for(coordinator).get("/projects/", {"region": region})
    assert page.status_code == 400
    assert "筛选条件有误" in page.content.decode()


def test_the_workbook_of_an_unreadable_address_is_refused_with_the_value(client_for, coordinator):
    answer = client_for(coordinator).get("/projects/export/", {"kind": "nonesuch"})
    assert answer.status_code == 400
    assert "“nonesuch”" in answer.content.decode()
