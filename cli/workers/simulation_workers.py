"""Workers that run simulations: always processes of their own, so that the server goes on answering."""

import logging
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Final

from application.ports import Unavailable
from application.simulation.request import SimulationRequest
from application.simulation.runner import LogPart, PartWorker, WorkerPool, run_part
from application.simulation.tally import Tally
from cli.workers.process_pool import async_process_pool
from store.simulation_source import open_case_source

LARGE: Final = 40_000
"""Positions of the log from which on several processes pay."""
_MOST: Final = 8
_log: Final = logging.getLogger(__name__)


def cores() -> int:
    """Return how many processes run a simulation over a long log: one a core."""
    return min(_MOST, os.cpu_count() or 1)


def simulation_workers(url: str, count: Callable[[], int] = cores, large: int = LARGE) -> WorkerPool:
    """Return what opens the workers of a simulation over a database.

    A log of at least `large` positions has as many workers as `count` says, a shorter one has one.
    """

    def workers(request: SimulationRequest) -> AbstractAsyncContextManager[Sequence[PartWorker]]:
        return _opened(url, request, count() if request.position >= large else 1)

    return workers


@asynccontextmanager
async def _opened(url: str, request: SimulationRequest, count: int) -> AsyncIterator[Sequence[PartWorker]]:
    with async_process_pool(count, partial(_open_worker, url, request)) as run_in_child:

        async def run(part: LogPart) -> Sequence[Tally]:
            try:
                return await run_in_child(part)
            except Exception as error:
                _log.error("a simulation worker failed: %s", type(error).__name__)
                raise Unavailable("a process that ran cases failed") from error

        yield [run] * count


@asynccontextmanager
async def _open_worker(url: str, request: SimulationRequest) -> AsyncIterator[PartWorker]:
    """Open a worker's source of cases, in its own process."""
    async with open_case_source(url) as source:
        context = await source.context(request.position)

        async def run(part: LogPart) -> Sequence[Tally]:
            return await run_part(source, context, request, part)

        yield run
