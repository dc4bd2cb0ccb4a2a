"""A copy stands by: helpers begin at once, do as a fresh child does, and nothing outlives its caller.

Tried in processes of their own: the suite's process has threads and connections, and makes no copy of itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from duikou.kernel import standby
from duikou.kernel.beside import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux")
BEGIN = """
import json, os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django; django.setup()
from django.conf import settings
from django.utils import translation
from duikou.kernel import standby, trace
from duikou.kernel.beside import Beside
from duikou.kernel.errors import Forbidden
from duikou.kernel.tests.test_beside import counting, refusing, telling
def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
def tell(**found):
    print(json.dumps(found), flush=True)
"""


def started(script: str, home: Path) -> subprocess.Popen[str]:
    """A process of its own that runs the script."""
    environment = {**os.environ, "DUIKOU_HOME": str(home)}
    command = [sys.executable, "-c", BEGIN + textwrap.dedent(script)]
    return subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def told(script: str, home: Path) -> dict[str, object]:
    """What the script tells in the end."""
    with started(script, home) as process:
        said, _errors = process.communicate(timeout=60)
    assert process.returncode == 0
    return dict(json.loads(said))


def gone(pid: int) -> bool:
    """Whether a process has ended, waiting a little for it."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
    return False


def test_a_forked_helper_does_what_a_fresh_one_does(tmp_path):
    script = """
        trace.request_id.set("r1")
        with standby.kept(), translation.override("en"):
            settings.DATABASES["default"]["NAME"] = "elsewhere"
            with Beside(counting) as many, Beside(telling) as one:
                forked = many._child.pid
                told = list(one.start())
                same = list(many.start(500)) == list(counting(500))
            errors = []
            for kind in ("forbidden", "dies"):
                try:
                    list(Beside(refusing).start(kind))
                except Exception as error:
                    errors.append(type(error).__name__)
            tell(same=same, told=told[:2], other=int(told[2]) != os.getpid(), errors=errors, left=alive(forked))
        assert standby.forked() is None
    """
    assert told(script, tmp_path) == {
        "same": True,
        "told": ["en", "elsewhere"],
        "other": True,
        "errors": ["Forbidden", "Lost"],
        "left": False,
    }


def test_a_helper_ends_when_nobody_wants_more_and_the_copy_with_its_block(tmp_path):
    script = """
        with standby.kept():
            copy = standby._kept._pid
            child = Beside(counting).start(10**9)
            next(child)
            pid = child._child.pid
            before = alive(pid)
            child.close()
        tell(before=before, copy=copy, pid=pid)
    """
    found = told(script, tmp_path)
    assert found["before"]
    assert gone(int(str(found["pid"])))
    assert gone(int(str(found["copy"])))


@pytest.mark.parametrize("whose", ["caller", "copy"])
def test_a_kill_takes_along_whoever_worked_for_the_killed(tmp_path, whose):
    script = """
        with standby.kept():
            child = Beside(counting).start(10**9)
            next(child)
            tell(caller=os.getpid(), copy=standby._kept._pid, pid=child._child.pid)
            sys.stdin.read()
    """
    process = started(script, tmp_path)
    assert process.stdout is not None
    try:
        found = json.loads(process.stdout.readline())
        os.kill(found[whose], signal.SIGKILL)
        assert gone(found["copy"])
        assert gone(found["pid"])
    finally:
        process.kill()
        process.communicate()


def test_without_its_copy_a_process_starts_fresh_helpers(tmp_path):
    script = """
        import signal
        with standby.kept():
            os.kill(standby._kept._pid, signal.SIGKILL)
            with Beside(counting) as child:
                fresh = type(child._child).__name__
                tell(fresh=fresh, items=len(list(child.start(3))))
    """
    assert told(script, tmp_path) == {"fresh": "Popen", "items": 3}


def test_a_process_with_threads_makes_no_copy_of_itself():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with standby.kept():
            assert standby.forked() is None
    finally:
        stop.set()
        thread.join()


@pytest.mark.django_db
def test_inside_a_transaction_no_copy_is_made():
    with standby.kept():
        assert standby.forked() is None
