"""A process beside a simulation that runs parts of the log: `python -m cli.workers.simulation_worker`.

It is told the database and the question, and then part after part; it ends with whoever started it.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from typing import Final

from application.ports import Unavailable
from application.simulation.request import SimulationRequest
from application.simulation.runner import LogPart, PartWorker, WorkerPool, run_part
from application.simulation.tally import Tally
from cli.workers.garbage_collection import unhurried
from cli.workers.parent_death_signal import end_with_parent
from cli.workers.pipes import receive, send
from cli.workers.process_pool import ChildEndedError, worker_process
from store.simulation_source import open_case_source

LARGE: Final = 40_000
"""Positions of the log from which on another process pays."""
_MOST: Final = 8


def cores() -> int:
    """Return how many processes a long log is run by: as many as there are cores."""
    return min(_MOST, os.cpu_count() or 1)


def lanes_beside(url: str, count: Callable[[], int] = cores, large: int = LARGE) -> WorkerPool:
    """Return what runs questions over a database in processes of their own, never in this one.

    A log of at least `large` positions is run by as many as `count` says, a shorter one by one.
    """

    def lanes(question: SimulationRequest) -> AbstractAsyncContextManager[Sequence[PartWorker]]:
        return _beside(url, question, count() if question.position >= large else 1)

    return lanes


@asynccontextmanager
async def _beside(url: str, question: SimulationRequest, count: int) -> AsyncIterator[Sequence[PartWorker]]:
    with ExitStack() as stack:
        yield [stack.enter_context(_simulator(url, question)) for _ in range(count)]


@contextmanager
def _simulator(url: str, question: SimulationRequest) -> Iterator[PartWorker]:
    with worker_process("cli.workers.simulation_worker", url, question) as ask:

        async def run(part: LogPart) -> Sequence[Tally]:
            try:
                answer = await asyncio.to_thread(ask, part)
            except ChildEndedError as error:
                raise Unavailable("a process that ran cases ended") from error
            if not isinstance(answer, list):
                raise Unavailable("a process that ran cases answered something else")
            return answer

        yield run


async def _work() -> None:
    url, question = receive(sys.stdin.buffer), receive(sys.stdin.buffer)
    if not isinstance(url, str) or not isinstance(question, SimulationRequest):
        return
    async with open_case_source(url) as archive:
        context = await archive.context(question.position)
        while isinstance(part := await asyncio.to_thread(receive, sys.stdin.buffer), LogPart):
            send(sys.stdout.buffer, await run_part(archive, context, question, part))


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    unhurried()
    asyncio.run(_work())
