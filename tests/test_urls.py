"""The table of every address × role: `tests/urls.toml`. An address missing from it fails, and so does one that is gone.

`DUIKOU_URL_TABLE=write pytest tests/test_urls.py` rewrites the table from what the addresses answer; the diff is for
the reviewer. Addresses that take only POST are asked with an empty one. A status of 500 or more is never accepted,
written or not.
"""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from duikou.kernel import worker
from tests import arguments
from tests.addresses import Address, walk

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("urls.toml")
WRITE = os.environ.get("DUIKOU_URL_TABLE") == "write"
PEOPLE = ("anonymous", *arguments.PEOPLE)
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


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_answers_as_the_table_says(person, request, client_for):
    worker.beat(worker.new_worker_id())
    people = {name: request.getfixturevalue(name) for name in PEOPLE}
    client, known = client_for(people[person]), arguments.made(people)
    table, wrong = _table(), []
    for number, (name, address) in enumerate(sorted(ADDRESSES.items())):
        url = _address(address, known)
        if connection.vendor != "sqlite" and (number + PEOPLE.index(person)) % 3 and not WRITE:
            continue  # who may do what does not hang on the database: there every third person asks, in turn
        status = _status(client, url)
        expected = table.get(name, {}).get(person, table.get(name, {}).get("all"))
        if status >= 500 or (status != expected and not WRITE):
            wrong.append(f"{name}: {url} answers {status}, the table says {expected}")
        elif WRITE:
            _write(name, person, status)
    assert wrong == []


def _address(address: Address, known: dict[str, object]) -> str:
    if address.name.startswith("("):
        assert not address.parameters, f"{address.name} needs a name"
        return address.route
    return reverse(address.name, kwargs=arguments.of(address, known)) if address.parameters else reverse(address.name)


def _status(client: Client, address: str) -> int:
    """What a GET gets; where only POST is known, what an empty POST gets. Nothing that it changes stays."""
    client.raise_request_exception = False
    with transaction.atomic():
        status = int(client.get(address).status_code)
        if status == 405:
            status = int(client.post(address).status_code)
        transaction.set_rollback(True)
    return status


def _write(name: str, person: str, status: int) -> None:
    table = {key: value for key, value in _table().items() if key in ADDRESSES}
    known = {one: table.get(name, {}).get(one, table.get(name, {}).get("all", status)) for one in PEOPLE}
    known[person] = status
    usual = Counter(status for one, status in known.items() if one != "anonymous").most_common(1)[0][0]
    table[name] = {"all": usual, **{one: status for one, status in known.items() if status != usual}}
    lines = [
        f'"{key}" = {{ {", ".join(f"{person} = {status}" for person, status in value.items())} }}'
        for key, value in sorted(table.items())
    ]
    head = "# Every address × role: `all`, and whoever differs. Rewritten by DUIKOU_URL_TABLE=write; read the diff.\n"
    TABLE.write_text(head + "\n".join(lines) + "\n")
