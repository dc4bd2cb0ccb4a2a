"""Writers of SQLite queue, and nobody comes back before those who wait."""

import threading

import pytest
from django.db import ConnectionHandler, OperationalError

from duikou.kernel.sqlite.turn import Turn, TurnTimeout


def test_a_turn_is_held_by_one_and_given_on(tmp_path):
    path = str(tmp_path / "db")
    one, two = Turn(path, 5), Turn(path, 0.01)
    one.take()
    one.take()
    with pytest.raises(TurnTimeout):
        two.take()
    one.give()
    one.give()
    two.take()
    two.close()
    one.take()
    one.close()


def test_a_busy_writer_does_not_pass_those_who_wait(tmp_path):
    path = str(tmp_path / "db")
    counts = [0] * 4
    inside, start, stop = [], threading.Barrier(4), threading.Event()
    work = threading.Event()

    def write(number):
        turn = Turn(path, 20)
        start.wait()
        while not stop.is_set():
            turn.take()
            inside.append(number)
            assert len(inside) == 1
            counts[number] += 1
            work.wait(0.001)
            inside.pop()
            turn.give()
            if max(counts) >= 150:
                stop.set()
        turn.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert min(counts) >= max(counts) / 4


def test_a_single_write_outside_a_transaction_queues_too_and_reading_does_not(tmp_path, django_db_blocker):
    known = {"ENGINE": "duikou.kernel.sqlite", "NAME": str(tmp_path / "db"), "OPTIONS": {"timeout": 0.05}}
    one = ConnectionHandler({"default": known})["default"]
    other = Turn(str(tmp_path / "db"), 5)
    with django_db_blocker.unblock(), one.cursor() as cursor:
        cursor.execute("CREATE TABLE t (x)")
        cursor.execute("INSERT INTO t VALUES (1)")
        other.take()
        with pytest.raises(OperationalError, match="locked"):
            cursor.execute("UPDATE t SET x = 2")
        assert cursor.execute("SELECT x FROM t").fetchall() == [(1,)]
        other.give()
        cursor.execute("UPDATE t SET x = 3")
        other.take()
        assert cursor.execute("SELECT x FROM t").fetchall() == [(3,)]
        other.close()
        one.close()
