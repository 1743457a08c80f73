"""Fewer looks for garbage while mail is sent, and while tips are derived by a command.

A window of mail makes some ten thousand small objects and drops them all again, without a circle among them; Python's
collector, which looks for circles, is called by every 700 that are alive and walks over them in vain.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS_BETWEEN_LOOKS = 200_000


@contextmanager
def fewer_collections() -> Iterator[None]:
    """For as long as the block; circles that do arise are still found, only later."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
