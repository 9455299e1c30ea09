"""Workers that fill the new version of a read model: processes of their own where the log is long."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from cli.workers.process_pool import async_process_pool
from projections.rebuilding.workers import Lane, Task, in_process, open_worker

_LARGE: Final = 50_000
"""Positions of the log from which on processes of their own pay."""
_MOST: Final = 4


@asynccontextmanager
async def rebuild_workers(task: Task) -> AsyncIterator[Sequence[Lane]]:
    """Yield one worker in this process, or one process a core where the log is long."""
    count = min(_MOST, os.cpu_count() or 1)
    if task.until < _LARGE or count == 1:
        async with in_process(task) as workers:
            yield workers
        return
    with async_process_pool(count, partial(open_worker, task)) as fill:
        yield [fill] * count
