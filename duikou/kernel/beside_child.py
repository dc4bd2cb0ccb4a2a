"""The child's side of `beside`: takes its order on one pipe, answers in frames on another."""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
from importlib import import_module
from typing import IO, Any

from duikou.kernel import trace
from duikou.kernel.heap import settled

LENGTH = 8
IN_FLIGHT = 3
"""Items a child keeps ready beyond the one in the pipe: enough to bridge uneven work, few enough to stay small."""


class Lost(Exception):
    """The child ended without saying why (killed, out of memory); its standard error tells more."""


def read_frame(stream: IO[bytes]) -> tuple[str, Any]:
    """What the child says next: ready, item, error or end, and the content; raises `Lost`."""
    head = stream.read(LENGTH)
    size = int.from_bytes(head, "big") if len(head) == LENGTH else 0
    body = stream.read(size) if size else b""
    if not size or len(body) != size:
        raise Lost("a child process ended before its work did")
    kind, content = pickle.loads(body)  # noqa: S301 - written by our own child
    return kind, content


def main() -> None:
    """A fresh interpreter: the order comes on standard input, the answer goes to what was standard output."""
    answer = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever prints must not break the frames
    serve(sys.stdin.buffer, answer)


def serve(order: IO[bytes], answer: IO[bytes]) -> None:
    """Set up, do the work that is asked for, answer with all it yields."""
    frames: queue.Queue[bytes | None] = queue.Queue(IN_FLIGHT)
    writing = threading.Thread(target=_write, args=(frames, answer), daemon=True)
    writing.start()
    try:
        _set_up(pickle.load(order))  # noqa: S301 - written by our own parent
        module, name = pickle.load(order)  # noqa: S301 - written by our own parent
        work: Any = import_module(module)
        for part in name.split("."):
            work = getattr(work, part)
        frames.put(_packed("ready", None))
        args = pickle.load(order)  # noqa: S301 - written by our own parent
        with settled():
            for item in work(*args):
                frames.put(_packed("item", item))
        frames.put(_packed("end", None))
    except EOFError:  # nobody wants the work any more
        pass
    except Exception as error:  # noqa: BLE001 - raised again by the parent
        frames.put(_packed("error", _portable(error)))
    frames.put(None)
    writing.join()


def _set_up(setting: dict[str, Any]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = setting["module"]
    from django.conf import settings  # noqa: PLC0415 - the parent says which

    settings.HOME = setting["home"]
    for alias, name in setting["databases"].items():
        settings.DATABASES[alias]["NAME"] = name
    import django  # noqa: PLC0415
    from django.apps import apps  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    if not apps.ready:
        django.setup()
    if setting["language"]:
        translation.activate(setting["language"])
    else:
        translation.deactivate()
    trace.request_id.set(setting["request"])


def _packed(kind: str, content: Any) -> bytes:
    body = pickle.dumps((kind, content), protocol=pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(LENGTH, "big") + body


def _portable(error: Exception) -> Exception:
    """The error itself where it can travel, else its words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - any reason not to travel
        return Lost(f"{type(error).__name__}: {error}")
    return error


def _write(frames: queue.Queue[bytes | None], answer: IO[bytes]) -> None:
    try:
        while (body := frames.get()) is not None:
            view = memoryview(body)
            while view:
                view = view[answer.write(view) :]
    except BrokenPipeError:  # the caller has had enough
        os._exit(0)
