"""Long work over many rows without the collector walking through everything that was there before."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def settled() -> Iterator[None]:
    """Set what exists now aside from cyclic collection while the block runs; what the block makes is collected still.

    The registry of applications, translations and places is a million objects that live as long as the process; going
    through them again and again was a sixth of an import's time.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
