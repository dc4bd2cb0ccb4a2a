"""Writers of SQLite queue, and nobody comes back before those who wait."""

import threading

import pytest

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
