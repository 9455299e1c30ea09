"""A process beside a rebuild that fills parts of the new version: `python -m cli.filler`.

It is told what to fill and then part after part; it ends with whoever started it.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from cli.child import end_with_parent
from cli.garbage import unhurried
from cli.pipes import receive, send
from projections.rebuilding.filling import Filled, Span
from projections.rebuilding.lanes import Lane, Task, here, lane

_HOUSE: Final = Path(__file__).parents[1]
_LARGE: Final = 50_000
"""Positions of the log from which on another process pays."""
_MOST: Final = 4


class FillerEndedError(RuntimeError):
    """The child is gone."""


@asynccontextmanager
async def beside(task: Task) -> AsyncIterator[Sequence[Lane]]:
    """Yield a lane in this process, or one in each of as many others as there are cores where the log is long."""
    count = min(_MOST, os.cpu_count() or 1)
    if task.until < _LARGE or count == 1:
        async with here(task) as lanes:
            yield lanes
        return
    with ExitStack() as stack:
        yield [stack.enter_context(_filler(task)) for _ in range(count)]


@contextmanager
def _filler(task: Task) -> Iterator[Lane]:
    command = [sys.executable, "-m", "cli.filler", str(os.getpid())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_HOUSE) as child:

        def ask(span: Span) -> Filled:
            if child.stdin is None or child.stdout is None:
                raise FillerEndedError
            send(child.stdin, span)
            answer = receive(child.stdout)
            if not isinstance(answer, Filled):
                raise FillerEndedError
            return answer

        async def fill(span: Span) -> Filled:
            return await asyncio.to_thread(ask, span)

        try:
            if child.stdin is not None:
                send(child.stdin, task)
            yield fill
        finally:
            child.kill()


async def _work() -> None:
    task = receive(sys.stdin.buffer)
    if not isinstance(task, Task):
        return
    async with lane(task) as fill:
        while isinstance(span := await asyncio.to_thread(receive, sys.stdin.buffer), Span):
            send(sys.stdout.buffer, await fill(span))


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    unhurried()
    asyncio.run(_work())
