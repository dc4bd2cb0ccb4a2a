"""Long work over many rows without the collector walking through everything that was there before."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (50_000, 20, 50)
"""A batch of rows is tens of thousands of records without circles, all alive until it is written: looking through them
every 700 new ones, as the collector does by itself, was a tenth of a dry run."""


@contextmanager
def settled() -> Iterator[None]:
    """Set what exists now aside from cyclic collection while the block runs; what the block makes is collected, seldom.

    What stands after set-up (a hundred thousand objects: applications, addresses, translations) lives as long as the
    process; going through it again and again was a sixth of an import's processor time (docs/bench.md).
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
