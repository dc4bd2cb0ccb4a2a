"""The table of every address × role: `tests/urls.toml`. An address missing from it fails, and so does one that is gone.

`DUIKOU_URL_TABLE=write pytest tests/test_urls.py` rewrites the table from what the addresses answer; the diff is for
the reviewer. A status of 500 or more is never accepted, written or not.
"""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from duikou.kernel import worker
from tests import arguments
from tests.addresses import Address, walk

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("urls.toml")
WRITE = os.environ.get("DUIKOU_URL_TABLE") == "write"
PEOPLE = (
    "anonymous",
    "coordinator",
    "cadre_authority",
    "ministry",
    "shenyang_editor",
    "shenyang_lead",
    "dalian_editor",
    "cadre_officer",
    "unit",
    "member",
    "auditor",
    "operator",
)
ADDRESSES = {address.name: address for address in walk()}


def _table() -> dict[str, dict[str, int]]:
    return tomllib.loads(TABLE.read_text()) if TABLE.exists() else {}


def test_the_table_names_every_address_and_no_other():
    if WRITE:
        pytest.skip("the table is being written")
    known = _table()
    assert sorted(ADDRESSES.keys() - known.keys()) == [], "addresses missing from tests/urls.toml"
    assert sorted(known.keys() - ADDRESSES.keys()) == [], "addresses in tests/urls.toml that are gone"


def test_no_two_addresses_share_a_name():
    names = Counter((address.name, address.parameters) for address in walk())
    assert [name for (name, _), count in names.items() if count > 1] == []


@pytest.fixture
def world(request, client_for):
    """The cast signed in, what the addresses speak of, and a worker that is alive."""
    worker.beat(worker.new_worker_id())
    people = {name: request.getfixturevalue(name) for name in PEOPLE}
    return {name: client_for(person) for name, person in people.items()}, arguments.made(people)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_every_role_gets_the_answer_of_the_table(name, world, db):
    clients, known = world
    address = _address(ADDRESSES[name], known)
    found = {person: _status(clients[person], address) for person in PEOPLE}
    broken = {person: status for person, status in found.items() if status >= 500}
    assert not broken, f"{address} answers {broken}"
    if WRITE:
        _write(name, found)
        return
    entry = _table().get(name)
    assert entry is not None, f"{name} ({address}) is missing from tests/urls.toml; it answers {found}"
    expected = {person: entry.get(person, entry["all"]) for person in PEOPLE}
    assert found == expected, f"{address}"


def _address(address: Address, known: dict[str, object]) -> str:
    if address.name.startswith("("):
        assert not address.parameters, f"{address.name} needs a name"
        return address.route
    return reverse(address.name, kwargs=arguments.of(address, known)) if address.parameters else reverse(address.name)


def _status(client: Client, address: str) -> int:
    client.raise_request_exception = False
    return int(client.get(address).status_code)


def _write(name: str, found: dict[str, int]) -> None:
    usual = Counter(status for person, status in found.items() if person != "anonymous").most_common(1)[0][0]
    entry = {"all": usual, **{person: status for person, status in found.items() if status != usual}}
    table = {key: value for key, value in {**_table(), name: entry}.items() if key in ADDRESSES}
    lines = [
        f'"{key}" = {{ {", ".join(f"{person} = {status}" for person, status in value.items())} }}'
        for key, value in sorted(table.items())
    ]
    head = "# Every address × role: `all`, and whoever differs. Rewritten by DUIKOU_URL_TABLE=write; read the diff.\n"
    TABLE.write_text(head + "\n".join(lines) + "\n")
