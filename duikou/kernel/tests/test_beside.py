"""Work in a child process: the same items, the same errors, and nothing left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from duikou.kernel.beside import Beside, Lost, can_see
from duikou.kernel.errors import Forbidden
from duikou.kernel.sheets import BadFile, Cause


def counting(upto: int) -> Iterator[tuple[int, str]]:
    """Numbers with a text beside them, from whichever process runs this."""
    for number in range(upto):
        yield number, "甲" * 1000


def telling() -> Iterator[str]:
    """What the child believes of its surroundings."""
    os.write(1, b"said aloud\n")
    yield translation.get_language() or ""
    yield str(settings.DATABASES["default"]["NAME"])
    yield str(os.getpid())


def refusing(kind: str) -> Iterator[int]:
    """One item, then an error."""
    yield 1
    if kind == "bad":
        raise BadFile(Cause.TOO_MANY_ROWS, sheet="项目", limit=3)
    if kind == "forbidden":
        raise Forbidden("没有权限")
    if kind == "dies":
        os._exit(3)
    raise type("Odd", (Exception,), {})("不能旅行")


def children() -> int:
    """How many children of ours work beside this process (as /proc tells)."""
    found = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            found += parent == os.getpid() and b"kernel.beside_child" in (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
    return found


def test_a_child_yields_what_the_generator_yields():
    with Beside(counting) as apart, Beside(counting, apart=False) as here:
        assert list(apart.start(500)) == list(here.start(500))
    assert children() == 0


def test_a_child_knows_the_language_and_the_database_and_keeps_prints_out_of_its_answer():
    with translation.override("en"), Beside(telling) as child:
        language, database, pid = child.start()
    assert (language, database) == ("en", str(settings.DATABASES["default"]["NAME"]))
    assert pid != str(os.getpid())


def test_a_child_ends_when_nobody_wants_more():
    child = Beside(counting).start(10**9)
    assert next(child)[0] == 0
    assert children() == 1
    child.close()
    assert children() == 0
    assert list(child) == []


def test_a_dropped_iterator_takes_its_child_along():
    child = Beside(counting).start(10**9)
    next(child)
    del child
    assert children() == 0


@pytest.mark.parametrize("apart", [True, False])
def test_errors_travel_with_their_words(apart):
    with Beside(refusing, apart=apart).start("bad") as child, pytest.raises(BadFile) as refused:
        list(child)
    assert refused.value.cause is Cause.TOO_MANY_ROWS
    assert "项目" in refused.value.message
    with Beside(refusing, apart=apart).start("forbidden") as child, pytest.raises(Forbidden, match="没有权限"):
        list(child)


def test_an_error_that_cannot_travel_comes_as_words_and_a_dead_child_as_lost():
    with Beside(refusing).start("odd") as child, pytest.raises(Lost, match="不能旅行"):
        list(child)
    with Beside(refusing).start("dies") as child, pytest.raises(Lost):
        list(child)
    assert children() == 0


def test_a_child_does_not_run_far_ahead_of_its_reader(tmp_path):
    mark = tmp_path / "mark"
    with Beside(noting).start(str(mark)) as child:
        next(child)
        time.sleep(0.3)
        assert len(mark.read_bytes()) <= 8


def noting(path: str) -> Iterator[bytes]:
    """Large items, each noted in a file as it is made."""
    for _number in range(100):
        with open(path, "ab") as out:  # noqa: PTH123 - the simplest append
            out.write(b".")
        yield b"x" * 1_000_000


@pytest.mark.django_db
def test_inside_a_transaction_a_child_would_not_see_the_same():
    assert not can_see()


def test_a_child_that_is_not_needed_after_all_is_ended():
    with Beside(counting) as child:
        while not child.is_ready():
            pass
        assert children() == 1
    with Beside(counting):
        pass
    assert children() == 0
