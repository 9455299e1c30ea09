"""How often a process looks for garbage. Requests and rows leave few cycles, so that it rarely has to."""

import gc
from typing import Final

_NEW_OBJECTS: Final = 50_000
_GENERATIONS: Final = (20, 50)


def collect_garbage_rarely() -> None:
    """Exempt everything imported so far from collection, and collect rarely: it took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *_GENERATIONS)
