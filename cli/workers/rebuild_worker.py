"""A process beside a rebuild that fills parts of the new version: `python -m cli.workers.rebuild_worker`.

It is told what to fill and then part after part; it ends with whoever started it.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Final

from cli.workers.garbage_collection import unhurried
from cli.workers.parent_death_signal import end_with_parent
from cli.workers.pipes import receive, send
from cli.workers.process_pool import ChildEndedError, worker_process
from projections.rebuilding.filling import Filled, PositionRange
from projections.rebuilding.workers import FillTask, FillWorker, in_process, open_worker

_LARGE: Final = 50_000
"""Positions of the log from which on another process pays."""
_MOST: Final = 4


@asynccontextmanager
async def beside(task: FillTask) -> AsyncIterator[Sequence[FillWorker]]:
    """Yield a lane in this process, or one in each of as many others as there are cores where the log is long."""
    count = min(_MOST, os.cpu_count() or 1)
    if task.until < _LARGE or count == 1:
        async with in_process(task) as lanes:
            yield lanes
        return
    with ExitStack() as stack:
        yield [stack.enter_context(_filler(task)) for _ in range(count)]


@contextmanager
def _filler(task: FillTask) -> Iterator[FillWorker]:
    with worker_process("cli.workers.rebuild_worker", task) as ask:

        async def fill(span: PositionRange) -> Filled:
            answer = await asyncio.to_thread(ask, span)
            if not isinstance(answer, Filled):
                raise ChildEndedError
            return answer

        yield fill


async def _work() -> None:
    task = receive(sys.stdin.buffer)
    if not isinstance(task, FillTask):
        return
    async with open_worker(task) as fill:
        while isinstance(span := await asyncio.to_thread(receive, sys.stdin.buffer), PositionRange):
            send(sys.stdout.buffer, await fill(span))


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    unhurried()
    asyncio.run(_work())
