"""How often a process searches for garbage. Requests and rows come and go without leaving any: cycles are few here."""

import gc
from typing import Final

_NEW_OBJECTS: Final = 50_000
_GENERATIONS: Final = (20, 50)


def collect_garbage_rarely() -> None:
    """Leave what was imported out of every search, and search seldom: it took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *_GENERATIONS)
