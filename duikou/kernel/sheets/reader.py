"""The child process of `ahead`: reads one sheet of one workbook and sends its rows in frames, then ends."""

from __future__ import annotations

import pickle
import sys
from itertools import islice

from django.conf import settings

FRAME = 2_000
"""Rows in one frame: the caller works on one while the next is being read."""


def main() -> None:
    """Take the order from standard input, answer on standard output."""
    # Refusals are worded by the caller, in its reader's language; here they only need to be raised.
    settings.configure(USE_I18N=False)
    from duikou.kernel.sheets.ahead import send  # noqa: PLC0415 - after the settings
    from duikou.kernel.sheets.errors import BadFile  # noqa: PLC0415
    from duikou.kernel.sheets.xlsx import Workbook  # noqa: PLC0415

    path, part, limits = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - written by our own parent
    answer = sys.stdout.buffer
    try:
        with Workbook(path, limits) as book:
            rows = book.rows(part)
            while frame := list(islice(rows, FRAME)):
                send(answer, "rows", frame)
        send(answer, "rows", None)
    except BadFile as bad:
        send(answer, "bad", (bad.cause, bad.details))
    except BrokenPipeError:  # the caller has had enough
        sys.stderr.close()


if __name__ == "__main__":
    main()
